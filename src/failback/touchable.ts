import type { Instant, Millis } from "../clock.ts";
import type { ReplicationFilter, ReplicationPolicy } from "../observed/model.ts";
import { compilePattern } from "../topology/doublestar.ts";
import type { Finding } from "../parity/model.ts";
import { isYoung } from "./executions.ts";

/** What an event at the source would set off. */
export interface EventPolicies {
  /** All enabled ones that copy away from the source. */
  readonly all: readonly ReplicationPolicy[];
  /** Ours of this flow. */
  readonly ours: readonly ReplicationPolicy[];
  readonly endpointId: number | undefined;
}

/**
 * Whether a push of the same image under the same tag would make Harbor copy this tag to the target, and do nothing else: exactly one enabled event
 * policy takes it, and that is ours. A young tag is left to the event of its own push.
 */
export function isTouchable(
  { repository, tag, replaces, rescues, pushedAt }: Finding,
  { all, ours, endpointId }: EventPolicies,
  { now, settleMs }: { readonly now: Instant; readonly settleMs: Millis },
): boolean {
  if (rescues === true || pushedAt === undefined || isYoung(pushedAt, now, settleMs)) return false;
  const [taking, ...more] = all.filter(({ filters }) => takes(filters, repository, tag));
  if (taking === undefined || more.length > 0) return false;
  if (replaces !== undefined && !taking.override) return false;
  return taking.targetEndpointId === endpointId && ours.some(({ id }) => id === taking.id);
}

/** What can't be judged from outside, as labels or a pattern that Harbor chokes on, counts as taking it. */
function takes(filters: readonly ReplicationFilter[], repository: string, tag: string): boolean {
  return filters.every(({ kind, value, excludes }) => {
    if (kind === "resource" || kind === "label" || typeof value !== "string") return true;
    const pattern = compilePattern(value);
    if (pattern.kind === "mistake") return true;
    return pattern.matches(kind === "name" ? repository : tag) !== excludes;
  });
}
