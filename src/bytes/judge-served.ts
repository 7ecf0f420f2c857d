import { otherSide, type Finding, type Side } from "../parity/model.ts";
import type { RegistryName } from "../topology/model.ts";
import type { ServedImage } from "./verify-image.ts";

/** What is said of every tag of an image that is not served. */
export type Judged = Pick<Finding, "kind" | "reason" | "notice" | "from" | "to" | "remedy">;

/**
 * What follows from what two registries serve of the same image; undefined when nothing does. The other side is named as the donor only when
 * it serves the whole of it, and when uploading helps: a file that is cut short or damaged is kept by its registry until somebody removes it.
 */
export function judgeServed(
  names: Readonly<Record<Side, RegistryName>>,
  served: Readonly<Record<Side, ServedImage>>,
): Judged | undefined {
  const broken = (["left", "right"] as const).filter((side) => served[side].lacks.length > 0);
  const [side] = broken;
  if (side === undefined) return undefined;
  if (broken.length === 2) {
    const reason = `neither side serves it: on ${names.left} ${lacksOf(served.left)}, on ${names.right} ${lacksOf(served.right)}; push the image again`;
    return { kind: "unservable", reason, notice: false };
  }
  const donor = otherSide(side);
  const what = `${names[side]} does not serve it: ${lacksOf(served[side])}`;
  const why = whyNoDonor(names[donor], served[side], served[donor]);
  if (why !== undefined) return { kind: "unservable", reason: `${what}; ${why}`, notice: false };
  return {
    kind: "unservable",
    reason: `${what}; ${names[donor]} serves it`,
    notice: false,
    from: names[donor],
    to: names[side],
    remedy: "copy",
  };
}

function whyNoDonor(name: RegistryName, broken: ServedImage, donor: ServedImage): string | undefined {
  if (donor.unread.length > 0) return `whether ${name} serves it could not be read`;
  return broken.lacks.some(({ kind }) => kind !== "missing")
    ? "its registry keeps a damaged file, whatever is uploaded: remove it from the storage, then heal"
    : undefined;
}

function lacksOf({ lacks: [first, ...others] }: ServedImage): string {
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `${first?.sentence ?? "nothing lacks"}${more}`;
}
