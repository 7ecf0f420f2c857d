import type { Instant } from "../clock.ts";
import type { DesiredEndpoint } from "../desired/model.ts";
import { proofEndpointName } from "../desired/names.ts";
import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { TopologyName } from "../topology/model.ts";
import type { Relation } from "./same-database.ts";

export interface Proof {
  readonly left: HarborPort;
  readonly right: HarborPort;
  readonly topology: TopologyName;
  /** What `left` is to have for `right` anyway. */
  readonly endpoint: DesiredEndpoint;
  /** Ours; makes a name that was never used. */
  readonly now: Instant;
}

/**
 * Makes an endpoint of ours in `left`, looks whether it is in `right` as well, and removes it: only one database can hold it on both sides. Undefined
 * where it could not be made or looked for. Rejects only when the signal was aborted.
 */
export async function proveRelation(proof: Proof, signal: AbortSignal): Promise<Relation | undefined> {
  const { left, right, endpoint } = proof;
  const name = proofEndpointName(proof.topology, endpoint.to, proof.now);
  const { url, description, username, password, insecure, caCertificate } = endpoint;
  try {
    const made = { name, url, description, username, password: password.reveal(), insecure, caCertificate };
    const id = await left.createEndpoint(made, signal);
    try {
      const found = (await right.endpoints(signal)).some((one) => one.id === id && one.name === name);
      return found ? { kind: "one", because: becauseOf(proof, id) } : { kind: "apart" };
    } finally {
      // Not stopped by a signal; what stays all the same is removed by the next pass.
      await removeProof(left, id).catch(toAppError);
    }
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** An endpoint that is gone already is fine. */
export async function removeProof(port: HarborPort, id: number): Promise<void> {
  try {
    await port.deleteEndpoint(id);
  } catch (thrown) {
    if (toAppError(thrown).code !== "HARBOR_NOT_FOUND") throw thrown;
  }
}

function becauseOf({ left, right }: Proof, id: number): string {
  return `an endpoint that was just made in ${left.registry.name} is in ${right.registry.name} as well, with the same number ${id}`;
}
