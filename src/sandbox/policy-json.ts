import { endpointJson, localEndpointJson } from "./endpoint-json.ts";
import type { Json } from "./json.ts";
import type { Context } from "./router.ts";
import type { FilterRow, PolicyRow } from "./state.ts";
import { legacyTimeText, timeText } from "./times.ts";

/** False, empty and unset fields are left out; `replicate_deletion` repeats `deletion`. */
export function policyJson(context: Context, row: PolicyRow): Json {
  if (context.legacy) return legacyPolicy(context, row);
  const { minor } = context.core.profile;
  return {
    ...(minor >= 7 ? { copy_by_chunk: row.copyByChunk } : {}),
    creation_time: timeText(row.createdAt),
    ...(row.deletion ? { deletion: true } : {}),
    ...(row.description === "" ? {} : { description: row.description }),
    ...(row.destinationNamespace === "" ? {} : { dest_namespace: row.destinationNamespace }),
    dest_namespace_replace_count: row.replaceCount,
    dest_registry: side(context, row.destinationId),
    ...(row.enabled ? { enabled: true } : {}),
    filters: row.filters.length === 0 ? null : row.filters.map(filterJson),
    id: row.id,
    name: row.name,
    ...(row.override ? { override: true } : {}),
    ...(row.deletion ? { replicate_deletion: true } : {}),
    ...(minor >= 14 ? { single_active_replication: row.singleActive } : {}),
    ...(minor >= 4 ? { speed: row.speed } : {}),
    src_registry: side(context, row.sourceId),
    trigger: {
      ...(row.cron === "" ? {} : { trigger_settings: { cron: row.cron } }),
      type: row.trigger,
    },
    update_time: timeText(row.updatedAt),
  };
}

function side(context: Context, id: number): Json {
  const endpoint = context.core.state.endpoints.get(id);
  return endpoint === undefined ? localEndpointJson(context) : endpointJson(context, endpoint);
}

function filterJson(filter: FilterRow): Json {
  return {
    ...(filter.decoration === "" ? {} : { decoration: filter.decoration }),
    type: filter.type,
    value: filter.value,
  };
}

function legacyPolicy(context: Context, row: PolicyRow): Json {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    creator: row.creator,
    src_registry: side(context, row.sourceId),
    dest_registry: side(context, row.destinationId),
    dest_namespace: row.destinationNamespace,
    filters: row.filters.length === 0 ? null : row.filters.map(filterJson),
    trigger: { type: row.trigger, trigger_settings: row.cron === "" ? null : { cron: row.cron } },
    deletion: row.deletion,
    override: row.override,
    enabled: row.enabled,
    creation_time: legacyTimeText(row.createdAt),
    update_time: legacyTimeText(row.updatedAt),
  };
}
