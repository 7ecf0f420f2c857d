import type { ReplicationPolicy } from "../observed/model.ts";

/** No repository is called so: Harbor's names have no capital letters. */
const NOTHING = "TIDELOCK/NOTHING";

/** A policy that Harbor does not let us delete yet, switched off and narrowed to nothing. */
export function disarmed(policy: ReplicationPolicy): ReplicationPolicy {
  return { ...policy, enabled: false, filters: [{ kind: "name", value: NOTHING, excludes: false }] };
}

export function isDisarmed({ enabled, filters }: Pick<ReplicationPolicy, "enabled" | "filters">): boolean {
  return !enabled && filters[0]?.value === NOTHING;
}
