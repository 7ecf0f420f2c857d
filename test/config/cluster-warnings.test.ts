import { expect, test } from "vitest";
import { declaredFrom } from "./declare.ts";

/** What is warned of a cluster that is declared beside a registry `p` and a selection. */
async function warnings({
  url = "https://10.0.0.1",
  content = "{ projects: [x] }",
  cluster = "front: { url: https://front.test }",
  node = "https://10.0.0.1",
} = {}): Promise<string[]> {
  const { warnings: found } = await declaredFrom(`
registries:
  p: { url: ${url}, username: x, password: y, replicationAccount: { username: z, password: y } }
  q: { url: https://elsewhere.test, username: x, password: y, replicationAccount: { username: z, password: y } }
topologies:
  - { name: t, kind: dual-master, registries: [p, q], content: ${content} }
  - name: ha
    kind: shared-storage
    account: { username: x, password: y }
    nodes: { n1: { url: "${node}" }, n2: { url: https://10.0.0.2 } }
    ${cluster}`);
  return found.map(({ path, message, hint }) => `${path}: ${message} (${hint ?? ""})`);
}

test("a registry behind the front of a cluster is what is meant", async () => {
  expect(await warnings({ url: "https://front.test" })).toEqual([]);
});

test("a registry that is one node goes away with it", async () => {
  expect(await warnings()).toEqual([
    "registries.p.url: leads to n1, one node of the cluster ha, and away when that node is (write https://front.test, the front of it)",
  ]);
  expect(await warnings({ cluster: "" })).toEqual([
    expect.stringContaining("(give it the address that clients use)") as string,
  ]);
});

test("a selection that covers the project of probes is told, where its registries are not known to be the cluster", async () => {
  const found = await warnings({ url: "https://other.test", content: "{}" });
  expect(found).toEqual([
    expect.stringMatching(
      /^topologies\[0\]\.content: covers tidelock-probe, the project that the cluster ha is probed in: images/,
    ) as string,
  ]);
});

test("what is open is told of nodes and fronts as it is of registries", async () => {
  const open = await warnings({
    url: "https://other.test",
    node: "http://10.0.0.1",
    cluster: "front: { url: http://front.test }\n    insecureSkipVerify: true",
  });
  expect(open.map((text) => text.split(" ")[0])).toEqual(
    expect.arrayContaining([
      "topologies[1].nodes.n1.url:",
      "topologies[1].front.url:",
      "topologies[1].insecureSkipVerify:",
    ]),
  );
  expect(open).toHaveLength(3);
  expect(
    await warnings({ url: "https://other.test", node: "http://127.0.0.1:8080", cluster: "mode: act" }),
  ).toEqual([]);
});
