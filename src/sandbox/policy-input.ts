import { cronOf } from "./cron.ts";
import { badRequest, internalError, notFound } from "./exchange.ts";
import { listOf, numberOf, objectOf, stringOf, type Json, type JsonObject } from "./json.ts";
import type { Context } from "./router.ts";
import type { FilterRow, PolicyRow } from "./state.ts";

type PolicyInput = Omit<PolicyRow, "id" | "creator" | "createdAt" | "updatedAt">;

const TRIGGERS = new Set(["", "manual", "scheduled", "event_based"]);
/** Columns of the database; longer ones fail inside (goharbor/harbor make/migrations/postgresql). */
const FILTERS_MAX = 1024;
const NAME_MAX = 256;

/** What a create or update says, checked as Harbor checks it: patterns are not. */
export function readPolicy(context: Context, body: JsonObject): PolicyInput {
  const { core } = context;
  const trigger = objectOf(body["trigger"]);
  const type = stringOf(trigger["type"]);
  const input: PolicyInput = {
    name: stringOf(body["name"]),
    description: stringOf(body["description"]),
    sourceId: numberOf(objectOf(body["src_registry"])["id"]),
    destinationId: numberOf(objectOf(body["dest_registry"])["id"]),
    destinationNamespace: stringOf(body["dest_namespace"]),
    replaceCount: numberOf(body["dest_namespace_replace_count"], -1),
    filters: listOf(body["filters"]).map((one) => filterOf(context, one)),
    trigger: type === "" ? "manual" : type,
    cron: stringOf(objectOf(trigger["trigger_settings"])["cron"]),
    // `replicate_deletion` is read by no release (goharbor/harbor src/server/v2.0/handler/replication.go:66)
    deletion: body["deletion"] === true,
    override: body["override"] === true,
    enabled: body["enabled"] === true,
    speed: core.profile.minor >= 4 ? Math.max(0, numberOf(body["speed"])) : 0,
    copyByChunk: core.profile.minor >= 7 && body["copy_by_chunk"] === true,
    singleActive: core.profile.minor >= 14 && body["single_active_replication"] === true,
  };
  refuseUnfit(context, input);
  return input;
}

function refuseUnfit(context: Context, input: PolicyInput): void {
  const { core } = context;
  if (input.name === "") throw badRequest("empty name");
  if ((input.sourceId === 0) === (input.destinationId === 0)) {
    throw badRequest(
      context.legacy
        ? "src_registry, dest_registry one of them should be empty and the other one shouldn't be empty \n"
        : "either src_registry or dest_registry should be empty and the other one shouldn't be empty",
    );
  }
  const endpoint = input.sourceId === 0 ? input.destinationId : input.sourceId;
  if (!TRIGGERS.has(input.trigger)) throw badRequest(`invalid trigger type: ${input.trigger}`);
  if (input.trigger === "scheduled" && cronOf(core.profile.minor, input.cron) === undefined) {
    throw badRequest(`invalid cron string for scheduled trigger: ${input.cron}`);
  }
  if (!core.state.endpoints.has(endpoint)) {
    throw (context.legacy ? badRequest : notFound)(`registry ${endpoint} not found`);
  }
  if (input.singleActive && input.trigger === "event_based") throw internalError();
  if (input.name.length > NAME_MAX || JSON.stringify(stored(input.filters)).length > FILTERS_MAX) {
    throw internalError();
  }
}

function filterOf(context: Context, value: Json): FilterRow {
  const one = objectOf(value);
  const type = stringOf(one["type"]);
  const decoration = context.core.profile.minor >= 4 ? stringOf(one["decoration"]) : "";
  if (!["name", "tag", "label", "resource"].includes(type)) throw badRequest("invalid filter type");
  if (decoration !== "" && type !== "tag" && type !== "label") {
    throw badRequest("only tag and label filter support decoration");
  }
  if (!["", "matches", "excludes"].includes(decoration)) throw badRequest("invalid filter decoration");
  const isLabels = type === "label";
  const fits = isLabels ? Array.isArray(one["value"]) : typeof one["value"] === "string";
  if (!fits) throw badRequest("the type of filter value isn't correct");
  const resources = context.core.profile.minor < 8 ? ["image", "artifact", "chart"] : ["image", "artifact"];
  if (type === "resource" && !resources.includes(stringOf(one["value"]))) {
    throw badRequest(`invalid resource filter: ${stringOf(one["value"])}`);
  }
  return { type, value: one["value"] ?? null, decoration };
}

function stored(filters: readonly FilterRow[]): Json {
  return filters.map(({ type, value, decoration }) => ({
    type,
    value,
    ...(decoration === "" ? {} : { decoration }),
  }));
}
