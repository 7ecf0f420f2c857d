import { describe, expect, test } from "vitest";
import { exitOfLooking, exitOfPasses } from "../../src/cli/exit-codes.ts";
import { AppError } from "../../src/errors.ts";
import type { PassReport, Verdict } from "../../src/reconcile/report.ts";

function report(verdict: Verdict, more: Partial<PassReport> = {}): PassReport {
  return {
    topology: "east",
    kind: "dual-master",
    startedAt: 0,
    finishedAt: 0,
    unreachable: [],
    remedies: [],
    warnings: [],
    proven: verdict === "in-step",
    verdict,
    ...more,
  };
}

const AWAY = [{ registry: "a", error: new AppError("HARBOR_UNREACHABLE", "away") }];

describe("where several topologies differ, an error counts before not in step, and that before in step", () => {
  test.each<[readonly Verdict[], number]>([
    [[], 0],
    [["in-step"], 0],
    [["in-step", "not-in-step"], 2],
    [["not-in-step", "error", "in-step"], 1],
    [["error", "not-in-step"], 1],
  ])("%j → %i", (verdicts, code) => {
    const reports = verdicts.map((verdict) => report(verdict));
    expect([exitOfPasses(reports), exitOfLooking(reports)]).toEqual([code, code]);
  });
});

test("an unreadable registry beside one that could be worked on is 2 for those who act, 1 for those who look", () => {
  const reports = [report("not-in-step", { unreachable: AWAY })];
  expect([exitOfPasses(reports), exitOfLooking(reports)]).toEqual([2, 1]);
});
