import { describe, expect, it } from "vitest";
import type { EndpointPing } from "../../src/cluster/evidence.ts";
import { provePings } from "../../src/probe/proofs/pings.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, PROJECT, robotAccount, ROBOT_RIGHTS, sees, type ProofRig } from "./proof-rig.ts";

const ways = (pings: readonly EndpointPing[]): string[] =>
  pings.map(({ madeBy, askedOf, answer }) => `${madeBy} ${askedOf} ${answer.status}`);

describe("pings", () => {
  it.each(["2.1", "2.7", "2.9", "2.14"] as const)(
    "go through on every node of a sound %s",
    async (profile) => {
      const rig = makeRig({ profile });
      const { pings, skipped } = await provePings(rig.context, rig.signal);
      expect(skipped).toEqual([]);
      expect(ways(pings)).toEqual(["n1 n1 200", "n1 n2 200", "n2 n2 200", "n2 n1 200"]);
      expect(await rig.cleanUp()).toEqual([]);
      expect(rig.objects()).toEqual({ endpoints: [], policies: [], robots: [], repositories: [] });
    },
  );

  it("are not tried, and make nothing, where one node alone is left", async () => {
    const rig = makeRig();
    const alone = { ...rig.context, nodes: rig.context.nodes.slice(0, 1) };
    const reason = "there is no second node to ask";
    expect(await provePings(alone, rig.signal)).toEqual({
      pings: [],
      skipped: [{ proof: "ping", nodes: [], reason }],
    });
    expect(rig.objects()).toEqual({ endpoints: [], policies: [], robots: [], repositories: [] });
  });

  it("fail on a node that reads the secret with another key, and on the others for what it stored", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    rig.cluster.break("secretkey", { node: "n2" });
    const { pings } = await provePings(rig.context, rig.signal);
    const wrong = pings.filter(({ answer }) => answer.status !== 200);
    expect(ways(wrong)).toEqual(["n1 n2 400", "n2 n1 400", "n2 n3 400", "n3 n2 400"]);
    expect(wrong.map(({ answer }) => answer.text)).toEqual(wrong.map(() => "the registry is unhealthy"));
    expect(pings).toHaveLength(9);
    // what is undecipherable can be removed all the same
    expect(await rig.cleanUp()).toEqual([]);
  });

  it.each(["redis", "csrf-key", "job-secret", "jobservice-down", "token-key"] as const)(
    "say nothing of %s",
    async (fault) => {
      const rig = makeRig();
      rig.cluster.break(fault);
      const { pings } = await provePings(rig.context, rig.signal);
      expect(ways(pings)).toEqual(["n1 n1 200", "n1 n2 200", "n2 n2 200", "n2 n1 200"]);
    },
  );

  it("are kept apart as far as was asked for, also when one takes seconds", async () => {
    const rig = makeRig({ limits: { pingGapMs: 10_000 } });
    rig.cluster.break("secretkey");
    const { pings } = await provePings(rig.context, rig.signal);
    const ends = pings.map(({ at, answer }) => at + answer.tookMs);
    for (const [index, { at }] of pings.slice(1).entries())
      expect(at - ends[index]!).toBeGreaterThanOrEqual(10_000);
  });

  it("log in as a robot of the probe, marked as ours, that can do nothing elsewhere", async () => {
    const rig = makeRig();
    await provePings(rig.context, rig.signal);
    const { label } = rig.context;
    expect(rig.objects().robots).toEqual([`robot$${PROJECT}+${label}`]);
    const node = rig.cluster.nodes[0]!;
    const [robot] = rowsOf(ask(node, "GET", "/api/v2.0/robots").body);
    expect(robot?.["description"]).toContain("(installation here)");
    expect(robot?.["permissions"]).toEqual([
      {
        kind: "project",
        namespace: PROJECT,
        access: [
          { resource: "repository", action: "pull" },
          { resource: "repository", action: "push" },
        ],
      },
    ]);
    const endpoints = rowsOf(ask(node, "GET", "/api/v2.0/registries").body);
    expect(endpoints.map((one) => one["name"])).toEqual([
      `tidelock.ha.probe-${label}-1`,
      `tidelock.ha.probe-${label}-2`,
    ]);
    expect(endpoints.map((one) => one["url"])).toEqual([rig.cluster.front.url, rig.cluster.front.url]);
  });

  it("never show the cluster a wrong password of a person", async () => {
    const rig = makeRig();
    rig.cluster.break("secretkey");
    await provePings(rig.context, rig.signal);
    // a locked name would be refused for a moment even with the right password
    for (const node of rig.cluster.nodes) {
      expect(ask(node, "GET", "/api/v2.0/users/current").status).toBe(200);
    }
  });

  it("lead to a node where no front is declared", async () => {
    const rig = makeRig({ withFront: false });
    const { pings } = await provePings(rig.context, rig.signal);
    expect(pings.filter(({ answer }) => answer.status !== 200)).toEqual([]);
    const urls = rowsOf(ask(rig.cluster.nodes[0]!, "GET", "/api/v2.0/registries").body).map(
      (one) => one["url"],
    );
    expect(urls).toEqual([rig.cluster.nodes[0]!.url, rig.cluster.nodes[0]!.url]);
  });

  it("of a node that can't reach the cluster from inside are left out, and told as that", async () => {
    const rig = makeRig();
    const [n1, n2] = rig.context.nodes;
    const cutOff = sees(n2!, ({ path, method }) =>
      path.endsWith("/registries") && method === "POST" ? { status: 500 } : undefined,
    );
    const { pings, skipped } = await provePings({ ...rig.context, nodes: [n1!, cutOff] }, rig.signal);
    expect(ways(pings)).toEqual(["n1 n1 200", "n1 n2 200"]);
    expect(skipped).toEqual([expect.objectContaining({ proof: "ping", nodes: ["n2"] })]);
    expect(skipped[0]?.reason).toMatch(/n2 can't reach the cluster from inside.*500/);
    expect(await rig.cleanUp()).toEqual([]);
  });

  it("are asked for by id only where the node shows our endpoint under it", async () => {
    const rig = makeRig();
    rig.cluster.break("database");
    const foreign = { name: "theirs", url: rig.cluster.front.url, type: "harbor", credential: {} };
    ask(rig.cluster.node("n2"), "POST", "/api/v2.0/registries", { body: foreign });
    const { pings, skipped } = await provePings(rig.context, rig.signal);
    expect(pings.filter(({ madeBy, askedOf }) => madeBy !== askedOf)).toEqual([]);
    expect(skipped.length).toBeGreaterThan(0);
    await rig.cleanUp();
    expect(rig.objects("n2").endpoints).toEqual(["theirs"]);
  });

  it("stand in no row with a secret, nor is one told", async () => {
    const rig = makeRig();
    rig.cluster.break("secretkey");
    const rows = JSON.stringify(await provePings(rig.context, rig.signal));
    expect(rig.hidden.length).toBe(2);
    for (const secret of rig.hidden) expect(rows + rig.told.join()).not.toContain(secret);
  });

  it("leave nothing behind when they are stopped anywhere", async () => {
    const whole = makeRig();
    await provePings(whole.context, whole.signal);
    const requests = requestsOf(whole);
    for (let after = 0; after < requests; after++) {
      const rig = makeRig();
      const stop = new AbortController();
      let left = after;
      const nodes = rig.context.nodes.map((node) =>
        sees(node, () => {
          if (left-- === 0) stop.abort(new Error("stopped"));
          return undefined;
        }),
      );
      await expect(provePings({ ...rig.context, nodes }, stop.signal)).rejects.toThrow(/stopped/);
      expect(await rig.cleanUp()).toEqual([]);
      expect(rig.objects()).toEqual({ endpoints: [], policies: [], robots: [], repositories: [] });
    }
  });
});

