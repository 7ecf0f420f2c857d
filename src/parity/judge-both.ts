import { judgeEqual } from "./judge-equal.ts";
import { cameBack, inFlight, neverAgreed } from "./judgements.ts";
import {
  otherSide,
  type Digest,
  type Side,
  type SideEvidence,
  type TagCase,
  type TagReading,
  type Verdict,
} from "./model.ts";

/** Both sides have the tag: equal, or one of them moved it, or both did. Only what moved can be in flight. */
export function judgeBoth(tag: TagCase, left: TagReading, right: TagReading): Verdict {
  if (left.digest === right.digest) return judgeEqual(tag, left, right);
  const agreed = neverAgreed(tag.base) ? undefined : tag.base.entry?.digest;
  const onLeft = left.digest === agreed ? "no" : tag.evidence.left.inFlight;
  const onRight = right.digest === agreed ? "no" : tag.evidence.right.inFlight;
  const unsettled = inFlight(onLeft, onRight);
  if (unsettled !== undefined) return unsettled;
  return (
    judgeByAgreement(tag, agreed, { left, right }) ??
    judgeByHistory(tag, left.digest, right.digest) ??
    judgeByOutage(tag, left.digest, right.digest) ??
    conflict()
  );
}

/** The side that still holds what both agreed on is behind, unless it only came back to that, after the other one moved. */
function judgeByAgreement(
  tag: TagCase,
  agreed: Digest | undefined,
  readings: Readonly<Record<Side, TagReading>>,
): Verdict | undefined {
  const behind = (["left", "right"] as const).find((side) => readings[side].digest === agreed);
  if (behind === undefined) return undefined;
  const isBack = isLater(tag, behind) && cameBack(tag.base, behind, readings[behind]);
  if (isBack && tag.topology === "dual-master") return conflict();
  const reason = "it was moved there since both agreed";
  return moved(tag, otherSide(behind), readings[behind].digest, reason);
}

/** Whether this side's push is known to have come after the other side's; with some doubt, whether it may have. */
function isLater({ evidence }: TagCase, side: Side, doubtMs = 0): boolean {
  const others = evidence[otherSide(side)].pushedAtOurs ?? Infinity;
  return (evidence[side].pushedAtOurs ?? -Infinity) > others - doubtMs;
}

/** A digest that the other side had under this tag before is the older one, unless it was pushed later. */
function judgeByHistory(tag: TagCase, left: Digest, right: Digest): Verdict | undefined {
  const rightIsOld = hadBefore(tag, "left", left, right) && !isLater(tag, "right");
  const leftIsOld = hadBefore(tag, "right", right, left) && !isLater(tag, "left");
  if (rightIsOld === leftIsOld) return undefined;
  const reason = "the other side had this image under this tag before";
  const verdict = rightIsOld ? moved(tag, "left", right, reason) : moved(tag, "right", left, reason);
  const behind = rightIsOld ? "right" : "left";
  // A person may have gone back to the older image at the same moment.
  const isDoubtful = tag.evidence[behind].pushedBy !== "replication" && isLater(tag, behind, CLOCK_DOUBT_MS);
  return isDoubtful ? keepingReplaced(verdict) : verdict;
}

/** What stood here before both agreed on something else does not count: a side that holds it now was pushed back to it. */
function hadBefore(tag: TagCase, side: Side, now: Digest, wanted: Digest): boolean {
  const { entry } = tag.base;
  const seen = entry?.seen[side] ?? [];
  const sinceAgreed = entry?.digest === undefined ? seen : seen.slice(seen.lastIndexOf(entry.digest) + 1);
  const past = [...sinceAgreed, ...tag.evidence[side].auditedDigests].filter((digest) => digest !== now);
  return past.includes(wanted);
}

/** The clocks of two registries are compared by what we measured of them. */
const CLOCK_DOUBT_MS = 2_000;

/**
 * A push that the other side could not be told of is the newer one, if only one side has such a push, and the other side was not
 * pushed to after it: what came later there was acknowledged too, and is not to be lost. Between masters what a third one brought is no such push: it may be
 * older than what stands on the other side.
 */
function judgeByOutage(tag: TagCase, left: Digest, right: Digest): Verdict | undefined {
  const isNews = ({ pushedInOutage, pushedBy }: SideEvidence): boolean =>
    pushedInOutage && (tag.topology === "master-slave" || pushedBy !== "replication");
  const isLeftNews = isNews(tag.evidence.left);
  if (isLeftNews === isNews(tag.evidence.right)) return undefined;
  if (isLater(tag, isLeftNews ? "right" : "left", CLOCK_DOUBT_MS)) return undefined;
  const reason = "it was pushed there while the other side was away";
  const verdict = isLeftNews ? moved(tag, "left", right, reason) : moved(tag, "right", left, reason);
  // Of what was read whole before it is known that both were pushed since; of what was not, both may have agreed on what is replaced.
  return neverAgreed(tag.base) ? verdict : keepingReplaced(verdict);
}

function keepingReplaced(verdict: Verdict): Verdict {
  return "copy" in verdict ? { ...verdict, copy: { ...verdict.copy, rescues: true } } : verdict;
}

function moved(tag: TagCase, by: Side, replaces: Digest, reason: string): Verdict {
  if (tag.topology === "master-slave" && by === "right") {
    return { kind: "conflict", side: "right", reason: "the slave changed it", notice: false };
  }
  return {
    kind: "stale",
    side: by === "left" ? "right" : "left",
    reason,
    copy: { from: by, replaces },
    notice: false,
  };
}

function conflict(): Verdict {
  return {
    kind: "conflict",
    reason: "both sides changed it, and nothing says which came later",
    notice: false,
  };
}
