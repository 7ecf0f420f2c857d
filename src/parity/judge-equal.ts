import { hasMoved, neverAgreed } from "./judgements.ts";
import {
  otherSide,
  type Digest,
  type Side,
  type SideEvidence,
  type TagCase,
  type TagReading,
  type Verdict,
} from "./model.ts";

const SIDES = ["left", "right"] as const;

/**
 * Equal is in step, unless something that was acknowledged later was lost on the way: Harbor resolves tags when a job runs, not when it was queued
 * (goharbor/harbor src/controller/replication/transfer/image/transfer.go:210), so a late copy in the other direction brings the older image back,
 * and then both sides have it and every execution succeeded.
 */
export function judgeEqual(tag: TagCase, left: TagReading, right: TagReading): Verdict {
  const { digest } = left;
  const readings = { left, right };
  const counted = tag.topology === "dual-master" ? SIDES : (["left"] as const);
  const losses = [
    ...(neverAgreed(tag.base) ? [] : [lostAgreement(tag, counted, digest)]),
    ...counted.map((side) =>
      neverAgreed(tag.base)
        ? overtakenPush(tag, side, readings[side])
        : (lostPush(tag, side, readings[side]) ?? overtakenPush(tag, side, readings[side])),
    ),
  ];
  const loss = losses.find((one) => one !== undefined && !isGivenUp(tag, one.digest));
  if (loss === undefined || wasMeant(tag, digest)) {
    const overtaken = overtakenAtSlave(tag, right);
    return { kind: "in-step", digest, ...(overtaken === undefined ? {} : { overtaken }) };
  }
  const byReplication = counted.some((side) => tag.evidence[side].pushedBy === "replication");
  return {
    kind: "regressed",
    reason: byReplication
      ? "a late copy brought an older image back over what a person had pushed"
      : "both sides went back to an older image, and nobody was seen to push it again",
    notice: false,
    byReplication,
    ...(loss.digest === undefined ? {} : { lost: loss.digest }),
  };
}

interface Loss {
  /** Undefined where the log names the push but not its digest (before 2.13). */
  readonly digest?: Digest;
}

/** Both had agreed on something else, and one of them had what stands here now before that: of a slave that says nothing. */
function lostAgreement(
  { base: { entry } }: TagCase,
  counted: readonly Side[],
  now: Digest,
): Loss | undefined {
  const agreed = entry?.digest;
  if (entry === undefined || agreed === undefined || agreed === now) return undefined;
  const stoodBefore = counted.some((side) => {
    const position = entry.seen[side].indexOf(now);
    return position !== -1 && position < entry.seen[side].lastIndexOf(agreed);
  });
  return stoodBefore ? { digest: agreed } : undefined;
}

/** Both hold what they had agreed on, but this side had something newer in between, which never reached the other one. */
function lostPush({ base, evidence }: TagCase, side: Side, reading: TagReading): Loss | undefined {
  const { entry } = base;
  if (entry?.digest !== reading.digest || !hasMoved(base, side, reading)) return undefined;
  const pushed = personsPush(evidence[side], reading);
  if (pushed !== undefined) return pushed;
  const seen = seenSince(entry.seen[side], reading.digest);
  return seen === undefined ? undefined : { digest: seen };
}

/**
 * The logs alone tell: a person pushed something else here, after the other side already had what stands here now, and then replication put that
 * back. Both logs must speak, since what came to the other side later is newer.
 */
function overtakenPush(tag: TagCase, side: Side, reading: TagReading): Loss | undefined {
  const { [side]: here, [otherSide(side)]: other } = tag.evidence;
  const pushed = personsPush(here, reading);
  const at = here.personPush?.at;
  if (pushed === undefined || at === undefined || other.pushedBy === undefined) return undefined;
  if ((other.pushedAtOurs ?? Infinity) >= at) return undefined;
  if (pushed.digest !== undefined) return pushed;
  const digest = seenAt(tag, side, reading, at);
  if (digest !== undefined) return { digest };
  return here.personPush?.replaced === true ? {} : undefined;
}

/**
 * What a person had pushed at a slave after the master had what stands there now: the master goes before, so nothing is put right, but it is told, the
 * first time that the two are seen to agree again.
 */
function overtakenAtSlave(tag: TagCase, slave: TagReading): Loss | undefined {
  const { topology, base } = tag;
  const isFirstContact = base.entry === undefined && !base.warm;
  if (topology !== "master-slave" || isFirstContact || isSeenSince(tag, slave)) return undefined;
  const loss = overtakenPush(tag, "right", slave);
  return loss === undefined || isGivenUp(tag, loss.digest) || wasMeant(tag, slave.digest) ? undefined : loss;
}

/** The slave was looked at after that push already, and had something later: it was told then. */
function isSeenSince({ base: { entry }, evidence }: TagCase, slave: TagReading): boolean {
  const recorded = entry?.pushedAt.right;
  const { pushedAtOurs, personPush } = evidence.right;
  if (recorded === undefined || pushedAtOurs === undefined || personPush === undefined) return false;
  return personPush.at < recorded + (pushedAtOurs - slave.pushedAt);
}

/** An entry is written right after the tag. */
const LOGGED_WITHIN_MS = 5_000;

/** What was last seen here, if that is what was pushed at this time by our clock: before 2.13 no log says what a push was of. */
function seenAt(
  { base: { entry }, evidence }: TagCase,
  side: Side,
  now: TagReading,
  at: number,
): Digest | undefined {
  const digest = entry?.seen[side].at(-1);
  const seenAtOurs =
    (entry?.pushedAt[side] ?? -Infinity) + (evidence[side].pushedAtOurs ?? now.pushedAt) - now.pushedAt;
  return digest !== now.digest && Math.abs(at - seenAtOurs) <= LOGGED_WITHIN_MS ? digest : undefined;
}

/** A person's push, of something else, before the copy that made the tag what it is. */
function personsPush(
  { pushedBy, personPush, pushedAtOurs }: SideEvidence,
  now: TagReading,
): Loss | undefined {
  if (pushedBy !== "replication" || personPush === undefined || personPush.digest === now.digest)
    return undefined;
  if (pushedAtOurs === undefined || personPush.at >= pushedAtOurs) return undefined;
  return personPush.digest === undefined ? {} : { digest: personPush.digest };
}

/** What was seen here after what stands here now was seen for the last time. */
function seenSince(seen: readonly Digest[], now: Digest): Digest | undefined {
  const last = seen.findLastIndex((digest) => digest !== now);
  const before = seen.slice(0, Math.max(0, last)).lastIndexOf(now);
  return before === -1 ? undefined : seen[last];
}

function isGivenUp({ evidence }: TagCase, digest: Digest | undefined): boolean {
  return digest !== undefined && SIDES.some((side) => evidence[side].givenUp.includes(digest));
}

/** A person put it there, on either side, after what was lost; it may have been displaced, and put back by us, since. */
function wasMeant({ evidence }: TagCase, now: Digest): boolean {
  return SIDES.some((side) => {
    const { pushedBy, pushedAtOurs, personPush } = evidence[side];
    const other = evidence[otherSide(side)].personPush;
    if (personPush?.digest === now && other !== undefined && personPush.at > other.at) return true;
    const isLast = other === undefined || pushedAtOurs === undefined || pushedAtOurs > other.at;
    return pushedBy === "person" && (isLast || evidence[otherSide(side)].pushedBy === "person");
  });
}
