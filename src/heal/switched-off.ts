import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";

/**
 * Stands in the description of a replication policy while we have it switched off. It is written together with the switching, so that
 * whoever comes after a crash, even without our store, knows that it was us and switches it on again.
 */
const SWITCHED_OFF = " [switched off by Tidelock for a moment]";

export async function switchOff(
  port: HarborPort,
  policy: ReplicationPolicy,
  signal: AbortSignal,
): Promise<void> {
  const description = withoutNote(policy.description) + SWITCHED_OFF;
  await port.updateReplicationPolicy({ ...policy, description, enabled: false }, signal);
}

export async function switchOn(
  port: HarborPort,
  policy: ReplicationPolicy,
  signal?: AbortSignal,
): Promise<void> {
  const description = withoutNote(policy.description);
  await port.updateReplicationPolicy({ ...policy, description, enabled: true }, signal);
}

/** Whether it was us who switched it off, and did not come to switch it on. */
export function wasSwitchedOffByUs(policy: ReplicationPolicy): boolean {
  return policy.description.endsWith(SWITCHED_OFF);
}

function withoutNote(description: string): string {
  return description.endsWith(SWITCHED_OFF) ? description.slice(0, -SWITCHED_OFF.length) : description;
}
