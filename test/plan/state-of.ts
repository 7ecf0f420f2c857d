import type { DesiredPolicy, DesiredState } from "../../src/desired/model.ts";
import { desiredState } from "../../src/desired/desired-state.ts";
import type { Capabilities, Endpoint, ReplicationPolicy } from "../../src/observed/model.ts";
import type { ObservedState, ReadRegistry } from "../../src/observed/state.ts";
import { declaredFrom, replicatedIn } from "../config/declare.ts";

export const NEWEST: Capabilities = {
  excludingFilters: true,
  namespaceReplaceCount: true,
  speed: true,
  projectArtifacts: true,
  accessories: true,
  subjects: true,
  extendedAudit: true,
  strictCron: true,
  endpointCa: true,
  copyByChunk: true,
  singleActive: true,
};

export const OLDEST: Capabilities = {
  excludingFilters: false,
  namespaceReplaceCount: false,
  speed: false,
  projectArtifacts: false,
  accessories: false,
  subjects: false,
  extendedAudit: false,
  strictCron: false,
  endpointCa: false,
  copyByChunk: false,
  singleActive: false,
};

/** What three registries `a`, `b`, `c`, all dual masters, should have. */
export async function desiredTrio(more = ""): Promise<DesiredState> {
  const { declared } = await declaredFrom(`
registries:
  a: { url: https://a, username: admin, password: pa }
  b: { url: https://b, username: admin, password: pb }
  c: { url: https://c, username: admin, password: pc }
topologies:
  - { name: t, kind: dual-master, registries: [a, b, c]${more} }`);
  return desiredState(declared, replicatedIn(declared), "main");
}

/** Registries that stand exactly as desired. */
export function asDesired(desired: DesiredState, can: Capabilities = NEWEST): Map<string, ReadRegistry> {
  return new Map(
    [...desired.registries].map(([name, { endpoints, policies }]) => {
      const kept = endpoints.map((one, at): Endpoint => {
        const { name: called, url, description, username, insecure } = one;
        return {
          id: at + 1,
          name: called,
          url,
          type: "harbor",
          description,
          username,
          insecure,
          caCertificate: "",
          status: "",
        };
      });
      const found: ReadRegistry = {
        kind: "read",
        capabilities: can,
        endpoints: kept,
        health: new Map(kept.map(({ id }) => [id, { kind: "healthy" }])),
        policies: policies.map((one, at) => policyAsKept(one, at + 1, kept)),
        at: 0,
      };
      return [name, found];
    }),
  );
}

function policyAsKept(desired: DesiredPolicy, id: number, endpoints: readonly Endpoint[]): ReplicationPolicy {
  const { name, description, trigger, filters, deletions, override, speedKbps } = desired;
  return {
    id,
    name,
    description,
    sourceEndpointId: 0,
    targetEndpointId: endpoints.find((one) => one.name === desired.endpoint)?.id ?? 0,
    targetNamespace: "",
    targetNamespaceReplaceCount: -1,
    trigger,
    filters,
    deletions,
    override,
    enabled: true,
    speedKbps,
    copyByChunk: false,
    singleActive: false,
  };
}

/** The same, with one registry changed. */
export function changed(
  observed: ObservedState,
  name: string,
  change: (found: ReadRegistry) => Partial<ReadRegistry>,
): ObservedState {
  const found = observed.get(name);
  if (found?.kind !== "read") throw new Error(`${name} is not read`);
  return new Map([...observed, [name, { ...found, ...change(found) }]]);
}

/** Changes each endpoint or policy of a list that has a name. */
export function where<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  change: Partial<T>,
): T[] {
  return list.map((one) => (one.name === name ? { ...one, ...change } : one));
}
