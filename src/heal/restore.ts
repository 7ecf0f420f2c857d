import { confirmTag } from "../catalog/confirm.ts";
import type { DisplacedOutcome } from "../failback/displaced.ts";
import { scopedRemedy, type RestoreRemedy, type TagWork } from "../failback/remedies.ts";
import type { FlowContext } from "./context.ts";
import { putOver, type Place } from "./look-before.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { refusalIn } from "./refusal.ts";
import { whyNotKept } from "./rescue.ts";
import { performScoped } from "./scoped.ts";

interface Restoring {
  readonly context: FlowContext;
  /** The flow from the target to the source; undefined where there is none. */
  readonly reverse: FlowContext | undefined;
  readonly remedy: RestoreRemedy;
  /** What our own writes displaced so far; it is added to, so that a tag that fails midway loses none of it. */
  readonly displaced: DisplacedOutcome[];
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
  const displaced: DisplacedOutcome[] = [];
  const restoring = { context, reverse, remedy, displaced };
  for (const work of remedy.tags) {
    const why = await restoreOne(restoring, work, signal).catch((thrown: unknown) =>
      refusalIn(thrown, signal),
    );
    if (why === undefined) arrived += 1;
    else reasons.push(`${work.tag}: ${why}`);
  }
  const [reason] = reasons;
  const found = displaced.length === 0 ? {} : { displaced };
  return reason === undefined
    ? { remedy, result: "arrived", arrived, ...found }
    : { remedy, result: "incomplete", arrived, reason, ...found };
}

/** Why it was not restored on both sides; undefined when it was. */
async function restoreOne(
  restoring: Restoring,
  work: TagWork,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { context, reverse, remedy } = restoring;
  const { repository, from, to } = remedy;
  const source: Place = { port: context.source, distribution: context.distribution.source };
  const target: Place = { port: context.target, distribution: context.distribution.target };
  const keepers: Place[] = [];
  for (const place of [source, target]) {
    const kept = await place.distribution.headManifest(repository, work.digest, signal);
    if (kept !== undefined) keepers.push(place);
  }
  if (keepers.length === 0) return "no registry keeps the lost image any longer";
  for (const place of keepers) {
    const why = await tagAgain(restoring, place, work, signal);
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
  restoring.displaced.push(...(outcome.displaced ?? []));
  return outcome.result === "arrived"
    ? undefined
    : (outcome.reason ?? `it did not come from ${flow.from === from ? from : to}`);
}

async function tagAgain(
  { context, remedy: { repository }, displaced }: Restoring,
  place: Place,
  work: TagWork,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { port, distribution } = place;
  const { tag, digest, replaces } = work;
  const { name } = port.registry;
  const now = await confirmTag(port, repository, tag, signal);
  if (now.kind !== "present") return `it is not there any longer on ${name}`;
  if (now.digest === digest) return undefined;
  if (replaces === undefined || now.digest !== replaces) return `it changed on ${name} meanwhile`;
  const reason = "a late copy had brought it back over something newer";
  const why = await whyNotKept(context, { port, repository, tag, digest: replaces, reason }, signal);
  if (why !== undefined) return `what it is on ${name} could not be kept under a rescue tag${why}`;
  const manifest = await distribution.manifest(repository, digest, signal);
  if (manifest === undefined) return `${name} can't serve the lost image`;
  const result = await putOver(context, { ...place, repository, work, manifest }, signal);
  switch (result.kind) {
    case "put":
      displaced.push(...result.displaced);
      return undefined;
    case "changed":
      return `it changed on ${name} meanwhile`;
    case "refused":
      return result.reason;
  }
}
