import { describe, expect, test } from "vitest";
import {
  clusterHealthJson,
  clusterHealthLine,
  judgeCluster,
  type ClusterSeen,
} from "../../src/cli/cluster-health.ts";
import { AppError } from "../../src/errors.ts";
import type { KeptProbe } from "../../src/probe/probe-json.ts";

const AT = Date.UTC(2026, 0, 1);
const SOUND: KeptProbe & { readonly at: number } = {
  form: "small",
  sound: true,
  faults: [],
  untested: ["secretkey"],
  p95Ms: 12.4,
  at: AT,
};
const FAULTY = { ...SOUND, sound: false, faults: [{ name: "token-key", nodes: ["n2"] }] };

function judged(seen: Partial<ClusterSeen>) {
  return judgeCluster({
    name: "ha",
    probe: SOUND,
    standing: [],
    failure: undefined,
    pause: undefined,
    visibleWithinMs: 2_000,
    ...seen,
  });
}

describe("a cluster is", () => {
  test("OK where the last probe was sound; what it can't tell is only named", () => {
    const health = judged({});
    expect(clusterHealthLine(health, 2_000)).toBe(
      "OK - ha: sound, visible on every node after 12 ms (p95) (small form); not tested: secretkey | faults=0 untested=1 visibility_p95=12ms;2000",
    );
    expect(clusterHealthJson(health)).toMatchObject({
      state: "OK",
      faults: [],
      untested: ["secretkey"],
      visibilityP95Ms: 12.4,
      probedAt: "2026-01-01T00:00:00.000Z",
    });
  });

  test("CRITICAL where the last probe found a fault", () => {
    expect(judged({ probe: FAULTY })).toMatchObject({
      state: "CRITICAL",
      reason: "faulty: token-key at n2",
      faults: ["token-key"],
    });
  });

  test("CRITICAL as long as a fault of a full probe was not disproved, which a small one can't do", () => {
    expect(judged({ standing: ["secretkey"] })).toMatchObject({
      state: "CRITICAL",
      reason: "faulty: secretkey (found before, not disproved since)",
      faults: ["secretkey"],
      untested: [],
    });
    expect(judged({ probe: FAULTY, standing: ["token-key"] }).reason).toBe("faulty: token-key at n2");
  });

  test("CRITICAL rather than UNKNOWN where a fault is known and probing fails", () => {
    const failure = new AppError("HARBOR_FORBIDDEN", "not allowed");
    expect(judged({ failure, standing: ["redis"] }).state).toBe("CRITICAL");
    expect(judged({ failure })).toMatchObject({
      state: "UNKNOWN",
      reason: "could not be probed: not allowed",
    });
    expect(judged({ probe: undefined })).toMatchObject({ state: "UNKNOWN", reason: "was never probed" });
  });

  test("CRITICAL where no node answers", () => {
    const failure = new AppError("HARBOR_UNREACHABLE", "probing failed: no node answers");
    expect(judged({ failure, probe: undefined })).toMatchObject({
      state: "CRITICAL",
      reason: "probing failed: no node answers",
    });
  });

  test("WARNING where content comes late", () => {
    expect(judged({ probe: { ...SOUND, p95Ms: 3_200 } })).toMatchObject({
      state: "WARNING",
      reason: "what one node took is seen on others only after 3200 ms (p95)",
    });
  });

  test("OK during planned maintenance, with the numbers as they are", () => {
    const health = judged({ probe: FAULTY, pause: { name: "ha", from: AT } });
    expect(health).toMatchObject({
      state: "OK",
      reason: "paused until tidelock resume ha",
      faults: ["token-key"],
    });
  });
});
