import type { TagWork } from "../failback/remedies.ts";
import type { FlowContext } from "./context.ts";
import { whyNotKept } from "./rescue.ts";

/** Tags of one repository that are to be put over others. */
export interface Replacing {
  readonly repository: string;
  readonly tags: readonly TagWork[];
  readonly from: string;
}

/** Keeps what somebody may miss before it is overwritten. Gives the reason where that is impossible: then nothing is overwritten. */
export async function keepReplaced(
  context: FlowContext,
  { repository, tags, from }: Replacing,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { tag, replaces, rescues } of tags) {
    if (rescues !== true || replaces === undefined) continue;
    const reason = `what ${from} had was put over it`;
    const keeping = { port: context.target, repository, tag, digest: replaces, reason };
    const why = await whyNotKept(context, keeping, signal);
    if (why !== undefined) {
      return `what ${tag} is on ${context.target.registry.name} could not be kept under a rescue tag${why}`;
    }
  }
  return undefined;
}
