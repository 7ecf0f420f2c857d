import { describe, expect, test } from "vitest";
import type { UploadCrossing } from "../../src/cluster/evidence.ts";
import { proveUploads } from "../../src/probe/proofs/uploads.ts";
import { makeRig } from "./proof-rig.ts";

const seen = (rows: readonly UploadCrossing[]): Record<string, unknown[]> =>
  Object.fromEntries(
    rows.map(({ from, to, begin, status, chunk, finish }) => [
      `${from} ${to}`,
      [begin, status, chunk, finish].map((step) => (step?.code === "" ? step.status : step?.code)),
    ]),
  );
const GOOD = [202, 204, 202, 201];

describe("uploads", () => {
  test("are gone on with by any node of a sound cluster", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    const { rows } = await proveUploads(rig.context, rig.signal);
    expect(rows).toHaveLength(9);
    expect(Object.values(seen(rows))).toEqual(rows.map(() => GOOD));
    expect(rig.objects().repositories).toEqual([]);
  });

  test("are told apart: another secret, and another storage", async () => {
    for (const [fault, code, lastsMs] of [
      ["upload-secret", "BLOB_UPLOAD_INVALID", 2000],
      ["storage", "BLOB_UPLOAD_UNKNOWN", 12_000],
    ] as const) {
      const rig = makeRig();
      rig.cluster.break(fault);
      const before = rig.clock.now();
      const { rows } = await proveUploads(rig.context, rig.signal);
      const bad = [202, code, undefined, undefined];
      expect(seen(rows)).toEqual({ "n1 n1": GOOD, "n1 n2": bad, "n2 n1": bad, "n2 n2": GOOD });
      expect(rig.clock.now() - before).toBeLessThanOrEqual(lastsMs);
      expect(rig.clock.now() - before).toBeGreaterThan(lastsMs - 1000);
    }
  });

  test("are waited for where storage shows late what was written", async () => {
    const rig = makeRig();
    rig.cluster.visibility(() => 800);
    const { rows } = await proveUploads(rig.context, rig.signal);
    expect(Object.values(seen(rows)).filter(([, status]) => status !== 204)).toEqual([]);
    const crossed = rows.filter(({ from, to }) => from !== to);
    for (const { rightAfterMs } of crossed) expect(rightAfterMs).toBeGreaterThanOrEqual(800);
  });
});
