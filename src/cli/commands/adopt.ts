import type { App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import type { Adoption, Taken } from "../../import/adoption.ts";
import type { ImportNotice } from "../../import/model.ts";
import {
  adoptAll,
  adoptionOf,
  observeDeclared,
  unreadIn,
  type AdoptionResult,
} from "../../reconcile/adopt.ts";
import type { ReplicatedTopology, TopologyName } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { adoptionJson, adoptionLines, resultLine } from "../render/adoption.ts";
import { chosenTopologies } from "./passes.ts";
import { withLease } from "./with-lease.ts";

export interface AdoptFlags {
  readonly only?: readonly TopologyName[];
  readonly yes?: boolean;
}

interface TopologyAdoption {
  readonly topology: ReplicatedTopology;
  readonly adoptions: readonly Adoption[];
  readonly notices: readonly ImportNotice[];
}

/**
 * Makes the endpoints and policies that the plan would otherwise create beside ours, after showing every difference and a yes. Ends with 0
 * when all that could be adopted is, 2 when something was declined or failed, 1 when a registry could not be read.
 */
export async function adopt(
  app: App,
  flags: AdoptFlags,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const topologies = chosenTopologies(app, flags.only);
  const observed = await observeDeclared(app, io.signal);
  const unread = [
    ...new Map(
      topologies.flatMap((one) => unreadIn(one, observed)).map((one) => [one.registry, one]),
    ).values(),
  ];
  unread.forEach(({ registry, error }) => io.err(`error: ${registry} could not be read: ${error.message}`));
  const taken: Taken = new Set();
  const plans = topologies.map((topology) => planFor(app, topology, observed, taken));
  const adoptions = plans.flatMap((one) => one.adoptions);
  if (output === "table") plans.flatMap(linesOf).forEach((line) => io.out(line));
  const results =
    adoptions.length > 0 && (await isAgreed(adoptions.length, flags, io))
      ? await perform(app, plans, io)
      : [];
  if (output === "json") io.out(JSON.stringify(jsonOf(plans, results)));
  else results.forEach((result) => io.out(resultLine(result)));
  if (unread.length > 0) return EXIT.error;
  const done = results.filter(({ failure }) => failure === undefined).length;
  return done === adoptions.length ? EXIT.ok : EXIT.notInStep;
}

function planFor(
  app: App,
  topology: ReplicatedTopology,
  observed: Awaited<ReturnType<typeof observeDeclared>>,
  taken: Taken,
): TopologyAdoption {
  if (topology.mode === "act") return { topology, ...adoptionOf(app, topology, observed, taken) };
  const [registry = ""] = topology.registries;
  const message = "the topology is declared mode: observe, so nothing is adopted for it";
  return { topology, adoptions: [], notices: [{ registry, name: topology.name, message }] };
}

function linesOf({ topology, adoptions, notices }: TopologyAdoption): string[] {
  const heading = `${topology.name}: ${adoptions.length === 0 ? "nothing to adopt" : `${adoptions.length} to adopt`}`;
  return [
    heading,
    ...adoptions.flatMap(adoptionLines),
    ...notices.map(({ registry, name, message }) => `  note: ${registry}: ${name}: ${message}`),
  ];
}

async function isAgreed(count: number, { yes }: AdoptFlags, io: CliIo): Promise<boolean> {
  if (yes === true) return true;
  if (io.ask === undefined) {
    throw new AppError("USAGE", `adopting ${count} objects needs a yes, and there is no terminal to ask`, {
      hint: "look at the differences above, then run it again with --yes",
    });
  }
  return /^y(es)?$/i.test((await io.ask(`adopt ${count === 1 ? "it" : `these ${count}`}? [y/N] `)).trim());
}

async function perform(app: App, plans: readonly TopologyAdoption[], io: CliIo): Promise<AdoptionResult[]> {
  const results: AdoptionResult[] = [];
  for (const { topology, adoptions } of plans) {
    if (adoptions.length === 0 || io.isStopping()) continue;
    const done = await withLease(app, topology.name, (beforeWrite) =>
      adoptAll({ portOf: (name) => app.portOf(name), beforeWrite }, adoptions, io.signal),
    );
    results.push(...done);
  }
  return results;
}

function jsonOf(
  plans: readonly TopologyAdoption[],
  results: readonly AdoptionResult[],
): Record<string, unknown> {
  return {
    topologies: plans.map(({ topology, adoptions, notices }) => ({
      name: topology.name,
      adoptions: adoptions.map((adoption) => adoptionJson(adoption, results)),
      notices,
    })),
  };
}
