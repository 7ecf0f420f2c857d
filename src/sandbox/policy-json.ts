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
    copy_by_chunk: minor >= 7 ? row.copyByChunk : undefined,
    creation_time: timeText(row.createdAt),
    deletion: row.deletion ? true : undefined,
    description: row.description === "" ? undefined : row.description,
    dest_namespace: row.destinationNamespace === "" ? undefined : row.destinationNamespace,
    dest_namespace_replace_count: row.replaceCount,
    dest_registry: side(context, row.destinationId),
    enabled: row.enabled ? true : undefined,
    filters: row.filters.length === 0 ? null : row.filters.map(filterJson),
    id: row.id,
    name: row.name,
    override: row.override ? true : undefined,
    replicate_deletion: row.deletion ? true : undefined,
    single_active_replication: minor >= 14 ? row.singleActive : undefined,
    speed: minor >= 4 ? row.speed : undefined,
    src_registry: side(context, row.sourceId),
    trigger: {
      trigger_settings: row.cron === "" ? undefined : { cron: row.cron },
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
    decoration: filter.decoration === "" ? undefined : filter.decoration,
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
