import type { DesiredPolicy } from "../desired/model.ts";
import { AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import { carriesNote } from "../plan/switched-off-note.ts";
import { ownedBy } from "../topology/mark.ts";

/** Makes a policy, enabled; one of that name that carries our mark was made by a run that was cut short, and is updated. */
export async function createPolicy(
  port: HarborPort,
  desired: DesiredPolicy,
  endpointId: number,
  installation: string,
): Promise<void> {
  try {
    await port.createReplicationPolicy({
      name: desired.name,
      ...managedFields(desired, endpointId),
      targetNamespaceReplaceCount: -1,
      copyByChunk: false,
      enabled: true,
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "HARBOR_CONFLICT") throw thrown;
    const existing = (await port.replicationPolicies()).find(({ name }) => name === desired.name);
    if (existing === undefined || ownedBy(existing.description) !== installation) throw thrown;
    await port.updateReplicationPolicy(asDeclared(existing, desired, endpointId));
  }
}

export interface PolicyUpdate {
  readonly id: number;
  readonly desired: DesiredPolicy;
  readonly endpointId: number;
  readonly enable: boolean;
}

/**
 * Reads the policy, puts what is declared over it and writes it whole: what a PUT leaves out Harbor resets, and without
 * filters a policy replicates everything (goharbor/harbor src/server/v2.0/handler/replication.go:132-204).
 */
export async function updatePolicy(
  port: HarborPort,
  update: PolicyUpdate,
  installation: string,
): Promise<void> {
  const { id, desired, endpointId, enable } = update;
  const found = await ourPolicy(port, id, desired.name, installation);
  if (found === undefined) {
    throw new AppError(
      "HARBOR_NOT_FOUND",
      `the replication policy ${desired.name} of ${port.registry.name} has vanished`,
      {
        hint: "plan again: it will be made anew",
      },
    );
  }
  const whole = asDeclared(found, desired, endpointId);
  await port.updateReplicationPolicy({ ...whole, enabled: whole.enabled || enable });
}

/** The policy, read anew; rejects if it is not ours any more. */
export async function ourPolicy(
  port: HarborPort,
  id: number,
  name: string,
  installation: string,
): Promise<ReplicationPolicy | undefined> {
  const found = await port.replicationPolicy(id);
  if (found === undefined) return undefined;
  if (found.name === name && ownedBy(found.description) === installation) return found;
  throw new AppError(
    "HARBOR_CONFLICT",
    `the replication policy ${name} of ${port.registry.name} is Tidelock's no longer`,
    { hint: "somebody changed it just now; plan again" },
  );
}

/** With the description goes the note that we switched it off: without it nobody would know, so that it must not stay off. */
function asDeclared(found: ReplicationPolicy, desired: DesiredPolicy, endpointId: number): ReplicationPolicy {
  return { ...found, ...managedFields(desired, endpointId), enabled: found.enabled || carriesNote(found) };
}

type Managed = Omit<
  ReplicationPolicy,
  "id" | "name" | "enabled" | "copyByChunk" | "targetNamespaceReplaceCount"
>;

function managedFields(desired: DesiredPolicy, endpointId: number): Managed {
  const { description, trigger, filters, deletions, override, speedKbps } = desired;
  return {
    description,
    sourceEndpointId: 0,
    targetEndpointId: endpointId,
    targetNamespace: "",
    trigger,
    filters,
    deletions,
    override,
    speedKbps,
    singleActive: false,
  };
}
