import type { Finding } from "../parity/model.ts";
import { findingsOf, unreadOf, type PassReport } from "../reconcile/report.ts";
import type { Settings } from "../topology/model.ts";
import { durationText } from "./render/duration-text.ts";

export type HealthState = "OK" | "WARNING" | "CRITICAL" | "UNKNOWN";

export interface Health {
  readonly name: string;
  readonly state: HealthState;
  readonly reason: string;
  /** Tags that one side acknowledged and another one lacks: the real recovery point. */
  readonly lagTags: number;
  /** Age of the oldest of them. */
  readonly lagSeconds: number;
  readonly unreachable: number;
}

/** A registry down, a gap older than allowed or a conflict is critical; healing under way, a young gap or drift is a warning. */
export function judgeHealth(
  report: PassReport,
  limits: Settings["health"],
  healing: boolean,
  now: number,
): Health {
  const findings = findingsOf(report.content);
  const lagging = findings.filter(({ from }) => from !== undefined);
  const lagSeconds = Math.round(oldest(lagging, now) / 1000);
  const [state, reason] = verdict(report, findings, lagging.length, lagSeconds, limits, healing);
  return {
    name: report.topology,
    state,
    reason,
    lagTags: lagging.length,
    lagSeconds,
    unreachable: report.unreachable.length,
  };
}

function verdict(
  report: PassReport,
  findings: readonly Finding[],
  lagTags: number,
  lagSeconds: number,
  limits: Settings["health"],
  healing: boolean,
): [HealthState, string] {
  if (report.failure !== undefined) return ["UNKNOWN", report.failure.message];
  const [down] = report.unreachable;
  if (down !== undefined) return ["CRITICAL", `${down.registry} could not be read: ${down.error.message}`];
  const undecided = findings.filter(
    ({ kind }) => kind === "conflict" || kind === "regressed" || kind === "rewound",
  );
  const [first] = undecided;
  if (first !== undefined) {
    return [
      "CRITICAL",
      `${undecided.length} tags need a decision, ${first.repository}:${first.tag} among them (${first.kind})`,
    ];
  }
  const behind = `${lagTags} tags behind, the oldest for ${durationText(lagSeconds * 1000)}`;
  if (lagTags > 0 && lagSeconds >= limits.criticalSeconds) return ["CRITICAL", behind];
  const [unread] = unreadOf(report.content);
  if (unread !== undefined)
    return ["UNKNOWN", `${unread.subject} on ${unread.registry} could not be read: ${unread.error.message}`];
  if (lagTags > 0 && lagSeconds >= limits.warnSeconds) return ["WARNING", behind];
  if (healing) return ["WARNING", `healing is under way${lagTags > 0 ? `, ${behind}` : ""}`];
  if (report.configuration?.settled === false) return ["WARNING", "configuration is not as declared"];
  if (findings.some(({ notice }) => !notice))
    return ["WARNING", lagTags > 0 ? behind : "not everything is settled"];
  return ["OK", inStepText(report)];
}

function inStepText({ content }: PassReport): string {
  const tags = content?.pairs.reduce((sum, { inStep }) => sum + inStep, 0) ?? 0;
  return `in step, ${tags} tags equal`;
}

function oldest(findings: readonly Finding[], now: number): number {
  return Math.max(0, ...findings.map(({ pushedAt }) => (pushedAt === undefined ? 0 : now - pushedAt)));
}
