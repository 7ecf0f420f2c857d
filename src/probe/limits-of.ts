import type { ProbeLimits } from "../cluster/report.ts";
import type { ProbeSettings } from "../topology/model.ts";

/** A wrong password locks an account for 1.5 s at each try (goharbor/harbor src/core/auth/authenticator.go), so pings keep their distance. */
const PING_GAP_MS = 10_000;
/** Enough that a node that spoils every job it runs is met, where jobs are spread at all evenly. */
const EXECUTIONS = 8;

/** The bounds of a probe as declared; `rounds` is what a person asked for. */
export function limitsOf(settings: ProbeSettings, form: "small" | "full", rounds?: number): ProbeLimits {
  return {
    rounds: rounds ?? settings.rounds[form],
    visibleWithinMs: settings.visibleWithinMs,
    giveUpMs: settings.giveUpMs,
    pingGapMs: PING_GAP_MS,
    executions: EXECUTIONS,
  };
}
