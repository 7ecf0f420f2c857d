import { confirmTag } from "../catalog/confirm.ts";
import type { Instant, Millis } from "../clock.ts";
import { factsOf } from "../failback/audit-entries.ts";
import type { DeleteRemedy, TagWork } from "../failback/remedies.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { refusalIn } from "./refusal.ts";

/**
 * Removes tags that a person removed on the other side, each only while it stands on the digest that was seen: Harbor answers 404 for one that moved. The
 * artifact stays, without a tag, for as long as Harbor's garbage collection lets it. `readAt` is when the reading began that this rests on, by our
 * clock: the same image pushed again since leaves the time of its tag as it was, and shows in the log only.
 */
export async function performDelete(
  context: FlowContext,
  remedy: DeleteRemedy,
  readAt: Instant,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  let arrived = 0;
  const outdated: string[] = [];
  const refused: string[] = [];
  for (const work of remedy.tags) {
    try {
      const why = await deleteOne(context, { repository: remedy.repository, readAt, ...work }, signal);
      if (why === undefined) arrived += 1;
      else outdated.push(why);
    } catch (thrown) {
      refused.push(refusalIn(thrown, signal));
    }
  }
  const [reason] = [...refused, ...outdated];
  if (reason === undefined) return { remedy, result: "arrived", arrived };
  return { remedy, result: refused.length > 0 ? "incomplete" : "outdated", arrived, reason };
}

interface Deleting extends TagWork {
  readonly repository: string;
  readonly readAt: Instant;
}

/** Why it was left alone; undefined when it is gone now. */
async function deleteOne(
  context: FlowContext,
  deleting: Deleting,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { source, target } = context;
  const { repository, tag, digest } = deleting;
  const [there, here] = await Promise.all([
    confirmTag(source, repository, tag, signal),
    confirmTag(target, repository, tag, signal),
  ]);
  if (there.kind !== "absent") return `${tag} is on ${source.registry.name} again, or could not be read`;
  if (here.kind !== "present" || here.digest !== digest)
    return `${tag} changed on ${target.registry.name} meanwhile`;
  if (await wasPushedSince(context, deleting, signal))
    return `${tag} was pushed to ${target.registry.name} again meanwhile`;
  await context.beforeWrite();
  if (!(await target.deleteTag(repository, digest, tag, signal)))
    return `${tag} moved on ${target.registry.name} before it could be removed`;
  if (!(await wasPushedSince(context, deleting, signal))) return undefined;
  await context.beforeWrite();
  await target.createTag(repository, digest, tag, signal);
  return `${tag} was pushed to ${target.registry.name} again while it was being removed, so it was put back`;
}

/** So many of the newest entries are looked at: what counts happened since the comparison began. */
const ENTRIES_LOOKED_AT = 100;
/** The log was read a little before that, and clocks are known no better. */
const MARGIN_MS: Millis = 10_000;

async function wasPushedSince(
  { target, clock }: FlowContext,
  { repository, tag, readAt }: Deleting,
  signal: AbortSignal,
): Promise<boolean> {
  const offset = (await harborNow(target, clock, signal)) - clock.now();
  const facts = factsOf(await target.latestAudit(ENTRIES_LOOKED_AT, signal));
  return facts.some(
    (fact) =>
      fact.repository === repository &&
      fact.tag === tag &&
      (fact.act === "push" || fact.act === "create-tag") &&
      fact.at > readAt + offset - MARGIN_MS,
  );
}
