import {
  HISTORY_LENGTH,
  otherSide,
  type Base,
  type BaseEntry,
  type Digest,
  type Side,
  type SideReading,
  type Verdict,
} from "./model.ts";

/**
 * What is to be remembered of a tag after this reading; undefined when nothing is to be kept (the tag is gone on both sides).
 * Returns the same object when nothing changed, so that an unchanged tag costs no write.
 */
export function remember(
  base: Base,
  left: SideReading,
  right: SideReading,
  verdict: Verdict,
): BaseEntry | undefined {
  const before = base.entry;
  if (verdict.kind === "gone") return undefined;
  if (verdict.kind === "unread" || verdict.kind === "rewound") return base.warm ? before : cooled(before);
  const agreed = agreement(before, base.warm, verdict);
  // What left the agreement and came back to it keeps the older time, so that this is known for as long as they differ.
  const isBack = (reading: SideReading): boolean =>
    verdict.kind !== "in-step" && reading.kind === "present" && reading.digest === agreed.digest;
  const after: BaseEntry = {
    ...agreed,
    pushedAt: {
      ...before?.pushedAt,
      ...(isBack(left) ? {} : pushTime("left", left)),
      ...(isBack(right) ? {} : pushTime("right", right)),
    },
    ...apart(before, agreed.digest, { left, right }, verdict),
    seen: {
      left: extend(before?.seen.left ?? [], left),
      right: extend(before?.seen.right ?? [], right),
    },
  };
  return before !== undefined && isEqual(before, after) ? before : after;
}

/** Its repository may become warm with this reading, but of this tag nothing was learnt. */
function cooled(before: BaseEntry | undefined): BaseEntry {
  if (before?.cold === true) return before;
  return { pushedAt: {}, seen: { left: [], right: [] }, ...before, cold: true };
}

/** What both agree on stays as it was until they agree again; so does who deleted it. */
function agreement(
  before: BaseEntry | undefined,
  warm: boolean,
  verdict: Verdict,
): Pick<BaseEntry, "digest" | "cold" | "deletedOn"> {
  if (verdict.kind === "in-step") return { digest: verdict.digest, cold: false };
  const deletedOn = (verdict.kind === "deleted" ? verdict.side : undefined) ?? before?.deletedOn;
  return {
    ...(before?.digest === undefined ? {} : { digest: before.digest }),
    ...(deletedOn === undefined ? {} : { deletedOn }),
    cold: before?.cold === true || !warm,
  };
}

function apart(
  before: BaseEntry | undefined,
  agreed: Digest | undefined,
  readings: Readonly<Record<Side, SideReading>>,
  verdict: Verdict,
): Pick<BaseEntry, "apartAt"> {
  if (verdict.kind === "in-step") return {};
  const since = (side: Side): Partial<Record<Side, number>> => {
    const reading = readings[side];
    if (reading.kind !== "present" || reading.digest === agreed) return {};
    const isOtherStill = standsStill(before, otherSide(side), readings[otherSide(side)]);
    return { [side]: (isOtherStill ? before?.apartAt?.[side] : undefined) ?? reading.pushedAt };
  };
  const apartAt = { ...since("left"), ...since("right") };
  return Object.keys(apartAt).length === 0 ? {} : { apartAt };
}

function standsStill(before: BaseEntry | undefined, side: Side, reading: SideReading): boolean {
  return reading.kind !== "present" || before?.seen[side].at(-1) === reading.digest;
}

function pushTime(side: "left" | "right", reading: SideReading): Partial<Record<"left" | "right", number>> {
  return reading.kind === "present" ? { [side]: reading.pushedAt } : {};
}

function extend(seen: readonly Digest[], reading: SideReading): readonly Digest[] {
  if (reading.kind !== "present" || seen.at(-1) === reading.digest) return seen;
  return [...seen, reading.digest].slice(-HISTORY_LENGTH);
}

function isEqual(a: BaseEntry, b: BaseEntry): boolean {
  return (
    a.digest === b.digest &&
    a.cold === b.cold &&
    a.deletedOn === b.deletedOn &&
    a.pushedAt.left === b.pushedAt.left &&
    a.pushedAt.right === b.pushedAt.right &&
    a.apartAt?.left === b.apartAt?.left &&
    a.apartAt?.right === b.apartAt?.right &&
    a.seen.left === b.seen.left &&
    a.seen.right === b.seen.right
  );
}
