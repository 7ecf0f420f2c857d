import axios from "axios";
import { afterEach, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import type { SandboxCluster } from "../../src/sandbox/cluster.ts";
import { serveSandbox, type Served } from "../../src/sandbox/http-front.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { layersOf, site } from "./cluster-rig.ts";

const served: Served[] = [];

afterEach(async () => {
  await Promise.all(served.splice(0).map((one) => one.close()));
});

async function serve(): Promise<{ cluster: SandboxCluster; n2: string; front: string }> {
  const cluster = createSandboxWorld({ clock: systemClock }).addCluster({ name: "ha", profile: "2.9" });
  for (const one of [...cluster.nodes, cluster.front]) served.push(await serveSandbox(one));
  return { cluster, n2: cluster.node("n2").url, front: cluster.front.url };
}

const login = { authorization: `Basic ${Buffer.from("admin:Harbor12345").toString("base64")}` };

it("over HTTP the front and each node answer, and the realm leads to the front", async () => {
  const { n2, front } = await serve();
  for (const url of [front, n2]) {
    const answer = await fetch(`${url}/v2/`);
    expect(answer.headers.get("www-authenticate")).toContain(`realm="${front}/service/token"`);
  }
  const begun = await fetch(`${front}/v2/library/x/blobs/uploads/`, { method: "POST", headers: login });
  expect([begun.status, begun.headers.get("location")]).toEqual([
    202,
    expect.stringContaining(`${front}/v2/`),
  ]);
  const page = await fetch(`${n2}/api/v2.0/systeminfo`, { headers: { cookie: "sid=x" } });
  expect(page.headers.getSetCookie().map((one) => one.split("=")[0])).toEqual(["_gorilla_csrf", "sid"]);
});

it("over HTTP a dead node refuses, the front hides it, and a blob that lacks is cut off", async () => {
  const { cluster, n2, front } = await serve();
  cluster.break("storage");
  const digest = cluster.node("n1").push("library/x", "v1", { seed: 1, size: 4000 });
  const manifest = await fetch(`${front}/v2/library/x/manifests/${digest}`, { headers: login });
  const { layers } = (await manifest.json()) as { layers: { digest: string; size: number }[] };
  const blob = await fetch(`${n2}/v2/library/x/blobs/${layers[0]?.digest ?? ""}`, { headers: login });
  expect([blob.status, blob.headers.get("content-length")]).toEqual([200, "4000"]);
  await expect(blob.arrayBuffer()).rejects.toThrow();
  cluster.break("core-down");
  await Promise.all(served.map((one) => one.settled()));
  await expect(fetch(`${n2}/api/v2.0/ping`)).rejects.toThrow();
  for (let at = 0; at < 3; at++) expect((await fetch(`${front}/api/v2.0/ping`)).status).toBe(200);
  cluster.break("core-down", { node: "n1" });
  expect((await fetch(`${front}/api/v2.0/ping`)).status).toBe(502);
});

it("in memory the front takes turns, and names itself where a client goes next", async () => {
  const on = site();
  const client = axios.create({ adapter: inMemoryAdapter(on.world), headers: login });
  const before = on.cluster.nodes.map((one) => one.requests.total());
  for (let at = 0; at < 4; at++) await client.get(`${on.cluster.front.url}/api/v2.0/ping`);
  expect(on.cluster.nodes.map((one, at) => one.requests.total() - (before[at] ?? 0))).toEqual([2, 2]);
  const begun = await client.post(`${on.cluster.front.url}/v2/probe/x/blobs/uploads/`);
  expect(begun.headers["location"]).toContain(`${on.cluster.front.url}/v2/`);
  const direct = await client.post(`${on.n2.url}/v2/probe/x/blobs/uploads/`, undefined, {
    headers: { Host: "hub.example.com" },
  });
  expect(direct.headers["location"]).toContain("http://hub.example.com/v2/");
});

it("in memory a body that lacks breaks off after no byte", async () => {
  const on = site();
  on.cluster.break("storage");
  const [layer = ""] = layersOf(on, on.n1.push("probe/x", "v1", { seed: 1, size: 900 }));
  const client = axios.create({ adapter: inMemoryAdapter(on.world), headers: login, responseType: "stream" });
  const answer = await client.get<AsyncIterable<Buffer>>(`${on.n2.url}/v2/probe/x/blobs/${layer}`);
  expect(answer.status).toBe(200);
  const read = async (): Promise<number> => {
    let bytes = 0;
    for await (const piece of answer.data) bytes += piece.length;
    return bytes;
  };
  await expect(read()).rejects.toThrow("aborted");
});
