import { toAppError } from "../../errors.ts";
import type { App } from "../../compose.ts";
import { findingsOf } from "../../reconcile/report.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { ReplicatedTopology, Settings, SharedStorageTopology } from "../../topology/model.ts";
import { clusterHealthJson, clusterHealthLine } from "../cluster-health.ts";
import { HEALTH_EXIT } from "../exit-codes.ts";
import { judgeHealth, type Health, type HealthState } from "../health-verdict.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { clusterHealth } from "./cluster-health.ts";
import { chosenOfAll, passOrFailure } from "./passes.ts";

/** The cron job: reads everything, and writes nothing but the images of a small probe where a cluster has no young one; one line a topology in Nagios' words with performance data. */
export async function health(
  app: App,
  flags: { readonly only?: readonly string[] },
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const healths: Told[] = [];
  for (const topology of chosenOfAll(app, flags.only)) {
    healths.push(
      isReplicated(topology) ? await ofReplicated(app, topology, io) : await ofCluster(app, topology, io),
    );
  }
  if (output === "json") io.out(JSON.stringify({ topologies: healths.map(({ json }) => json) }));
  else healths.forEach(({ line }) => io.out(line));
  return worst(healths);
}

/** How one topology is, ready to be told. */
interface Told {
  readonly state: HealthState;
  readonly line: string;
  readonly json: object;
}

const LOOK = { configure: true, compare: true, heal: false, dryRun: true, prune: false };

async function ofReplicated(app: App, topology: ReplicatedTopology, io: CliIo): Promise<Told> {
  const limits = app.declared.settings.health;
  const holder = await app.store.leases.holder(topology.name);
  const isAtWork = holder !== undefined && holder.until > app.clock.now();
  const report = await passOrFailure(app, topology, LOOK, io);
  const now = app.clock.now();
  const pause = await app.store.pauses.of(topology.name, now);
  // Who only compares holds the lease as long, and by default a daemon does so in the same second as cron.
  const healing = isAtWork && findingsOf(report.content).some(({ notice }) => !notice);
  const judged = judgeHealth(report, limits, { healing, pause, now });
  return { state: judged.state, line: healthLine(limits)(judged), json: judged };
}

async function ofCluster(app: App, topology: SharedStorageTopology, io: CliIo): Promise<Told> {
  const judged = await clusterHealth(app, topology, io);
  const line = clusterHealthLine(judged, topology.probe.visibleWithinMs);
  return { state: judged.state, line, json: clusterHealthJson(judged) };
}

function healthLine(limits: Settings["health"]): (health: Health) => string {
  return ({ name, state, reason, lagTags, lagSeconds, unreachable }) =>
    `${state} - ${name}: ${reason} | lag_tags=${lagTags} lag_seconds=${lagSeconds}s;${limits.warnSeconds};${limits.criticalSeconds} unreachable=${unreachable}`;
}

/** CRITICAL counts before UNKNOWN: what is known to be broken is not made better by what is not known. */
function worst(healths: readonly Told[]): number {
  for (const state of ["CRITICAL", "UNKNOWN", "WARNING"] as const) {
    if (healths.some((health) => health.state === state)) return HEALTH_EXIT[state];
  }
  return HEALTH_EXIT.OK;
}

/** Tidelock itself can't tell: what is declared is invalid, or its own work failed. */
export function unknown(thrown: unknown, io: CliIo, { output }: GlobalFlags): number {
  const { code, message, hint } = toAppError(thrown);
  const [reason = message] = message.split("\n");
  if (output === "json") io.out(JSON.stringify({ topologies: [], state: "UNKNOWN", code, reason }));
  else io.out(`UNKNOWN - tidelock: ${reason} [${code}]`);
  if (message !== reason) io.err(message);
  if (hint !== undefined) io.err(`hint: ${hint}`);
  return HEALTH_EXIT.UNKNOWN;
}
