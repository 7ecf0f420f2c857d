import type { PassReport } from "../reconcile/report.ts";
import { unreadOf } from "../reconcile/report.ts";

/** The contract with scripts. Where several apply, the first of 78, 1, 2, 0 counts. */
export const EXIT = { ok: 0, error: 1, notInStep: 2, usage: 64, invalid: 78, interrupted: 130 } as const;

/** Nagios' words as exit codes, for `health` alone. */
export const HEALTH_EXIT = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;

/** For `reconcile` and `heal`: an unreadable registry is "not in step" as long as another could be worked on. */
export function exitOfPasses(reports: readonly PassReport[]): number {
  if (reports.some(({ verdict }) => verdict === "error")) return EXIT.error;
  return reports.every(({ verdict }) => verdict === "in-step") ? EXIT.ok : EXIT.notInStep;
}

/** For `plan` and `diff`: what could not be read is an error, since looking is all they do. */
export function exitOfLooking(reports: readonly PassReport[]): number {
  const blind = reports.some(
    ({ unreachable, content }) => unreachable.length > 0 || unreadOf(content).length > 0,
  );
  return blind ? EXIT.error : exitOfPasses(reports);
}
