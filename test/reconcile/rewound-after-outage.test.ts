import { expect, test } from "vitest";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { findings, Scene } from "../support/scene.ts";

/** Both hold two projects; then `a` comes back from a backup without the two newest artifacts of one of them. */
async function rewound(profile: ProfileName): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: profile, b: profile }, front: "memory" });
  await scene.pass();
  const a = scene.sandbox("a");
  for (const project of ["team", "other"]) a.push(`${project}/app`, "old");
  await scene.rest();
  await scene.pass();
  const backup = a.faults.backup();
  for (const tag of ["v1", "v2"]) a.push("team/app", tag);
  await scene.rest();
  expect((await scene.pass()).verdict).toBe("in-step");
  await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from: scene.clock.now() });
  a.faults.restore(backup);
  return scene;
}

test.each(["2.9", "2.14"] as const)(
  "a log with a gap explains nothing, also where it is read before anything is listed (%s)",
  async (profile) => {
    await using scene = await rewound(profile);
    const a = scene.sandbox("a");
    // The log is as old as the backup; what a purge left of it, and what came since, can't tell that.
    scene.clock.advance(60_000);
    a.purgeAudit(0);
    a.push("other/app", "younger");
    await scene.rest();
    const report = await scene.pass();
    expect(report.content?.rewound).toMatchObject([{ registry: "a", project: "team" }]);
    expect(findings(report)).toEqual(["rewound team/app:v1", "rewound team/app:v2"]);
    expect(report.verdict).toBe("not-in-step");
    expect(scene.sandbox("a").tags().get("team/app")?.has("v1")).toBe(false);
  },
);
