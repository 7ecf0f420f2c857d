import type { DesiredRegistry, DesiredState } from "../desired/model.ts";
import type { ReadRegistry } from "../observed/state.ts";
import { ownedBy } from "../topology/mark.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { RegistryName } from "../topology/model.ts";
import { foreignBeside } from "./foreign.ts";
import type { PlanFinding } from "./model.ts";

interface Here {
  readonly registry: RegistryName;
  readonly state: Pick<DesiredState, "topology" | "installation" | "ignoreForeign">;
  readonly found: ReadRegistry;
  readonly wanted: DesiredRegistry;
}

/**
 * What is told of other people's policies over the flows of one registry, once each: `foreign` where ours is not made because of it, a
 * notice where ours stands already or where it copies only by hand.
 */
export function foreignFindings({ registry, state, found, wanted }: Here): PlanFinding[] {
  const findings = new Map<string, PlanFinding>();
  for (const desired of wanted.policies) {
    const isThere = found.policies.some(({ name }) => name === desired.name);
    const { copying, manual } = foreignBeside(desired, wanted, found, state);
    const flow = `${registry} → ${desired.to}`;
    for (const policy of copying) {
      const { name } = policy;
      const message = isThere
        ? `it copies ${flow} beside ${desired.name}: disable it, or name it under ignoreForeign of ${state.topology}`
        : `it copies ${flow} already, so ${desired.name} is not made beside it: ${wayOut(policy, state)}`;
      if (findings.get(name)?.kind !== "foreign") {
        findings.set(name, { kind: isThere ? "notice" : "foreign", registry, name, message });
      }
    }
    for (const { name } of manual) {
      const message = `somebody may copy ${flow} by hand with it, beside ${desired.name}`;
      findings.set(name, { kind: "notice", registry, name, message });
    }
  }
  return [...findings.values()];
}

function wayOut({ description }: ReplicationPolicy, { topology }: Here["state"]): string {
  const owner = ownedBy(description);
  const ignore = `name it under ignoreForeign of ${topology}`;
  return owner === undefined
    ? `adopt it (tidelock import --adopt), or ${ignore}`
    : `it belongs to another installation of Tidelock (${owner}); let one of them do it, or ${ignore}`;
}
