import type { Instant } from "../clock.ts";
import { isEnded } from "../failback/executions.ts";
import type { ScopedRemedy, TagWork, TouchRemedy } from "../failback/remedies.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";
import { refusalIn } from "./refusal.ts";
import { forgetLook, lookBefore, wasRefused } from "./look-before.ts";
import { rescueDisplaced } from "./rescue.ts";
import { performScoped, whyOutdated } from "./scoped.ts";
import { executionsOf } from "./settle.ts";

const POLL_MS = 500;
/** An event's execution begins at once, with room for a loaded core. */
const EVENT_LIMIT_MS = 5_000;
/** A copy that takes longer is watched better by the scoped remedy. */
const COPY_LIMIT_MS = 120_000;

/**
 * Puts the manifests again at the source under their tags: Harbor sends an event for every manifest that is put, whether anything changed or not
 * (goharbor/harbor src/controller/artifact/controller.go:165-203), and its event policy copies that tag alone. What does not arrive so is brought over
 * by the scoped remedy.
 */
export async function performTouch(
  context: FlowContext,
  remedy: TouchRemedy,
  signal: AbortSignal,
): Promise<RemedyOutcome> {
  const { repository, tags } = remedy;
  const outdated = await whyOutdated(context, remedy, signal);
  if (outdated !== undefined) return { remedy, result: "outdated", arrived: 0, reason: outdated };
  const there = await lookBefore(context, context.target, remedy, signal).catch((thrown: unknown) => {
    refusalIn(thrown, signal);
    return undefined;
  });
  // A project that is not there yet is refused rather than empty, to a robot and by 2.1; nothing can be displaced in it.
  if (there === undefined)
    return { ...(await performScoped(context, { ...remedy, kind: "scoped" }, signal)), remedy };
  const onSource = { repository, tags: tags.map(withoutReplacing) };
  const here = await lookBefore(context, context.source, onSource, signal).catch(async (thrown: unknown) => {
    await forgetLook(context, there);
    throw thrown;
  });
  const before = { source: here, target: there };
  const touched = await touchAll(context, remedy, signal);
  await awaitArrival(context, repository, touched.works, signal);
  if (!touched.overtook) await forgetLook(context, before.source);
  const displaced = [
    ...(touched.overtook
      ? await rescueDisplaced(context, context.source, { ...onSource, ...before.source }, signal)
      : []),
    ...(await rescueDisplaced(context, context.target, { repository, tags, ...before.target }, signal)),
  ];
  const found = displaced.length === 0 ? {} : { displaced };
  const left = await notArrived(context, repository, tags, signal);
  if (left.length === 0) return { remedy, result: "arrived", arrived: tags.length, ...found };
  // Whatever was overtaken is judged anew rather than copied by force.
  if (displaced.length > 0) {
    return {
      remedy,
      result: "outdated",
      arrived: tags.length - left.length,
      reason: "it was pushed to meanwhile",
      ...found,
    };
  }
  const rest: ScopedRemedy = { ...remedy, kind: "scoped", tags: left };
  const outcome = await performScoped(context, rest, signal);
  return { ...outcome, remedy, arrived: outcome.arrived + tags.length - left.length };
}

/** What may be overwritten on the target was never meant to be on the source. */
function withoutReplacing({ replaces, ...work }: TagWork): TagWork {
  return work;
}

interface Touched {
  readonly works: readonly TagWork[];
  /** Somebody moved a tag between our look and our writing, or may have: nobody can tell where the answer was lost. */
  readonly overtook: boolean;
}

/** Stops at the first that is refused: the right to push, or an immutable tag, is the same for the others; and at a registry that fails. */
async function touchAll(context: FlowContext, remedy: TouchRemedy, signal: AbortSignal): Promise<Touched> {
  const works: TagWork[] = [];
  let overtook = false;
  for (const work of remedy.tags) {
    const result = await touchOne(context, remedy.repository, work, signal).catch(() => {
      signal.throwIfAborted();
      return "refused" as const;
    });
    if (result === "refused") break;
    if (result === "moved") continue;
    works.push(work);
    overtook ||= result !== "touched";
    if (result === "unanswered") break;
  }
  return { works, overtook };
}

/** Rejects as long as nothing was sent. */
async function touchOne(
  context: FlowContext,
  repository: string,
  { tag, digest }: TagWork,
  signal: AbortSignal,
): Promise<"touched" | "overtook" | "unanswered" | "moved" | "refused"> {
  const { source, distribution } = context;
  const manifest = await distribution.source.manifest(repository, digest, signal);
  const before = await source.tag(repository, tag, signal);
  if (manifest === undefined || before?.digest !== digest) return "moved";
  await context.beforeWrite();
  try {
    await distribution.source.putManifest(repository, tag, manifest, signal);
  } catch (thrown) {
    return wasRefused(thrown, signal) ? "refused" : "unanswered";
  }
  return wasOvertaken(context, repository, { tag, ...before }, signal);
}

/** The tag's time tells whether it was moved between our look and our writing: Harbor keeps it where the same image is put again. */
async function wasOvertaken(
  { source }: FlowContext,
  repository: string,
  { tag, digest, pushedAt }: { readonly tag: string; readonly digest: string; readonly pushedAt: Instant },
  signal: AbortSignal,
): Promise<"touched" | "overtook" | "unanswered"> {
  try {
    const after = await source.tag(repository, tag, signal);
    return after?.digest === digest && after.pushedAt !== pushedAt ? "overtook" : "touched";
  } catch {
    signal.throwIfAborted();
    return "unanswered";
  }
}

/** Until everything is there, or nothing more will come of it. */
async function awaitArrival(
  context: FlowContext,
  repository: string,
  works: readonly TagWork[],
  signal: AbortSignal,
): Promise<void> {
  if (works.length === 0) return;
  const { clock, source, policies } = context;
  const since = await harborNow(source, clock, signal);
  const begun = clock.monotonic();
  for (;;) {
    if ((await notArrived(context, repository, works, signal)).length === 0) return;
    const waited = clock.monotonic() - begun;
    const executions = await executionsOf(source, policies, signal);
    const atWork = executions.some(
      (execution) => execution.startedAt >= since - EVENT_LIMIT_MS && !isEnded(execution),
    );
    if (waited > COPY_LIMIT_MS || (waited > EVENT_LIMIT_MS && !atWork)) return;
    await clock.sleep(POLL_MS, signal);
  }
}

/** What can't be asked for did not arrive: a registry says 401 for a project that is not there yet (goharbor/harbor src/server/middleware/v2auth/auth.go:47-160). */
async function notArrived(
  { target }: FlowContext,
  repository: string,
  works: readonly TagWork[],
  signal: AbortSignal,
): Promise<TagWork[]> {
  const digests = await Promise.all(
    works.map(({ tag }) =>
      target.tagDigest(repository, tag, signal).catch(() => {
        signal.throwIfAborted();
        return undefined;
      }),
    ),
  );
  return works.filter(({ digest }, i) => digests[i] !== digest);
}