describe("pings with a robot's account", () => {
  it("need rights on endpoints, and on robots of the project", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount });
    const { pings, skipped } = await provePings(rig.context, rig.signal);
    expect(skipped).toEqual([]);
    expect(ways(pings)).toEqual(["n1 n1 200", "n1 n2 200", "n2 n2 200", "n2 n1 200"]);
    expect(await rig.cleanUp()).toEqual([]);
    expect(rig.objects()).toMatchObject({ endpoints: [], robots: [] });
  });

  it("use that robot itself where it may make none", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount, without: ROBOT_RIGHTS });
    rig.cluster.break("secretkey");
    const { pings } = await provePings(rig.context, rig.signal);
    expect(ways(pings)).toEqual(["n1 n1 200", "n1 n2 400", "n2 n2 200", "n2 n1 400"]);
    expect(rig.objects().robots).toEqual([]);
    expect(rig.told.join()).toMatch(/the declared robot is used/);
    const leftBehind = await rig.cleanUp();
    expect(leftBehind).toEqual([]);
  });

  it("are left out without the right to make endpoints, which is named", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount, without: ["registry:create"] });
    const { pings, skipped } = await provePings(rig.context, rig.signal);
    expect(pings).toEqual([]);
    expect(skipped).toEqual([expect.objectContaining({ proof: "ping", nodes: [] })]);
    expect(skipped[0]?.reason).toMatch(/registry:create/);
    expect(await rig.cleanUp()).toEqual([]);
  });
});

function rowsOf(body: unknown): Record<string, unknown>[] {
  return Array.isArray(body) ? (body as Record<string, unknown>[]) : [];
}

function requestsOf({ context }: ProofRig): number {
  return context.nodes.reduce((sum, node) => sum + node.requestCount(), 0);
}
