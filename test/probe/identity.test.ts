import { describe, expect, test } from "vitest";
import { seeAccount } from "../../src/probe/account.ts";
import { proveIdentity } from "../../src/probe/proofs/identity.ts";
import { proveReach, readHealthAgain } from "../../src/probe/proofs/reach.ts";
import { makeRig, robotAccount } from "./proof-rig.ts";
import { changed } from "./probe-rig.ts";

const HOUR = 3_600_000;

describe("what a node is", () => {
  test.each(["2.1", "2.7", "2.9", "2.14"] as const)("is told by a Harbor %s", async (profile) => {
    const rig = makeRig({ profile });
    rig.cluster.break("clock", { byMs: 5000 });
    const { rows } = await proveIdentity(rig.context, rig.signal);
    const [n1, n2] = rows;
    expect({ ...n1, node: "n2", clock: undefined }).toEqual({ ...n2, clock: undefined });
    for (const [row, ahead] of [
      [n1, 0],
      [n2, 5000],
    ] as const) {
      expect(row?.probeProject).toMatchObject({ id: 2 });
      expect(row?.library).toMatchObject({ id: 1 });
      expect(row?.realm).toBe(`${rig.cluster.front.url}/service/token`);
      expect(Math.abs((row?.clock?.aheadMs ?? HOUR) - ahead)).toBeLessThanOrEqual(
        row?.clock?.uncertainMs ?? 0,
      );
      // By whole seconds of a token, where Harbor tells no time.
      expect(row?.clock?.uncertainMs).toBe(profile === "2.1" ? 500 : 1);
    }
  });

  test("has its clock read without the half of the way", async () => {
    const rig = makeRig();
    const slow = rig.context.nodes.map((node) =>
      changed(node, async (_request, ask) => {
        await rig.clock.sleep(300);
        const answer = await ask();
        await rig.clock.sleep(300);
        return { ...answer, sentAt: answer.sentAt - 300, tookMs: answer.tookMs + 600 };
      }),
    );
    const { rows } = await proveIdentity({ ...rig.context, nodes: slow.slice(0, 1) }, rig.signal);
    expect(Math.abs(rows[0]?.clock?.aheadMs ?? HOUR)).toBeLessThanOrEqual(1);
    expect(rows[0]?.clock?.uncertainMs).toBe(301);
  });
});

describe("the account", () => {
  test("is a person or a robot, however robots are named there", async () => {
    const person = makeRig();
    expect(await seeAccount(person.context.nodes, person.signal)).toEqual({ kind: "person", admin: true });
    const robot = makeRig({ profile: "2.14", account: robotAccount });
    expect(await seeAccount(robot.context.nodes, robot.signal)).toEqual({ kind: "robot", admin: false });
  });

  test("is taken for what the first node says that takes it", async () => {
    const rig = makeRig();
    rig.cluster.break("core-down", { node: "n1" });
    expect(await seeAccount(rig.context.nodes, rig.signal)).toEqual({ kind: "person", admin: true });
  });
});

describe("health", () => {
  test("is asked for again once Harbor must have noticed", async () => {
    const rig = makeRig();
    const since = rig.clock.monotonic();
    rig.cluster.break("registryctl-down");
    const { rows } = await proveReach(rig.context, rig.signal);
    expect(rows.map(({ health }) => health?.["registryctl"])).toEqual(["healthy", "healthy"]);
    const again = await readHealthAgain(rows, rig.context, since, rig.signal);
    expect(rig.clock.monotonic() - since).toBe(11_000);
    expect(again.map(({ health }) => health?.["registryctl"])).toEqual(["healthy", "unhealthy"]);
    await readHealthAgain(rows, rig.context, since, rig.signal);
    expect(rig.clock.monotonic() - since).toBe(11_000);
  });
});
