import type { Decision } from "../../failback/decision.ts";
import type { Outage } from "../../failback/outage.ts";
import { readKeptProbe } from "../../probe/probe-json.ts";
import { pauseText } from "../../reconcile/held-back.ts";
import type { Incident, Pause, Rescue, Rewind } from "../../store/store.ts";
import type { Topology } from "../../topology/model.ts";
import { decisionLine } from "./decision.ts";
import { durationText } from "./duration-text.ts";
import { incidentLine } from "./incident.ts";
import { rescueLines } from "./rescue.ts";

/** What is remembered of one topology. */
export interface TopologyStatus {
  readonly name: Topology["name"];
  readonly kind: Topology["kind"];
  /** When its last pass ended; null: there was none. */
  readonly at: number | null;
  readonly report: unknown;
  readonly pause: Pause | undefined;
  readonly incidents: readonly Incident[];
  readonly decisions: readonly Decision[];
  readonly rescues: readonly Rescue[];
}

/** What is remembered of one registry. */
export interface RegistryStatus {
  readonly name: string;
  /** null: it was never probed. */
  readonly up: boolean | null;
  readonly lastGood: number | null;
  readonly outages: readonly Outage[];
  readonly rewinds: readonly Rewind[];
}

/** The last pass or probe first, then whatever is not over: pause, lag, incidents, decisions, rescued images. */
export function topologyLines(status: TopologyStatus, now: number): string[] {
  const { name, at, report, pause, incidents, decisions, rescues } = status;
  return [
    status.kind === "shared-storage"
      ? `${name}: ${probedText(at, report, now)}`
      : `${name}: ${at === null ? "no pass yet" : `${verdictOf(report)} (${durationText(now - at)} ago)`}${lagText(report, now)}`,
    ...(pause === undefined ? [] : [`${name}: ${pauseText(pause)}`]),
    ...incidents.map((incident) => `${name}: incident ${incidentLine(incident, now)}`),
    ...decisions.map(
      (decision) => `${name}: decided ${durationText(now - decision.at)} ago: ${decisionLine(decision)}`,
    ),
    ...rescues.flatMap((rescue) => rescueLines(rescue, now)),
  ];
}

/** Whether it is up, its last outage, and whether it came back from a backup. */
export function registryLines({ name, up, outages, rewinds }: RegistryStatus, now: number): string[] {
  const last = outages.at(-1);
  const state = up === null ? "never probed" : up ? "up" : "down";
  return [
    `${name}: ${state}${last === undefined ? "" : `, last outage ${outageText(last, now)}`}`,
    ...rewinds.map(({ project, since, reason }) => {
      const what = project === "" ? "all of it" : `the project ${project}`;
      return `${name}: ${what} is rewound since ${durationText(now - since)}: ${reason}`;
    }),
  ];
}

function probedText(at: number | null, report: unknown, now: number): string {
  const probe = readKeptProbe(report);
  if (at === null || probe === undefined) return "not probed yet";
  const { sound, faults, form } = probe;
  const named = faults.map(({ name, nodes }) =>
    nodes.length === 0 ? name : `${name} at ${nodes.join(", ")}`,
  );
  const verdict = sound ? "sound" : `faulty: ${named.join(", ")}`;
  return `${verdict} (${form} form, ${durationText(now - at)} ago)`;
}

function verdictOf(report: unknown): string {
  const verdict = field(report, "verdict");
  const proven = field(report, "proven") === true ? ", proven" : "";
  return typeof verdict === "string" ? `${verdict}${proven}` : "unknown";
}

function lagText(report: unknown, now: number): string {
  const lag = field(report, "lag");
  const tags = field(lag, "tags");
  const oldest = field(lag, "oldestAt");
  if (typeof tags !== "number" || tags === 0) return "";
  const since =
    typeof oldest === "string" ? `, the oldest for ${durationText(now - Date.parse(oldest))}` : "";
  return `, ${tags} tags behind${since}`;
}

/** Of what an earlier version may have stored, nothing is sure to be there. */
function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function outageText({ from, to }: Outage, now: number): string {
  return to === undefined
    ? `began ${durationText(now - from)} ago`
    : `ended ${durationText(now - to)} ago, lasted ${durationText(to - from)}`;
}
