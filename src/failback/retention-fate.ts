import type { PatternSelector, RetentionPolicy, RetentionRule } from "../observed/model.ts";
import { compilePattern } from "../topology/doublestar.ts";

/** A tag that is about to arrive; `path` is its repository inside the project. */
export interface ArrivingTag {
  readonly path: string;
  readonly tag: string;
}

/**
 * Why a project's tag retention may remove one of these tags soon after it arrived, for each that it may; half a sentence. Rules of one policy
 * are joined by "or", and what no rule keeps goes, if any rule covers its repository (goharbor/harbor
 * src/pkg/retention/launcher.go, policy/alg/or/processor.go). A copy counts as pushed just now and as never pulled.
 */
export function retentionFates<T extends ArrivingTag>(
  policy: RetentionPolicy | undefined,
  arriving: readonly T[],
): Map<T, string> {
  const fates = new Map<T, string>();
  // Without a schedule only a person runs it, who sees what goes.
  if (policy?.scheduled !== true) return fates;
  const rules = policy.rules.filter(({ disabled }) => !disabled);
  for (const one of arriving) {
    const covering = rules.filter((rule) => matchesAll(rule.repositories, one.path));
    if (covering.length === 0) continue;
    const reasons = covering.map((rule) => whyNotKept(rule, one, arriving));
    if (!reasons.includes(undefined)) fates.set(one, reasons.find((why) => why !== NO_MATCH) ?? NO_MATCH);
  }
  return fates;
}

const NO_MATCH = "no rule keeps it";

/** Undefined where the rule keeps it. */
function whyNotKept(
  rule: RetentionRule,
  one: ArrivingTag,
  arriving: readonly ArrivingTag[],
): string | undefined {
  if (!matchesAll(rule.tags, one.tag)) return NO_MATCH;
  switch (rule.template) {
    case "latestPushedK": {
      const rivals = arriving.filter(({ path, tag }) => path === one.path && matchesAll(rule.tags, tag));
      return rivals.length > rule.amount
        ? `it keeps the ${rule.amount} newest of a repository, and ${rivals.length} are to come`
        : undefined;
    }
    case "latestPulledN":
      return `it keeps the ${rule.amount} last pulled`;
    case "nDaysSinceLastPull":
      return `it keeps what was pulled in the last ${rule.amount} days`;
    default:
      return undefined;
  }
}

function matchesAll(selectors: readonly PatternSelector[], text: string): boolean {
  return selectors.every(({ pattern, excludes }) => matchesPattern(pattern, text) !== excludes);
}

/** A pattern that Harbor can't read selects nothing there. */
export function matchesPattern(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  return compiled.kind === "pattern" && compiled.matches(text);
}
