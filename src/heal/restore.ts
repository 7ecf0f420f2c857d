import { confirmTag } from "../catalog/confirm.ts";
import { scopedRemedy, type RestoreRemedy, type TagWork } from "../failback/remedies.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { refusalIn } from "./refusal.ts";
import { whyNotKept } from "./rescue.ts";
import { performScoped } from "./scoped.ts";

interface Place {
  readonly port: HarborPort;
  readonly distribution: RegistryV2Port;
}

/**
 * Tags again what a late copy had replaced, for as long as a registry still keeps it without a tag. What stands there now is kept under a rescue tag
 * first. `reverse` is the flow from the target to the source; undefined where there is none.
 */
export async function performRestore(
  context: FlowContext,
  reverse: FlowContext | undefined,
  remedy: RestoreRemedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  let arrived = 0;
  const reasons: string[] = [];
  for (const work of remedy.tags) {
    const why = await restoreOne(context, reverse, remedy, work, signal).catch((thrown: unknown) =>
      refusalIn(thrown, signal),
    );
    if (why === undefined) arrived += 1;
    else reasons.push(`${work.tag}: ${why}`);
  }
  const [reason] = reasons;
  return reason === undefined
    ? { remedy, result: "arrived", arrived }
    : { remedy, result: "incomplete", arrived, reason };
}

/** Why it was not restored on both sides; undefined when it was. */
async function restoreOne(
  context: FlowContext,
  reverse: FlowContext | undefined,
  { repository, from, to }: RestoreRemedy,
  work: TagWork,
  signal: AbortSignal,
): Promise<string | undefined> {
  const source: Place = { port: context.source, distribution: context.distribution.source };
  const target: Place = { port: context.target, distribution: context.distribution.target };
  const keepers: Place[] = [];
  for (const place of [source, target]) {
    const kept = await place.distribution.headManifest(repository, work.digest, signal);
    if (kept !== undefined) keepers.push(place);
  }
  if (keepers.length === 0) return "no registry keeps the lost image any longer";
  for (const place of keepers) {
    const why = await tagAgain(context, place, repository, work, signal);
    if (why !== undefined) return why;
  }
  if (keepers.length === 2) return undefined;
  const carrying = keepers[0] === source ? context : reverse;
  if (carrying === undefined) return `only ${to} keeps the lost image, and nothing is copied from there`;
  const { flow } = carrying;
  const copy = scopedRemedy({ from: flow.from, to: flow.to, repository, override: true, oldest: 0 }, [
    { ...work, rescues: true },
  ]);
  const outcome = await performScoped(carrying, copy, signal);
  return outcome.result === "arrived"
    ? undefined
    : (outcome.reason ?? `it did not come from ${flow.from === from ? from : to}`);
}

async function tagAgain(
  context: FlowContext,
  { port, distribution }: Place,
  repository: string,
  { tag, digest, replaces }: TagWork,
  signal: AbortSignal,
): Promise<string | undefined> {
  const now = await confirmTag(port, repository, tag, signal);
  if (now.kind !== "present") return `it is not there any longer on ${port.registry.name}`;
  if (now.digest === digest) return undefined;
  if (now.digest !== replaces) return `it changed on ${port.registry.name} meanwhile`;
  const reason = "a late copy had brought it back over something newer";
  const why = await whyNotKept(context, { port, repository, tag, digest: replaces, reason }, signal);
  if (why !== undefined) {
    return `what it is on ${port.registry.name} could not be kept under a rescue tag${why}`;
  }
  const manifest = await distribution.manifest(repository, digest, signal);
  if (manifest === undefined) return `${port.registry.name} can't serve the lost image`;
  await context.beforeWrite();
  if ((await port.tagDigest(repository, tag, signal)) !== replaces)
    return `it changed on ${port.registry.name} meanwhile`;
  await distribution.putManifest(repository, tag, manifest, signal);
  return undefined;
}
