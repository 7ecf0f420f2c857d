import { describe, expect, test } from "vitest";
import { evidenceFor, type SideSituation } from "../../src/failback/evidence.ts";
import { hangsWithoutTasks, isFinal } from "../../src/failback/executions.ts";
import type { Execution } from "../../src/observed/model.ts";
import type { SideReading } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

const MINUTE = 60_000;
const SETTLE = 4 * MINUTE;
const NOW = 100 * MINUTE;

function execution(more: Partial<Execution>): Execution {
  return {
    id: 1,
    policyId: 1,
    state: "running",
    trigger: "event_based",
    startedAt: NOW,
    text: "",
    total: 0,
    succeeded: 0,
    failed: 0,
    running: 0,
    stopped: 0,
    ...more,
  };
}

function situation(more: Partial<SideSituation>): SideSituation {
  return {
    now: NOW,
    clockOffsetMs: 0,
    toldAt: 0,
    outagesOfOther: [],
    executions: [],
    busyRepositories: new Set(),
    ...more,
  };
}

const pushed = (pushedAt: number): SideReading => ({ kind: "present", digest: digestOf("x"), pushedAt });
const judge = (side: SideSituation, pushedAt: number): string => {
  const evidence = evidenceFor(side, { repository: "l/a", reading: pushed(pushedAt) }, SETTLE);
  return evidence.pushedInOutage ? "lost" : evidence.inFlight;
};

describe("in flight or lost", () => {
  test("young is in flight until it settles, by that side's clock", () => {
    expect(judge(situation({}), NOW - SETTLE + 1)).toBe("young");
    expect(judge(situation({}), NOW - SETTLE)).toBe("no");
    expect(judge(situation({ clockOffsetMs: -10 * MINUTE }), NOW - 11 * MINUTE)).toBe("young");
    expect(judge(situation({ clockOffsetMs: 10 * MINUTE }), NOW + 5 * MINUTE)).toBe("no");
  });

  test("a time far ahead, left by a clock that was put right, is no youth without end", () => {
    expect(judge(situation({}), NOW + SETTLE - 1)).toBe("young");
    expect(judge(situation({}), NOW + 60 * MINUTE)).toBe("no");
  });

  test("both sides' pushes are told by our clock", () => {
    const side = situation({ clockOffsetMs: 10 * MINUTE });
    expect(evidenceFor(side, { repository: "l/a", reading: pushed(NOW) }, SETTLE).pushedAtOurs).toBe(
      NOW - 10 * MINUTE,
    );
  });

  test("older, but its repository is being copied", () => {
    expect(judge(situation({ busyRepositories: new Set(["l/a"]) }), 0)).toBe("copying");
    expect(judge(situation({ busyRepositories: new Set(["l/b"]) }), 0)).toBe("no");
  });

  test("pushed while the other side was away: lost at once", () => {
    expect(judge(situation({ outagesOfOther: [{ from: NOW - MINUTE }] }), NOW - 1)).toBe("lost");
    expect(judge(situation({ outagesOfOther: [{ from: 0, to: 5 }] }), NOW - 1)).toBe("young");
  });

  test("pushed before Harbor was told to copy, or though it never was: nobody but us will bring it", () => {
    expect(judge(situation({ toldAt: NOW - 10 }), NOW - 20)).toBe("no");
    expect(judge(situation({ toldAt: NOW - 20 }), NOW - 10)).toBe("young");
    expect(judge(situation({ toldAt: Infinity }), NOW - 10)).toBe("no");
  });

  test("followed by an event's execution that failed without tasks: lost at once", () => {
    const died = execution({ state: "failed", startedAt: NOW - 900 });
    expect(judge(situation({ executions: [died] }), NOW - 1000)).toBe("lost");
    expect(judge(situation({ executions: [died] }), NOW - 30_000)).toBe("young");
    const byHand = execution({ state: "failed", startedAt: NOW - 900, trigger: "manual" });
    expect(judge(situation({ executions: [byHand] }), NOW - 1000)).toBe("young");
    const withTask = execution({ state: "failed", startedAt: NOW - 900, total: 1, failed: 1 });
    expect(judge(situation({ executions: [withTask] }), NOW - 1000)).toBe("young");
  });
});

describe("which push an execution that died belongs to", () => {
  const copied = execution({ id: 1, state: "succeeded", startedAt: NOW - 5_000, total: 1, succeeded: 1 });
  const died = execution({ id: 2, state: "failed", startedAt: NOW - 3_000 });

  test("not to one whose own execution came before it", () => {
    expect(judge(situation({ executions: [died, copied] }), NOW - 5_050)).toBe("young");
    expect(judge(situation({ executions: [died, copied] }), NOW - 3_050)).toBe("lost");
  });

  test("not to one that was pushed seconds before it", () => {
    expect(judge(situation({ executions: [died] }), NOW - 6_000)).toBe("lost");
    expect(judge(situation({ executions: [died] }), NOW - 6_001)).toBe("young");
  });

  test("to one that another core of the cluster stamped a moment later", () => {
    expect(judge(situation({ executions: [died] }), NOW - 2_000)).toBe("lost");
    expect(judge(situation({ executions: [died] }), NOW - 1_999)).toBe("young");
  });

  test("to each of several pushed at once", () => {
    const others = [0, 1, 2].map((i) =>
      execution({ id: 3 + i, state: "failed", startedAt: NOW - 2_990 + i }),
    );
    for (const at of [NOW - 3_030, NOW - 3_020, NOW - 2_995]) {
      expect(judge(situation({ executions: [died, ...others] }), at)).toBe("lost");
    }
  });
});

describe("whether an execution is final", () => {
  test("counters decide, not the status that lags or hangs", () => {
    expect(isFinal(execution({ total: 2, succeeded: 2 }), NOW)).toBe(true);
    expect(isFinal(execution({ total: 2, succeeded: 1 }), NOW)).toBe(false);
    expect(isFinal(execution({}), NOW)).toBe(false);
    expect(isFinal(execution({ state: "failed" }), NOW)).toBe(true);
  });

  test("failed tasks are run again, so a failure is final only later", () => {
    const failed = execution({
      state: "failed",
      total: 1,
      failed: 1,
      startedAt: NOW - MINUTE,
      endedAt: NOW - 30_000,
    });
    expect(isFinal(failed, NOW)).toBe(false);
    expect(isFinal(failed, NOW + SETTLE)).toBe(true);
  });

  test("one that never got tasks hangs", () => {
    expect(hangsWithoutTasks(execution({ startedAt: NOW - 6 * MINUTE }), NOW)).toBe(true);
    expect(hangsWithoutTasks(execution({ startedAt: NOW - MINUTE }), NOW)).toBe(false);
  });
});
