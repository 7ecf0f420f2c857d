import type { App } from "../../compose.ts";
import { examineCluster } from "../../doctor/examine-cluster.ts";
import { examine } from "../../doctor/examine.ts";
import type { Check, Diagnosis } from "../../doctor/model.ts";
import { checkSelf } from "../../doctor/self.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { diagnosisJson, diagnosisLines } from "../render/diagnosis.ts";
import { chosenClusters } from "./probes.ts";

/** Reaches every registry and node, and tries each right that is needed, by requests that change nothing. 2 where something lacks. */
export async function doctor(app: App, io: CliIo, { output }: GlobalFlags): Promise<number> {
  const { declared, installation, store } = app;
  const self = checkSelf({
    nodeVersion: process.versions.node,
    store: { place: store.place, impaired: store.impaired },
    warnings: app.warnings.length,
    registries: declared.registries.size,
    topologies: declared.topologies.length,
  });
  const found = await examine(
    { declared, installation, loginAs: (name, account) => app.loginAs(name, account) },
    io.signal,
  );
  const clusters: Diagnosis[] = [];
  for (const topology of chosenClusters(app, undefined)) {
    clusters.push(await examineCluster(topology, app.clusterOf(topology), io.signal));
  }
  const diagnosis: Diagnosis = {
    checks: [...self, ...found.checks, ...clusters.flatMap(({ checks }) => checks)],
    advice: [...found.advice, ...clusters.flatMap(({ advice }) => advice)],
  };
  if (output === "json") io.out(JSON.stringify(diagnosisJson(diagnosis)));
  else for (const line of diagnosisLines(diagnosis)) io.out(line);
  return exitOf(diagnosis.checks);
}

function exitOf(checks: readonly Check[]): number {
  return checks.some(({ state }) => state === "fault") ? EXIT.notInStep : EXIT.ok;
}
