import type { App } from "../../compose.ts";
import type { Topology } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { decisionJson } from "../render/decision.ts";
import { incidentJson } from "../render/incident.ts";
import { rescueJson } from "../render/rescue.ts";
import { registryLines, topologyLines, type RegistryStatus, type TopologyStatus } from "../render/status.ts";
import { pauseJson } from "./pause.ts";
import { doubtStore } from "./tell-store.ts";

/** What the store knows, without asking any Harbor: last passes, pauses, incidents, decisions, rescued images, outages. */
export async function status(app: App, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const now = app.clock.now();
  const topologies = await Promise.all(
    app.declared.topologies.map((topology) => ofTopology(app, topology, now)),
  );
  const registries = await Promise.all(
    [...app.declared.registries.keys()].map((name) => ofRegistry(app, name)),
  );
  const names = topologies.map(({ name }) => name);
  await doubtStore(app, names, "of which this tells nothing", io);
  if (output === "json") {
    io.out(
      JSON.stringify({
        topologies: topologies.map((topology) => topologyJson(topology, now)),
        registries,
        store: app.store.place,
        impaired: app.store.impaired ?? null,
      }),
    );
    return EXIT.ok;
  }
  topologies.flatMap((topology) => topologyLines(topology, now)).forEach((line) => io.out(line));
  registries.flatMap((registry) => registryLines(registry, now)).forEach((line) => io.out(line));
  io.out(`store: ${app.store.place}`);
  return EXIT.ok;
}

const OUTAGES_TOLD = 5;

async function ofTopology({ store }: App, { name, kind }: Topology, now: number): Promise<TopologyStatus> {
  const pass = await store.passes.latest(name);
  return {
    name,
    kind,
    at: pass?.at ?? null,
    report: pass?.report ?? null,
    pause: await store.pauses.of(name, now),
    incidents: await store.incidents.openOf(name),
    decisions: await store.decisions.of(name),
    rescues: await store.rescues.of(name),
  };
}

async function ofRegistry({ store }: App, name: string): Promise<RegistryStatus> {
  const reach = await store.outages.reach(name);
  const outages = await store.outages.outages(name);
  return {
    name,
    up: reach?.up ?? null,
    lastGood: reach?.lastGood ?? null,
    outages: outages.slice(-OUTAGES_TOLD),
    rewinds: await store.memory.rewinds(name),
  };
}

function topologyJson(topology: TopologyStatus, now: number): Record<string, unknown> {
  const { pause, incidents, decisions, rescues, ...rest } = topology;
  return {
    ...rest,
    pause: pause === undefined ? null : pauseJson(pause),
    incidents: incidents.map((incident) => incidentJson(incident, now)),
    decisions: decisions.map(decisionJson),
    rescues: rescues.map(rescueJson),
  };
}
