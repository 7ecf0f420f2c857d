import { AppError } from "../errors.ts";
import type { Capabilities, NewReplicationPolicy, ReplicationPolicy } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import { createdId } from "./created-id.ts";
import { createOnce } from "./create-once.ts";
import { decodePolicy } from "./decode-policy.ts";
import type { components } from "./generated/harbor.ts";
import { allRows } from "./listing.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";
import { listOf, WireObject } from "./wire-object.ts";

type Wire = components["schemas"]["ReplicationPolicy"];
type Signal = AbortSignal | undefined;

export function listPolicies(api: Api, dialect: Dialect, signal: Signal): Promise<ReplicationPolicy[]> {
  return allRows({
    of: "the replication policies",
    key: dialect.sortedListings ? "id" : undefined,
    ask: (query) =>
      api.call("get", "/replication/policies", { doing: "listing the replication policies", query, signal }),
    decode: (wire) => listOf<Wire>(wire, "policies").map(decodePolicy),
    id: (policy) => policy.id,
  });
}

export function readPolicy(api: Api, id: number, signal: Signal): Promise<ReplicationPolicy | undefined> {
  return undefinedIfAbsent(async () => {
    const doing = `reading the replication policy ${id}`;
    const answer = await api.call("get", "/replication/policies/{id}", { doing, path: { id }, signal });
    return decodePolicy(new WireObject<Wire>(answer.json(), "policy"));
  });
}

export async function createPolicy(
  api: Api,
  able: Capabilities,
  dialect: Dialect,
  policy: NewReplicationPolicy,
  signal: Signal,
): Promise<number> {
  const body = encodePolicy(policy, able);
  return await createOnce({
    send: async () => {
      const doing = `creating the replication policy ${policy.name}`;
      return createdId(await api.call("post", "/replication/policies", { doing, body, signal }));
    },
    find: async () =>
      (await listPolicies(api, dialect, signal)).find((found) => found.name === policy.name)?.id,
  });
}

/** Harbor replaces every column (goharbor/harbor src/server/v2.0/handler/replication.go:132-204), so all of them are sent. */
export async function updatePolicy(
  api: Api,
  able: Capabilities,
  policy: ReplicationPolicy,
  signal: Signal,
): Promise<void> {
  await api.call("put", "/replication/policies/{id}", {
    doing: `updating the replication policy ${policy.name}`,
    path: { id: policy.id },
    body: encodePolicy(policy, able),
    patience: "patient",
    signal,
  });
}

export async function deletePolicy(api: Api, id: number, signal: Signal): Promise<void> {
  const doing = `deleting the replication policy ${id}`;
  await api.call("delete", "/replication/policies/{id}", { doing, path: { id }, signal });
}

/** `deletion` is what Harbor reads and `replicate_deletion` what it shows; both are sent so that no reader of ours or theirs is misled. */
function encodePolicy(policy: NewReplicationPolicy, able: Capabilities): Wire {
  return {
    name: policy.name,
    description: policy.description,
    ...(policy.sourceEndpointId === 0 ? {} : { src_registry: { id: policy.sourceEndpointId } }),
    ...(policy.targetEndpointId === 0 ? {} : { dest_registry: { id: policy.targetEndpointId } }),
    dest_namespace: policy.targetNamespace,
    trigger: {
      type: policy.trigger.kind,
      ...(policy.trigger.cron === "" ? {} : { trigger_settings: { cron: policy.trigger.cron } }),
    },
    filters: policy.filters.map((filter) => encodeFilter(filter, able)),
    deletion: policy.deletions,
    replicate_deletion: policy.deletions,
    override: policy.override,
    enabled: policy.enabled,
    ...(able.namespaceReplaceCount
      ? { dest_namespace_replace_count: policy.targetNamespaceReplaceCount }
      : {}),
    ...(able.speed ? { speed: policy.speedKbps } : {}),
    ...(able.copyByChunk ? { copy_by_chunk: policy.copyByChunk } : {}),
    ...(able.singleActive ? { single_active_replication: policy.singleActive } : {}),
  };
}

/** An older Harbor would drop `decoration` without a word and copy exactly what was to be left out. */
function encodeFilter(
  filter: ReplicationPolicy["filters"][number],
  able: Capabilities,
): NonNullable<Wire["filters"]>[number] {
  const value = typeof filter.value === "string" ? filter.value : [...filter.value];
  if (!filter.excludes) return { type: filter.kind, value };
  if (!able.excludingFilters) {
    throw new AppError(
      "HARBOR_UNSUPPORTED",
      `a replication filter can't exclude ${filter.kind}s before Harbor 2.4`,
      {
        hint: "upgrade that Harbor, or leave the excluding pattern out",
      },
    );
  }
  return { type: filter.kind, value, decoration: "excludes" };
}
