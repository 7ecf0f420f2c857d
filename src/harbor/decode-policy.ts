import type { FilterKind, ReplicationFilter, ReplicationPolicy, TriggerKind } from "../observed/model.ts";
import type { components } from "./generated/harbor.ts";
import { wrong, type WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
const FILTER_KINDS: readonly FilterKind[] = ["name", "tag", "label", "resource"];
const TRIGGER_KINDS: readonly TriggerKind[] = ["manual", "scheduled", "event_based"];
/** What Harbor takes an absent count for: every component but the last is replaced. */
const FLATTEN = -1;

export function decodePolicy(wire: WireObject<Schemas["ReplicationPolicy"]>): ReplicationPolicy {
  const createdAt = wire.instant("creation_time");
  return {
    id: wire.id("id"),
    name: wire.text("name"),
    description: wire.text("description"),
    sourceEndpointId: wire.object("src_registry")?.count("id") ?? 0,
    targetEndpointId: wire.object("dest_registry")?.count("id") ?? 0,
    targetNamespace: wire.text("dest_namespace"),
    targetNamespaceReplaceCount: wire.has("dest_namespace_replace_count")
      ? wire.count("dest_namespace_replace_count")
      : FLATTEN,
    trigger: decodeTrigger(wire.object("trigger")),
    filters: wire.list("filters").map(decodeFilter),
    deletions: wire.flag("deletion") || wire.flag("replicate_deletion"),
    override: wire.flag("override"),
    enabled: wire.flag("enabled"),
    speedKbps: wire.count("speed"),
    copyByChunk: wire.flag("copy_by_chunk"),
    singleActive: wire.flag("single_active_replication"),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

/** No trigger, or an empty one, is a manual one. */
function decodeTrigger(
  wire: WireObject<NonNullable<Schemas["ReplicationTrigger"]>> | undefined,
): ReplicationPolicy["trigger"] {
  const type = wire?.text("type") ?? "";
  const kind = type === "" ? "manual" : TRIGGER_KINDS.find((known) => known === type);
  if (kind === undefined) throw wrong("policy.trigger.type", "manual, scheduled or event_based");
  return { kind, cron: wire?.object("trigger_settings")?.text("cron") ?? "" };
}

function decodeFilter(wire: WireObject<Schemas["ReplicationFilter"]>): ReplicationFilter {
  const kind = FILTER_KINDS.find((known) => known === wire.text("type"));
  if (kind === undefined) throw wrong(`${wire.path}.type`, "a known kind of filter");
  return { kind, value: decodeValue(wire), excludes: wire.text("decoration") === "excludes" };
}

function decodeValue(wire: WireObject<Schemas["ReplicationFilter"]>): string | string[] {
  const value = wire.raw("value") ?? "";
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw wrong(`${wire.path}.value`, "text or a list of texts");
}
