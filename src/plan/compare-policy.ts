import type { DesiredPolicy } from "../desired/model.ts";
import type { Capabilities, ReplicationFilter, ReplicationPolicy } from "../observed/model.ts";
import { normalCron } from "../topology/cron.ts";
import type { Difference } from "./model.ts";
import { withoutNote } from "./switched-off-note.ts";

/**
 * What a PUT would have to change, whether it is enabled aside. Compared is what is declared and what this version of Harbor
 * keeps; anything else, e.g. copying by chunk, stays as somebody set it.
 * `endpoint` is the name of the endpoint that the found policy pushes to.
 */
export function comparePolicy(
  desired: DesiredPolicy,
  found: ReplicationPolicy,
  endpoint: string,
  can: Capabilities,
): Difference[] {
  const wanted = wantedFields(desired, can);
  const before = new Map(foundFields(found, endpoint));
  return wanted
    .filter(([field, text]) => before.get(field) !== text)
    .map(([field, text]) => ({ field, found: before.get(field) ?? "", wanted: text }));
}

/** All fields of a policy that is to be made. */
export function newPolicyFields(desired: DesiredPolicy, can: Capabilities): Difference[] {
  return wantedFields(desired, can).map(([field, wanted]) => ({ field, found: "", wanted }));
}

type Fields = [field: string, text: string][];

function wantedFields(desired: DesiredPolicy, can: Capabilities): Fields {
  return [
    ["source", SELF],
    ["endpoint", desired.endpoint],
    ["trigger", triggerText(desired.trigger)],
    ["filters", filtersText(desired.filters)],
    ["override", String(desired.override)],
    ["deletions", String(desired.deletions)],
    ...(can.speed ? ([["speedKbps", String(desired.speedKbps)]] satisfies Fields) : []),
    // A run that still goes on would make Harbor drop the next ones, events included.
    ...(can.singleActive ? ([["singleActive", "false"]] satisfies Fields) : []),
    ["targetNamespace", ""],
    ["description", desired.description],
  ];
}

function foundFields(found: ReplicationPolicy, endpoint: string): Fields {
  return [
    ["source", found.sourceEndpointId === 0 ? SELF : `endpoint ${found.sourceEndpointId}`],
    ["endpoint", endpoint],
    ["trigger", triggerText(found.trigger)],
    ["filters", filtersText(found.filters)],
    ["override", String(found.override)],
    ["deletions", String(found.deletions)],
    ["speedKbps", String(Math.max(0, found.speedKbps))],
    ["singleActive", String(found.singleActive)],
    // How many components a namespace replaces means nothing without a namespace.
    ["targetNamespace", found.targetNamespace],
    // The note is written and taken away together with the switching alone.
    ["description", withoutNote(found.description)],
  ];
}

const SELF = "itself";

/** The cron counts only where the trigger is scheduled; Harbor keeps what was there before. */
function triggerText({ kind, cron }: ReplicationPolicy["trigger"]): string {
  return kind === "scheduled" ? `scheduled ${normalCron(cron)}` : kind;
}

/** All must be passed, so their order means nothing; an empty value passes everything, and so does no filter of a kind. */
export function filtersText(filters: readonly ReplicationFilter[]): string {
  const telling = filters.filter((filter) => filter.value.length > 0 && !passesAll(filter));
  const named = telling.some(({ kind, excludes }) => kind === "name" && !excludes);
  return [...(named ? [] : [EVERYTHING]), ...telling]
    .map(({ kind, value, excludes }) => {
      const text = typeof value === "string" ? value : value.toSorted().join(",");
      return `${kind} ${excludes ? "not " : ""}${text}`;
    })
    .toSorted()
    .join("; ");
}

const EVERYTHING: ReplicationFilter = { kind: "name", value: "**", excludes: false };

/** A tag has no slashes, so one star covers all of them. */
function passesAll({ kind, value, excludes }: ReplicationFilter): boolean {
  return !excludes && (value === "**" || (kind === "tag" && value === "*"));
}
