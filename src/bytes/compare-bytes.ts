import { confirmTag } from "../catalog/confirm.ts";
import type { Unread } from "../catalog/unread.ts";
import { AppError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Finding, Side, SideReading } from "../parity/model.ts";
import type { RegistryName } from "../topology/model.ts";
import type { Source } from "./blob-bytes.ts";
import { judgeServed, type Judged } from "./judge-served.ts";
import type { BlobState } from "./verify-blob.ts";
import { verifyImage, type ServedImage, type VerifyOptions } from "./verify-image.ts";

/** Two registries that say that they hold the same. */
export interface BytesContext {
  readonly names: Readonly<Record<Side, RegistryName>>;
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly sources: Readonly<Record<Side, Source>>;
}

/** A tag that stands for the same digest on both sides. */
export interface InStepTag {
  /** With the project. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

export interface BytesComparison {
  /** One for each tag of an image that a side does not serve, of the kind `unservable`. */
  readonly findings: readonly Finding[];
  /** What could not be read on a side; it is no finding. */
  readonly unread: readonly Unread[];
  readonly images: number;
}

const SIDES = ["left", "right"] as const;
/** Images at once; each is read on both sides, and a connection bounds its requests by itself. */
const AT_ONCE = 4;

/**
 * Reads the bytes of images on both sides, each image once however many tags it has. What a side lacks is a finding only if its tag still
 * stands there, and unread if that can't be told; the other side is named as the donor if it serves everything.
 */
export async function compareBytes(
  context: BytesContext,
  tags: readonly InStepTag[],
  { whole = false }: Pick<VerifyOptions, "whole">,
  signal: AbortSignal,
): Promise<BytesComparison> {
  const images = [...groupBy(tags, ({ repository, digest }) => `${repository}@${digest}`).values()];
  const queue = [...images];
  const findings: Finding[] = [];
  const unread: Unread[] = [];
  const seen = { left: new Map<string, Promise<BlobState>>(), right: new Map<string, Promise<BlobState>>() };
  const work = async (): Promise<void> => {
    for (let image = queue.shift(); image !== undefined; image = queue.shift()) {
      const [left, right] = await Promise.all([
        verifySide(context, "left", image, { whole, seen: seen.left }, signal),
        verifySide(context, "right", image, { whole, seen: seen.right }, signal),
      ]);
      unread.push(...unreadOf(context, "left", image, left), ...unreadOf(context, "right", image, right));
      const judged = judgeServed(context.names, { left, right });
      if (judged === undefined) continue;
      const confirmed = await confirmFinding(context, image, judged, signal);
      findings.push(...confirmed.findings);
      unread.push(...confirmed.unread);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { findings: findings.toSorted(byName), unread, images: images.length };
}

async function verifySide(
  { sources }: BytesContext,
  side: Side,
  [first]: readonly InStepTag[],
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<ServedImage> {
  const { repository, digest } = first ?? { repository: "", digest: "" };
  return verifyImage(sources[side], repository, digest, options, signal);
}

function unreadOf(
  { names }: BytesContext,
  side: Side,
  [first]: readonly InStepTag[],
  { unread }: ServedImage,
): Unread[] {
  const [error] = unread;
  if (first === undefined || error === undefined) return [];
  return [{ registry: names[side], subject: first.repository, error }];
}

/** Says of each tag that still stands what was found of its image. */
async function confirmFinding(
  context: BytesContext,
  image: readonly InStepTag[],
  judged: Judged,
  signal: AbortSignal,
): Promise<Pick<BytesComparison, "findings" | "unread">> {
  const findings: Finding[] = [];
  const silent = new Map<Side, Unread>();
  for (const one of image) {
    const standing = await standingOf(context, one, signal);
    if (standing === "stands") findings.push({ ...judged, ...one, left: one.digest, right: one.digest });
    else if (standing !== "moved")
      for (const side of standing.silent) silent.set(side, unconfirmed(context.names[side], one, judged));
  }
  return { findings, unread: [...silent.values()] };
}

type Standing = "stands" | "moved" | { readonly silent: readonly Side[] };

/** A tag that was moved or deleted meanwhile may have lost its image by right; one that can't be read may stand where it stood. */
async function standingOf(
  { ports }: BytesContext,
  { repository, tag, digest }: InStepTag,
  signal: AbortSignal,
): Promise<Standing> {
  const reading = (side: Side): Promise<SideReading> => confirmTag(ports[side], repository, tag, signal);
  const [left, right] = await Promise.all([reading("left"), reading("right")]);
  if (isElsewhere(left, digest) || isElsewhere(right, digest)) return "moved";
  const readings = { left, right };
  const silent = SIDES.filter((side) => readings[side].kind === "unread");
  return silent.length === 0 ? "stands" : { silent };
}

function isElsewhere(reading: SideReading, digest: string): boolean {
  return reading.kind === "absent" || (reading.kind === "present" && reading.digest !== digest);
}

/** What was found is not forgotten because the last question about it got no answer. */
function unconfirmed(registry: RegistryName, { repository }: InStepTag, { reason }: Judged): Unread {
  const message = `${reason}; whether its tags still stand on ${registry} could not be read`;
  return { registry, subject: repository, error: new AppError("HARBOR_FAILED", message) };
}

function byName(a: Finding, b: Finding): number {
  const [left, right] = [`${a.repository}:${a.tag}`, `${b.repository}:${b.tag}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
