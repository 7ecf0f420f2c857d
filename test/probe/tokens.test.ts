import { describe, expect, test } from "vitest";
import type { TokenUse } from "../../src/cluster/evidence.ts";
import { proveTokens } from "../../src/probe/proofs/tokens.ts";
import { makeRig } from "./proof-rig.ts";

const seen = (rows: readonly TokenUse[]): Record<string, [number, number | undefined]> =>
  Object.fromEntries(
    rows.map(({ from, to, answer, acceptedAfterMs }) => [`${from} ${to}`, [answer.status, acceptedAfterMs]]),
  );
const YES = [200, undefined];
const NO = [401, undefined];

describe("tokens", () => {
  test("are taken by every node of a sound cluster, and name one key", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    const { rows, skipped } = await proveTokens(rig.context, rig.signal);
    expect(skipped).toEqual([]);
    expect(rows).toHaveLength(9);
    expect(Object.values(seen(rows))).toEqual(rows.map(() => YES));
    expect(new Set(rows.map(({ keyId }) => keyId)).size).toBe(1);
    expect(rows.every(({ issuedAt, notBefore }) => issuedAt !== undefined && notBefore !== undefined)).toBe(
      true,
    );
    expect(rig.hidden.length).toBe(1 + 3);
  });

  test("are refused by the others where the key is another, and not waited for", async () => {
    const rig = makeRig();
    rig.cluster.break("token-key");
    const before = rig.clock.now();
    const { rows } = await proveTokens(rig.context, rig.signal);
    expect(seen(rows)).toEqual({ "n1 n1": YES, "n1 n2": NO, "n2 n1": NO, "n2 n2": YES });
    expect(new Set(rows.map(({ keyId }) => keyId)).size).toBe(2);
    expect(rig.clock.now()).toBe(before);
  });

  test.each([2000, 5000])(
    "of a node that is %i ms ahead count once it is that late elsewhere",
    async (byMs) => {
      const rig = makeRig();
      rig.cluster.break("clock", { byMs });
      const { rows } = await proveTokens(rig.context, rig.signal);
      const { "n2 n1": late, ...others } = seen(rows);
      expect(others).toEqual({ "n1 n1": YES, "n1 n2": YES, "n2 n2": YES });
      expect(late?.[0]).toBe(401);
      expect(late?.[1]).toBeGreaterThan(byMs - 1000);
      expect(late?.[1]).toBeLessThanOrEqual(byMs + 1500);
    },
  );

  test("of a node that is far ahead are not waited for", async () => {
    const rig = makeRig();
    rig.cluster.break("clock", { byMs: 600_000 });
    const before = rig.clock.now();
    expect(seen((await proveTokens(rig.context, rig.signal)).rows)["n2 n1"]).toEqual(NO);
    expect(rig.clock.now()).toBe(before);
  });
});
