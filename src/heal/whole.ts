import type { WholeRemedy } from "../failback/remedies.ts";
import type { ReplicationPolicy } from "../observed/model.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { switchOff, switchOn } from "./switched-off.ts";
import { watchExecution } from "./watch.ts";

/**
 * Runs the whole replication policies of a flow, after switching them off and on where that was asked for (in Harbor 2.x the switching alone
 * starts nothing). Harbor overwrites and brings back whatever differs, so this is done only when asked, and only where nothing on the target
 * is newer, contradicting or deleted on purpose: `whyNot` says so.
 */
export async function performWhole(
  context: FlowContext,
  remedy: WholeRemedy,
  whyNot: string | undefined,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const withheld = whyNot ?? whyUnfit(context);
  if (withheld !== undefined) return { remedy, result: "withheld", arrived: 0, reason: withheld };
  for (const policy of context.policies) {
    if (remedy.kind === "toggle") await toggle(context, policy, signal);
    await context.beforeWrite();
    const execution = await context.source.startExecution(policy.id, signal);
    await watchExecution(context.source, context.clock, execution, "await-retries", signal);
  }
  const arrived = await countArrived(context, remedy, signal);
  return arrived === remedy.tags.length
    ? { remedy, result: "arrived", arrived }
    : { remedy, result: "incomplete", arrived, reason: "the whole run ended, but not everything is there" };
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
