import type { Millis } from "../../clock.ts";
import type { App } from "../../compose.ts";
import { didYouMean } from "../../config/nearest.ts";
import { AppError } from "../../errors.ts";
import { pauseText } from "../../reconcile/held-back.ts";
import type { Pause } from "../../store/store.ts";
import { isReplicated } from "../../topology/flows.ts";
import { parseDuration } from "../../topology/duration.ts";
import type { TopologyName } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { kept } from "./kept.ts";
import { tellStore } from "./tell-store.ts";
import { ownerText } from "./with-lease.ts";

/** Whoever means longer means until it is resumed; and what is much longer has no end that could be written as a date. */
const LONGEST_DAYS = 3650;
const DAY_MS = 86_400_000;

export interface PauseFlags {
  /** As `2h`. */
  readonly for?: string;
  /** A moment as ISO 8601 has it. */
  readonly until?: string;
}

/** Planned maintenance: from now on a topology is watched and compared, but nobody is called, and nothing is configured or healed. */
export async function pause(
  app: App,
  name: string,
  flags: PauseFlags,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const from = app.clock.now();
  const until = endOf(flags, from);
  const begun: Pause = { name: declaredName(app, name), from, ...(until === undefined ? {} : { until }) };
  await tellStore(app, [name], io);
  await kept(app.store, `pausing ${name}`, () => app.store.pauses.begin(begun));
  const holder = await app.store.leases.holder(name);
  const isAtWork = holder !== undefined && holder.until > from;
  if (output === "json")
    io.out(JSON.stringify({ ...pauseJson(begun), atWork: isAtWork, store: app.store.place }));
  else {
    const isCluster = app.declared.topologies.some((one) => one.name === name && !isReplicated(one));
    const meaning = isCluster ? "it is probed, and nobody is called" : "nothing is configured or healed";
    io.out(`${name}: ${pauseText(begun)}: ${meaning}, and health says OK`);
    if (isAtWork)
      io.out(
        `${name}: ${ownerText(holder.owner)} is at work on it; it finishes what is at hand and begins nothing new`,
      );
  }
  return EXIT.ok;
}

/** Ends a pause before its time. */
export async function resume(app: App, name: string, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const was = await app.store.pauses.of(declaredName(app, name), app.clock.now());
  await tellStore(app, [name], io);
  await kept(app.store, `resuming ${name}`, () => app.store.pauses.end(name));
  if (output === "json")
    io.out(JSON.stringify({ name, wasPaused: was !== undefined, store: app.store.place }));
  else io.out(was === undefined ? `${name}: was not paused` : `${name}: goes on with the next pass`);
  return EXIT.ok;
}

/** The stable form for scripts. */
export function pauseJson({ name, from, until }: Pause): Record<string, unknown> {
  return {
    name,
    from: new Date(from).toISOString(),
    until: until === undefined ? null : new Date(until).toISOString(),
  };
}

function declaredName({ declared }: App, name: string): TopologyName {
  const names = declared.topologies.map((topology) => topology.name);
  if (names.includes(name)) return name;
  const hint = didYouMean(name, names);
  throw new AppError("USAGE", `no topology is called ${name}`, hint === undefined ? {} : { hint });
}

function endOf(flags: PauseFlags, now: number): number | undefined {
  if (flags.for !== undefined && flags.until !== undefined) {
    throw new AppError("USAGE", "a pause has one end: --for and --until were both given", {
      hint: "leave one of them out",
    });
  }
  if (flags.for !== undefined) return now + lengthOf(flags.for);
  if (flags.until === undefined) return undefined;
  const at = Date.parse(flags.until);
  if (Number.isNaN(at)) {
    throw new AppError("USAGE", `"${flags.until}" is no moment`, {
      hint: `write it as ${new Date(now).toISOString()}`,
    });
  }
  if (at > now) return at;
  throw new AppError("USAGE", `${flags.until} is past`, { hint: `now it is ${new Date(now).toISOString()}` });
}

function lengthOf(text: string): Millis {
  const length = parseDuration(text);
  if (length === undefined || length === 0) {
    throw new AppError("USAGE", `"${text}" is no length of time`, { hint: "write it as 90s, 45m, 2h or 1d" });
  }
  if (length <= LONGEST_DAYS * DAY_MS) return length;
  throw new AppError("USAGE", `"${text}" is longer than a pause may be`, {
    hint: `give at most ${LONGEST_DAYS}d, or leave --for out to pause until tidelock resume`,
  });
}
