import { afterProbe, FIRST_REACH } from "../failback/outage.ts";
import type { OutageStore } from "../store/store.ts";
import type { ReplicatedTopology } from "../topology/model.ts";
import type { PassReport } from "./report.ts";

/** A one-shot sees a registry once, after its own retries, so one look decides. */
const ONE_LOOK = { failAfter: 1, riseAfter: 1 };

/** Keeps what a one-shot pass saw of its registries, so that outages are known where no daemon probes. */
export async function recordReach(
  outages: OutageStore,
  { registries }: ReplicatedTopology,
  { unreachable, startedAt }: PassReport,
): Promise<void> {
  for (const name of registries) {
    const failure = unreachable.find(({ registry }) => registry === name)?.error.code;
    if (failure !== undefined && !isAway(failure)) continue;
    const before = (await outages.reach(name)) ?? FIRST_REACH;
    const step = afterProbe(before, failure === undefined, startedAt, ONE_LOOK);
    await outages.saveReach(name, step.reach, step.outage);
  }
}

/** Refused credentials are no outage: that registry works. */
function isAway(code: string): boolean {
  return code === "HARBOR_UNREACHABLE" || code === "HARBOR_TIMEOUT" || code === "HARBOR_FAILED";
}
