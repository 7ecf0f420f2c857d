import { toAppError } from "../../errors.ts";
import type { App } from "../../compose.ts";
import type { Settings } from "../../topology/model.ts";
import { HEALTH_EXIT } from "../exit-codes.ts";
import { judgeHealth, type Health } from "../health-verdict.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { chosenTopologies, passOrFailure } from "./passes.ts";

/** The cron job: reads everything, writes nothing, one line a topology in Nagios' words with performance data. */
export async function health(
  app: App,
  flags: { readonly only?: readonly string[] },
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const options = { configure: true, compare: true, heal: false, dryRun: true, prune: false };
  const healths: Health[] = [];
  for (const topology of chosenTopologies(app, flags.only)) {
    const holder = await app.store.leases.holder(topology.name);
    const busy = holder !== undefined && holder.until > app.clock.now();
    const report = await passOrFailure(app, topology, options, io);
    const now = app.clock.now();
    const pause = await app.store.pauses.of(topology.name, now);
    healths.push(judgeHealth(report, app.declared.settings.health, { healing: busy, pause, now }));
  }
  if (output === "json") io.out(JSON.stringify({ topologies: healths }));
  else healths.map(healthLine(app.declared.settings.health)).forEach((line) => io.out(line));
  return worst(healths);
}

function healthLine(limits: Settings["health"]): (health: Health) => string {
  return ({ name, state, reason, lagTags, lagSeconds, unreachable }) =>
    `${state} - ${name}: ${reason} | lag_tags=${lagTags} lag_seconds=${lagSeconds}s;${limits.warnSeconds};${limits.criticalSeconds} unreachable=${unreachable}`;
}

/** CRITICAL counts before UNKNOWN: what is known to be broken is not made better by what is not known. */
function worst(healths: readonly Health[]): number {
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
