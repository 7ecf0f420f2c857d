import type { Instant } from "../clock.ts";
import {
  afterPass,
  afterTurn,
  type IncidentChange,
  type OpenIncident,
  type PairFacts,
  type PassFacts,
  type RegistryFacts,
} from "../failback/incidents.ts";
import type { RemedyFacts } from "../failback/incident-texts.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import type { Store } from "../store/store.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { findingsOf, type PassReport } from "./report.ts";

type Evidence = Pick<Store, "incidents" | "outages" | "pauses">;

/** Keeps what a pass means for the incidents of its topology. What is known of outages must have been recorded before. */
export async function recordIncidents(
  store: Evidence,
  topology: ReplicatedTopology,
  report: PassReport,
): Promise<void> {
  const at = report.finishedAt;
  const registries: RegistryFacts[] = [];
  for (const name of topology.registries) registries.push(await registryFacts(store, name));
  const paused = (await store.pauses.of(topology.name, at)) !== undefined;
  const open = await openIncidents(store, topology);
  await keep(store, topology, at, afterPass(open, factsOf(report, registries, paused)));
}

/** The same for a registry that was just given up, or is back, in a topology that it belongs to. */
export async function recordTurn(
  store: Evidence,
  topology: ReplicatedTopology,
  registry: RegistryName,
  at: Instant,
): Promise<void> {
  const paused = (await store.pauses.of(topology.name, at)) !== undefined;
  const facts = await registryFacts(store, registry);
  await keep(store, topology, at, afterTurn(await openIncidents(store, topology), facts, paused));
}

async function registryFacts({ outages }: Evidence, name: RegistryName): Promise<RegistryFacts> {
  const reach = await outages.reach(name);
  const outage = (await outages.outages(name)).at(-1);
  return { name, up: reach?.up !== false, ...(outage === undefined ? {} : { outage }) };
}

async function openIncidents({ incidents }: Evidence, { name }: ReplicatedTopology): Promise<OpenIncident[]> {
  const open: OpenIncident[] = [];
  for (const { id, kind, subject, openedAt } of await incidents.openOf(name)) {
    // Of a cluster that was called the same before.
    if (kind === "fault") continue;
    const entries = (await incidents.get(id))?.entries ?? [];
    open.push({ id, kind, subject, openedAt, said: new Set(entries.map(({ text }) => text)) });
  }
  return open;
}

async function keep(
  { incidents }: Evidence,
  { name }: ReplicatedTopology,
  at: Instant,
  changes: readonly IncidentChange[],
): Promise<void> {
  for (const { incident, notes, closed } of changes) {
    const { kind, subject, openedAt } = incident;
    const id =
      "id" in incident ? incident.id : await incidents.open({ topology: name, kind, subject, openedAt });
    for (const note of notes) {
      await incidents.add(id, { at: note.kind === "opened" ? openedAt : at, ...note });
    }
    if (closed) await incidents.close(id, at);
  }
}

function factsOf(report: PassReport, registries: readonly RegistryFacts[], paused: boolean): PassFacts {
  const { content, startedAt, proven, verdict } = report;
  const readAt = Math.max(...(content?.pairs.map((pair) => pair.readAt) ?? []));
  return {
    startedAt,
    proven,
    verdict,
    paused,
    registries,
    pairs: pairFacts(report),
    remedies: report.remedies.map(remedyFacts),
    inStep: content?.pairs.reduce((sum, pair) => sum + pair.inStep, 0) ?? 0,
    left: findingsOf(content).filter(({ notice }) => !notice),
    ...(Number.isFinite(readAt) ? { readAt } : {}),
  };
}

/** From before the healing where there was one: afterwards nothing would be left to tell. */
function pairFacts({ before, content }: PassReport): PairFacts[] {
  const first = before ?? content;
  return (
    first?.pairs.map(({ left, right, findings }) => ({
      left,
      right,
      findings,
      evidence: first.warnings.filter(
        (sentence) =>
          sentence.startsWith(`${left} → ${right}:`) || sentence.startsWith(`${right} → ${left}:`),
      ),
    })) ?? []
  );
}

function remedyFacts({ remedy, result, arrived, reason }: RemedyOutcome): RemedyFacts {
  const { kind, from, to, tags } = remedy;
  const [first] = tags;
  const subject = "repository" in remedy ? `${remedy.repository}:${first?.tag ?? "*"}` : "everything";
  return {
    kind,
    from,
    to,
    subject,
    tags: tags.length,
    arrived,
    result,
    ...(reason === undefined ? {} : { reason }),
  };
}
