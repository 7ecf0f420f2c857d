import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import { withNote, withoutNote } from "../plan/switched-off-note.ts";

export async function switchOff(
  port: HarborPort,
  policy: ReplicationPolicy,
  signal: AbortSignal,
): Promise<void> {
  const description = withNote(policy.description);
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
