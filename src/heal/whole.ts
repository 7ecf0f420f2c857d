import { inTurns } from "../in-turns.ts";
import type { WholeRemedy } from "../failback/remedies.ts";
import { groupBy } from "../group-by.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { FlowContext } from "./context.ts";
import { keepReplaced, type Replacing } from "./keep-replaced.ts";
import { forgetLook, lookBefore } from "./look-before.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { rescueDisplaced } from "./rescue.ts";
import { whyOutdated } from "./scoped.ts";
import { switchOff, switchOn } from "./switched-off.ts";
import { watchExecution } from "./watch.ts";

/** Repositories that are looked at side by side. */
const LOOKED_AT_TOGETHER = 4;

/**
 * Runs the whole replication policies of a flow, after switching them off and on where that was asked for (in Harbor 2.x the switching alone
 * starts nothing). Harbor overwrites and brings back whatever differs, so this is done only when asked, and only where nothing on the target
 * is newer, contradicting or deleted on purpose: `whyNot` says so. What it is for is kept, looked at before and read back after, as by the scoped
 * remedy; in repositories where nothing differed a push that meets the run is Harbor's to lose.
 */
export async function performWhole(
  context: FlowContext,
  remedy: WholeRemedy,
  whyNot: string | undefined,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const repositories = [...groupBy(remedy.tags, ({ repository }) => repository)].map(
    ([repository, tags]): Replacing => ({ repository, tags, from: remedy.from }),
  );
  const withheld = whyNot ?? whyUnfit(context) ?? (await keepAll(context, repositories, signal));
  if (withheld !== undefined) return { remedy, result: "withheld", arrived: 0, reason: withheld };
  const looks = await inTurns(repositories, LOOKED_AT_TOGETHER, async (one) => ({
    ...one,
    ...(await lookBefore(context, context.target, one, signal)),
  }));
  const outdated = await firstOutdated(context, repositories, signal);
  if (outdated !== undefined) {
    for (const look of looks) await forgetLook(context, look);
    return { remedy, result: "outdated", arrived: 0, reason: outdated };
  }
  let isOver = true;
  for (const policy of context.policies) {
    if (remedy.kind === "toggle") await toggle(context, policy, signal);
    await context.beforeWrite();
    const execution = await context.source.startExecution(policy.id, signal);
    const watched = await watchExecution(context.source, context.clock, execution, "await-retries", signal);
    isOver &&= watched.kind === "final" || watched.kind === "vanished";
  }
  const displaced = await inTurns(looks, LOOKED_AT_TOGETHER, (look) =>
    // What may still come over something is read back once more by the next pass.
    rescueDisplaced(context, context.target, isOver ? look : { ...look, record: undefined }, signal),
  );
  const found = displaced.flat().length === 0 ? {} : { displaced: displaced.flat() };
  const arrived = await countArrived(context, remedy, signal);
  return arrived === remedy.tags.length
    ? { remedy, result: "arrived", arrived, ...found }
    : {
        remedy,
        result: "incomplete",
        arrived,
        reason: `the whole run ${isOver ? "ended, but" : "is still at work, and"} not everything is there`,
        ...found,
      };
}

async function keepAll(
  context: FlowContext,
  repositories: readonly Replacing[],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const one of repositories) {
    const unkept = await keepReplaced(context, one, signal);
    if (unkept !== undefined) return unkept;
  }
  return undefined;
}

/** What is only missing is not asked for again: a run leaves alone what came meanwhile as the same, and what came as another is read back. */
async function firstOutdated(
  context: FlowContext,
  repositories: readonly Replacing[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const reasons = await inTurns(repositories, LOOKED_AT_TOGETHER, ({ repository, tags }) =>
    whyOutdated(context, { repository, tags: tags.filter(({ replaces }) => replaces !== undefined) }, signal),
  );
  return reasons.find((reason) => reason !== undefined);
}

function whyUnfit({ flow, policies, endpointId }: FlowContext): string | undefined {
  if (policies.length === 0) return `${flow.from} has no replication policy of ours for ${flow.to}`;
  const astray = policies.find(({ targetEndpointId }) => targetEndpointId !== endpointId);
  if (astray !== undefined) return `${astray.name} does not copy to ${flow.to} any longer`;
  const off = policies.find(({ enabled }) => !enabled);
  return off === undefined ? undefined : `${off.name} is switched off, and Harbor does not run such a policy`;
}

async function toggle(context: FlowContext, policy: ReplicationPolicy, signal: AbortSignal): Promise<void> {
  await context.beforeWrite();
  try {
    await switchOff(context.source, policy, signal);
  } finally {
    // Also when no answer came, or work is to end: it may have been switched off all the same.
    await switchOn(context.source, policy);
  }
}

async function countArrived(
  { target }: FlowContext,
  { tags }: WholeRemedy,
  signal: AbortSignal,
): Promise<number> {
  const digests = await Promise.all(
    tags.map(({ repository, tag }) => target.tagDigest(repository, tag, signal)),
  );
  return digests.filter((digest, i) => digest === tags[i]?.digest).length;
}
