import { confirmTag } from "../catalog/confirm.ts";
import type { DeleteRemedy, TagWork } from "../failback/remedies.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { refusalIn } from "./refusal.ts";

/**
 * Removes tags that a person removed on the other side, each only while it stands on the digest that was seen: Harbor answers 404 for one that moved. The
 * artifact stays, without a tag, for as long as Harbor's garbage collection lets it.
 */
export async function performDelete(
  context: FlowContext,
  remedy: DeleteRemedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  let arrived = 0;
  const outdated: string[] = [];
  const refused: string[] = [];
  for (const work of remedy.tags) {
    try {
      const why = await deleteOne(context, remedy.repository, work, signal);
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

/** Why it was left alone; undefined when it is gone now. */
async function deleteOne(
  context: FlowContext,
  repository: string,
  { tag, digest }: TagWork,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { source, target } = context;
  const [there, here] = await Promise.all([
    confirmTag(source, repository, tag, signal),
    confirmTag(target, repository, tag, signal),
  ]);
  if (there.kind !== "absent") return `${tag} is on ${source.registry.name} again, or could not be read`;
  if (here.kind !== "present" || here.digest !== digest)
    return `${tag} changed on ${target.registry.name} meanwhile`;
  await context.beforeWrite();
  const deleted = await target.deleteTag(repository, digest, tag, signal);
  return deleted ? undefined : `${tag} moved on ${target.registry.name} before it could be removed`;
}
