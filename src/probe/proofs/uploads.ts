import type { Millis } from "../../clock.ts";
import type { Answered, UploadCrossing } from "../../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../../harbor/node-port.ts";
import { answered, isGood } from "../answered.ts";
import type { ProbeContext, Proven } from "../context.ts";
import { follow, type Look } from "../follow.ts";
import { digestOf, uniqueBytes } from "../image.ts";
import { ownPath, withQuery } from "../own-path.ts";
import { beginUpload } from "../push-image.ts";

const BYTES = 512;
const OCTETS = { "Content-Type": "application/octet-stream" };

interface Crossing {
  readonly from: NodePort;
  readonly to: NodePort;
}

/**
 * Uploads begun through one node and gone on with through another, for each ordered pair and for each node alone, as the control. What is
 * uploaded belongs to no image, so Harbor's garbage collection takes it.
 */
export async function proveUploads(
  context: ProbeContext,
  signal: AbortSignal,
): Promise<Proven<UploadCrossing>> {
  const crossings = context.nodes.flatMap((from) => context.nodes.map((to): Crossing => ({ from, to })));
  const rows = await Promise.all(crossings.map((crossing) => cross(context, crossing, signal)));
  return { rows, skipped: [] };
}

async function cross(
  context: ProbeContext,
  crossing: Crossing,
  signal: AbortSignal,
): Promise<UploadCrossing> {
  const { project, label, clock } = context;
  const { from, to } = crossing;
  await context.beforeWrite();
  const begun = await beginUpload(from, `${project}/${label}-upload-from-${from.name}`, signal);
  const since = clock.monotonic();
  const row = { from: from.name, to: to.name, begin: answered(begun) };
  const location = locationOf(begun, from);
  if (!isGood(begun) || location === undefined) {
    return { ...row, status: undefined, chunk: undefined, finish: undefined, rightAfterMs: undefined };
  }
  const seen = await lookUntilKnown(context, to, location, since, signal);
  if (seen.rightAfterMs === undefined) {
    await from.ask({ method: "DELETE", path: location, as: "account" }, signal);
    return { ...row, status: seen.answer, chunk: undefined, finish: undefined, rightAfterMs: undefined };
  }
  const rest = await goOn(context, crossing, location, signal);
  return { ...row, status: seen.answer, ...rest, rightAfterMs: seen.rightAfterMs };
}

/**
 * Asks `to` for the state of the upload until it knows it. A registry with another secret refuses what the first one signed, and will never do
 * otherwise, so that is not waited for beyond what may be slow.
 */
async function lookUntilKnown(
  { clock, limits }: ProbeContext,
  to: NodePort,
  location: string,
  since: Millis,
  signal: AbortSignal,
): Promise<{ readonly answer: Answered; readonly rightAfterMs: Millis | undefined }> {
  let answer: Answered | undefined;
  const look = async (): Promise<Look<Answered>> => {
    const state = await to.ask({ method: "GET", path: location, as: "account" }, signal);
    answer = answered(state);
    return isGood(state) ? { right: true } : { right: false, wrong: answer };
  };
  const first = await follow({ clock, since, giveUpMs: limits.visibleWithinMs }, look, signal);
  const isFinal = first.rightAfterMs !== undefined || answer?.code === "BLOB_UPLOAD_INVALID";
  const { rightAfterMs } = isFinal
    ? first
    : await follow({ clock, since, giveUpMs: limits.giveUpMs }, look, signal);
  return { answer: answer ?? { status: 0, code: "", text: "", tookMs: 0 }, rightAfterMs };
}

/** A chunk and the end through `to`; each step is asked where the last one pointed. */
async function goOn(
  context: ProbeContext,
  { from, to }: Crossing,
  begun: string,
  signal: AbortSignal,
): Promise<Pick<UploadCrossing, "chunk" | "finish">> {
  const bytes = uniqueBytes(context.random, BYTES);
  const [head, tail] = [bytes.subarray(0, BYTES / 2), bytes.subarray(BYTES / 2)];
  await context.beforeWrite();
  const patched = await to.ask(
    { method: "PATCH", path: begun, as: "account", headers: OCTETS, body: head },
    signal,
  );
  const chunk = answered(patched);
  const next = locationOf(patched, to);
  if (!isGood(patched) || next === undefined) {
    await from.ask({ method: "DELETE", path: begun, as: "account" }, signal);
    return { chunk, finish: undefined };
  }
  await context.beforeWrite();
  const path = withQuery(next, `digest=${encodeURIComponent(digestOf(bytes))}`);
  const put = await to.ask({ method: "PUT", path, as: "account", headers: OCTETS, body: tail }, signal);
  return { chunk, finish: answered(put) };
}

function locationOf(answer: NodeAnswer, node: NodePort): string | undefined {
  return answer.kind === "reply" ? ownPath(answer.headers["location"], node) : undefined;
}
