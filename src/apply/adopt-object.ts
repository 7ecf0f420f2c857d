import { AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Adoption } from "../import/adoption.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import { ownedBy } from "../topology/mark.ts";

/**
 * Makes an object that others made ours: read anew, changed where adopting changes it, and written whole. Rejects with `HARBOR_CONFLICT`
 * when it is not any more what was shown to the person who agreed.
 */
export async function adoptObject(port: HarborPort, adoption: Adoption, signal: AbortSignal): Promise<void> {
  if (adoption.kind === "endpoint") {
    const { id, was, name, description } = adoption;
    const found = (await port.endpoints(signal)).find((one) => one.id === id);
    if (found?.name !== was || ownedBy(found.description) !== undefined) throw changed(port, adoption);
    await port.relabelEndpoint(id, { name, description }, signal);
    return;
  }
  const found = await port.replicationPolicy(adoption.id, signal);
  if (found === undefined || contentOf(found) !== contentOf(adoption.found)) throw changed(port, adoption);
  await port.updateReplicationPolicy(adoption.adopted, signal);
}

/** Everything but when it was made, which a single reading may tell otherwise. */
function contentOf({ createdAt: _, ...policy }: ReplicationPolicy): string {
  return JSON.stringify(Object.entries(policy).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function changed(port: HarborPort, { kind, was }: Adoption): AppError {
  const what = kind === "endpoint" ? "endpoint" : "replication policy";
  return new AppError(
    "HARBOR_CONFLICT",
    `adopting the ${what} ${was} of ${port.registry.name} failed: it was changed just now`,
    { hint: "run it again, and look at the differences anew" },
  );
}
