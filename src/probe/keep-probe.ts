import type { Instant } from "../clock.ts";
import type { FaultName } from "../cluster/faults.ts";
import type { ProbeReport } from "../cluster/report.ts";
import type { Store } from "../store/store.ts";
import type { TopologyName } from "../topology/model.ts";
import { afterProbe, type OpenFault } from "./after-probe.ts";
import { probeJson } from "./probe-json.ts";

/** Keeps what a probe came to, for `health` and `status`, and what it means for the incidents of its cluster. */
export async function keepProbe(
  store: Pick<Store, "passes" | "incidents" | "pauses">,
  report: ProbeReport,
): Promise<void> {
  const { topology, finishedAt: at, verdict } = report;
  await store.passes.save({ topology, at, report: probeJson(report) });
  const paused = (await store.pauses.of(topology, at)) !== undefined;
  for (const change of afterProbe(await openFaults(store, topology), verdict, paused)) {
    const { subject, notes, closed } = change;
    const id = change.id ?? (await store.incidents.open({ topology, kind: "fault", subject, openedAt: at }));
    for (const note of notes) await store.incidents.add(id, { at, ...note });
    if (closed) await store.incidents.close(id, at);
  }
}

/** Keeps that no node of a cluster answers, which leaves no report. A later probe that is answered ends it. */
export async function keepSilence(
  store: Pick<Store, "incidents" | "pauses">,
  topology: TopologyName,
  why: string,
  at: Instant,
): Promise<void> {
  const known = (await openFaults(store, topology)).find(({ subject }) => subject === ALL_DOWN);
  const isPaused = (await store.pauses.of(topology, at)) !== undefined;
  if (known?.said.has(why) === true || (known === undefined && isPaused)) return;
  const id = await store.incidents.open({ topology, kind: "fault", subject: ALL_DOWN, openedAt: at });
  await store.incidents.add(id, { at, kind: known === undefined ? "opened" : "evidence", text: why });
}

const ALL_DOWN: FaultName = "core-down";

async function openFaults({ incidents }: Pick<Store, "incidents">, topology: string): Promise<OpenFault[]> {
  const faults: OpenFault[] = [];
  for (const { id, kind, subject } of await incidents.openOf(topology)) {
    if (kind !== "fault") continue;
    const entries = (await incidents.get(id))?.entries ?? [];
    faults.push({ id, subject, said: new Set(entries.map(({ text }) => text)) });
  }
  return faults;
}
