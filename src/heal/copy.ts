import { copyImage, whyNotCopied, type CopyResult } from "../bytes/copy-image.ts";
import { verifyImage } from "../bytes/verify-image.ts";
import { confirmTag } from "../catalog/confirm.ts";
import type { CopyRemedy, TagWork } from "../failback/remedies.ts";
import { groupBy } from "../group-by.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";

/**
 * Uploads what the target does not serve of images whose tags stand already on both sides. Harbor's own replication can't: it asks whether a
 * blob is there, and is told so by the records that outlived the bytes. No tag is moved, so nothing has to be kept or put back.
 */
export async function performCopy(
  context: FlowContext,
  remedy: CopyRemedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const { source, target, flow } = context;
  let arrived = 0;
  const reasons: string[] = [];
  for (const [digest, tags] of groupBy(remedy.tags, (work) => work.digest)) {
    const outdated = await whyOutdated([source, target], remedy, tags, signal);
    if (outdated !== undefined) return { remedy, result: "outdated", arrived, reason: outdated };
    const result = await copy(context, remedy, digest, tags, signal);
    const why =
      whyNotCopied(result, flow.from, flow.to) ?? (await whyNotServed(context, remedy, digest, signal));
    if (why === undefined) arrived += tags.length;
    else reasons.push(why);
  }
  const [reason] = reasons;
  return reason === undefined
    ? { remedy, result: "arrived", arrived }
    : { remedy, result: "incomplete", arrived, reason };
}

function copy(
  context: FlowContext,
  { repository }: CopyRemedy,
  digest: string,
  tags: readonly TagWork[],
  signal: AbortSignal,
): Promise<CopyResult> {
  const { distribution, clock } = context;
  return copyImage(
    {
      donor: { distribution: distribution.source, clock },
      target: { distribution: distribution.target, clock },
      repository,
      digest,
      tags: tags.map(({ tag }) => ({ tag, expected: digest })),
      beforeWrite: () => context.beforeWrite(),
    },
    signal,
  );
}

async function whyOutdated(
  ports: readonly HarborPort[],
  { repository }: CopyRemedy,
  tags: readonly TagWork[],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { tag, digest } of tags) {
    for (const port of ports) {
      const now = await confirmTag(port, repository, tag, signal);
      if (now.kind !== "present" || now.digest !== digest) {
        return `${tag} changed on ${port.registry.name} meanwhile`;
      }
    }
  }
  return undefined;
}

async function whyNotServed(
  { distribution, clock, flow }: FlowContext,
  { repository }: CopyRemedy,
  digest: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const target = { distribution: distribution.target, clock };
  const { lacks, unread } = await verifyImage(target, repository, digest, {}, signal);
  const why = lacks[0]?.sentence ?? unread[0]?.message;
  return why === undefined ? undefined : `${flow.to} still does not serve it: ${why}`;
}
