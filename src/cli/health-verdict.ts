import type { Finding } from "../parity/model.ts";
import { findingsOf, lagOf, unreadOf, type PassReport } from "../reconcile/report.ts";
import { pauseText } from "../reconcile/held-back.ts";
import type { Pause } from "../store/store.ts";
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

/**
 * A registry down, a gap older than allowed or a conflict is critical; healing under way, a young gap or drift is a warning. Of a paused topology
 * nobody is to be called: only its numbers tell.
 */
export function judgeHealth(
  report: PassReport,
  limits: Settings["health"],
  {
    healing,
    pause,
    now,
  }: { readonly healing: boolean; readonly pause: Pause | undefined; readonly now: number },
): Health {
  const findings = findingsOf(report.content);
  const { tags: lagTags, oldestAt = now } = lagOf(report.content);
  const lagSeconds = Math.round(Math.max(0, now - oldestAt) / 1000);
  const seen = { report, findings, lagTags, lagSeconds, limits, healing };
  const [state, reason] =
    pause === undefined
      ? (firstOf(seen, CHECKS) ?? ["OK", inStepText(report)])
      : (["OK", pauseText(pause)] as const);
  return {
    name: report.topology,
    state,
    reason,
    lagTags,
    lagSeconds,
    unreachable: report.unreachable.length,
  };
}

interface Seen {
  readonly report: PassReport;
  readonly findings: readonly Finding[];
  readonly lagTags: number;
  readonly lagSeconds: number;
  readonly limits: Settings["health"];
  readonly healing: boolean;
}

type Judgement = readonly [HealthState, string];
type Check = (seen: Seen) => Judgement | undefined;

function firstOf(seen: Seen, checks: readonly Check[]): Judgement | undefined {
  for (const check of checks) {
    const judgement = check(seen);
    if (judgement !== undefined) return judgement;
  }
  return undefined;
}

const NEEDS_A_PERSON: ReadonlySet<string> = new Set(["conflict", "regressed", "rewound", "overlap"]);

/** The worst comes first: what holds first is what is said. */
const CHECKS: readonly Check[] = [
  ({ report }) => (report.failure === undefined ? undefined : ["UNKNOWN", report.failure.message]),
  ({ report: { unreachable } }) => {
    const [down] = unreachable;
    return down === undefined
      ? undefined
      : ["CRITICAL", `${down.registry} could not be read: ${down.error.message}`];
  },
  ({ findings }) => {
    const undecided = findings.filter(({ kind }) => NEEDS_A_PERSON.has(kind));
    const [first] = undecided;
    if (first === undefined) return undefined;
    const example = `${first.repository}:${first.tag} among them (${first.kind})`;
    return ["CRITICAL", `${undecided.length} tags need a decision, ${example}`];
  },
  (seen) => (isBehind(seen, seen.limits.criticalSeconds) ? ["CRITICAL", behind(seen)] : undefined),
  ({ report }) => {
    const [unread] = unreadOf(report.content);
    if (unread === undefined) return undefined;
    return ["UNKNOWN", `${unread.subject} on ${unread.registry} could not be read: ${unread.error.message}`];
  },
  (seen) => (isBehind(seen, seen.limits.warnSeconds) ? ["WARNING", behind(seen)] : undefined),
  (seen) => {
    if (!seen.healing) return undefined;
    return ["WARNING", `healing is under way${seen.lagTags > 0 ? `, ${behind(seen)}` : ""}`];
  },
  ({ report }) =>
    report.configuration?.settled === false ? ["WARNING", "configuration is not as declared"] : undefined,
  (seen) => {
    if (seen.findings.every(({ notice }) => notice)) return undefined;
    return ["WARNING", seen.lagTags > 0 ? behind(seen) : "not everything is settled"];
  },
];

function isBehind({ lagTags, lagSeconds }: Seen, limitSeconds: number): boolean {
  return lagTags > 0 && lagSeconds >= limitSeconds;
}

function behind({ lagTags, lagSeconds }: Seen): string {
  return `${lagTags} tags behind, the oldest for ${durationText(lagSeconds * 1000)}`;
}

function inStepText({ content }: PassReport): string {
  const tags = content?.pairs.reduce((sum, { inStep }) => sum + inStep, 0) ?? 0;
  const [zombie, ...others] = content?.zombies ?? [];
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `in step, ${tags} tags equal${zombie === undefined ? "" : `; ${zombie}${more}`}`;
}
