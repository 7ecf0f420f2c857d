import {
  HISTORY_LENGTH,
  type Base,
  type BaseEntry,
  type Digest,
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
  if (verdict.kind === "unread" || verdict.kind === "rewound") return before;
  const digest = verdict.kind === "in-step" ? verdict.digest : before?.digest;
  const after: BaseEntry = {
    ...(digest === undefined ? {} : { digest }),
    cold: verdict.kind !== "in-step" && (before?.cold === true || !base.warm),
    ...deletion(before, verdict),
    pushedAt: { ...before?.pushedAt, ...pushTime("left", left), ...pushTime("right", right) },
    seen: {
      left: extend(before?.seen.left ?? [], left),
      right: extend(before?.seen.right ?? [], right),
    },
  };
  return before !== undefined && isEqual(before, after) ? before : after;
}

/** Remembered until both sides agree again. */
function deletion(before: BaseEntry | undefined, verdict: Verdict): Pick<BaseEntry, "deletedOn"> {
  if (verdict.kind === "in-step") return {};
  const side = verdict.kind === "deleted" ? verdict.side : before?.deletedOn;
  return side === undefined ? {} : { deletedOn: side };
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
    a.seen.left === b.seen.left &&
    a.seen.right === b.seen.right
  );
}
