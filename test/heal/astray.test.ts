import { expect, test } from "vitest";
import { Scene, tagsOf } from "../support/scene.ts";

/** A gap from b to a, while the endpoint in b that stands for a was turned to c, which is of no concern to the topology. */
async function astray(): Promise<{ scene: Scene; pass: Scene["pass"]; foreign: Record<string, string> }> {
  const scene = await Scene.create({ registries: { a: "2.9", b: "2.9", c: "2.9" } });
  const topology = { ...scene.topology, registries: ["a", "b"] };
  await scene.pass({}, topology);
  scene.sandbox("a").push("library/app", "v1");
  scene.sandbox("c").push("library/app", "v1");
  await scene.rest();
  await scene.pass({}, topology);
  scene.sandbox("b").faults.loseNextEvents(1);
  scene.sandbox("b").push("library/app", "v1");
  await scene.rest();
  const [endpoint] = await scene.port("b").endpoints();
  if (endpoint === undefined) throw new Error("there is an endpoint");
  const turned = { ...endpoint, url: scene.sandbox("c").url, password: scene.sandbox("c").adminPassword };
  await scene.port("b").updateEndpoint(endpoint.id, turned);
  return {
    scene,
    pass: (options) => scene.pass(options, topology),
    foreign: tagsOf(scene.sandbox("c")),
  };
}

test.each(["auto", "retrigger"] as const)(
  "an endpoint that leads elsewhere is not healed through (%s)",
  async (remedy) => {
    const { scene, pass, foreign } = await astray();
    await using _ = scene;
    const report = await pass({ configure: false, remedy });
    expect(report.remedies.map(({ result }) => result)).toEqual(["withheld"]);
    expect(report.remedies[0]?.reason).toContain("b has no endpoint of ours that leads to a");
    expect(tagsOf(scene.sandbox("c"))).toEqual(foreign);
    await pass({});
    expect(tagsOf(scene.sandbox("a"))).toEqual(tagsOf(scene.sandbox("b")));
  },
);
