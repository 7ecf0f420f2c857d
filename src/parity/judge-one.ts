import { cameBack, inFlight, neverAgreed } from "./judgements.ts";
import { otherSide, type Digest, type Side, type TagCase, type TagReading, type Verdict } from "./model.ts";

/** Only `holder` has the tag: it is new there, or it was deleted on the other side. */
export function judgeOne(tag: TagCase, holder: Side, reading: TagReading): Verdict {
  const lacking = otherSide(holder);
  const agreed = neverAgreed(tag.base) ? undefined : tag.base.entry?.digest;
  const state = tag.evidence[holder].inFlight;
  // What stood on both sides is not under way, however young it is.
  const isBack = tag.topology === "dual-master" && cameBack(tag.base, holder, reading);
  const hasStood = agreed === reading.digest && !isBack;
  const unsettled = inFlight(hasStood && state === "young" ? "no" : state);
  if (unsettled !== undefined) return unsettled;
  if (agreed === undefined) return judgeUnknownPast(tag, holder);
  if (hasStood) return judgeDeletion(tag, lacking, agreed);
  return judgeMovedAndDeleted(tag, lacking);
}

function judgeUnknownPast(tag: TagCase, holder: Side): Verdict {
  const lacking = otherSide(holder);
  if (wasDeletedSince(tag, lacking)) return judgeDeletion(tag, lacking);
  if (tag.topology === "master-slave" && holder === "right") {
    return { kind: "extra", side: "right", reason: "the slave's own", notice: true };
  }
  const copy = { from: holder };
  if (!neverAgreed(tag.base)) {
    return { kind: "missing", side: lacking, reason: "it is new on the other side", copy, notice: false };
  }
  const reason = "only one side has it, and nothing is known of its past";
  if (tag.firstContact === "report") return { kind: "unproven", side: lacking, reason, notice: false };
  return { kind: "unproven", side: lacking, reason, copy, notice: false };
}

/** The clocks of two registries are compared by what we measured of them, so a little is not enough. */
const CLOCK_DOUBT_MS = 2_000;

/**
 * The log of the side that lacks it shows a deletion after the other side's last push. A push of the same image again leaves the time of the tag as it was,
 * and only the log shows it.
 */
function wasDeletedSince({ evidence }: TagCase, lacking: Side): boolean {
  const { deletion } = evidence[lacking];
  const { pushedAtOurs, personPush } = evidence[otherSide(lacking)];
  if (deletion === undefined || pushedAtOurs === undefined) return false;
  const lastPush = Math.max(pushedAtOurs, personPush?.at ?? -Infinity);
  return deletion.at - lastPush > CLOCK_DOUBT_MS;
}

/** The log of the holder shows a push after it, or too near to tell: by whomever, it was acknowledged and is not to be undone. */
function wasPushedSince({ evidence }: TagCase, lacking: Side): boolean {
  const { deletion } = evidence[lacking];
  const { lastPush } = evidence[otherSide(lacking)];
  return deletion !== undefined && lastPush !== undefined && deletion.at - lastPush <= CLOCK_DOUBT_MS;
}

/**
 * What retention removed stays removed: it would remove it again. `agreed` is what both had, where that is known: without it a deletion is
 * never replayed.
 */
function judgeDeletion(tag: TagCase, lacking: Side, agreed?: Digest): Verdict {
  const by = tag.evidence[lacking].deletion?.by;
  const onSlave = tag.topology === "master-slave" && lacking === "right";
  if (by === "retention") {
    return { kind: "deleted", side: lacking, reason: "a retention rule removed it there", notice: true };
  }
  if (onSlave && tag.slaveDeletions === "restore") {
    const reason = "it was deleted on the slave";
    return { kind: "missing", side: lacking, reason, copy: { from: "left" }, notice: false };
  }
  const isProven =
    agreed !== undefined &&
    by === "person" &&
    wasDeletedSince(tag, lacking) &&
    !wasPushedSince(tag, lacking) &&
    !onSlave;
  const reason = by === "person" ? "a person deleted it there" : "it was deleted there";
  return { kind: "deleted", side: lacking, reason, notice: true, ...(isProven ? { replay: agreed } : {}) };
}

/** A push that came after the deletion was seen is news; one that may have come before it contradicts it. */
function judgeMovedAndDeleted(tag: TagCase, lacking: Side): Verdict {
  if (tag.topology === "master-slave" && lacking === "right") {
    const reason = "the master moved it, and the slave lost it";
    return { kind: "missing", side: lacking, reason, copy: { from: "left" }, notice: false };
  }
  const slaves = tag.topology === "master-slave" && lacking === "left";
  if (tag.base.entry?.deletedOn === lacking && !slaves) {
    const reason = "it was pushed again after it was deleted on the other side";
    return { kind: "missing", side: lacking, reason, copy: { from: otherSide(lacking) }, notice: false };
  }
  return { kind: "conflict", reason: "one side moved it, the other deleted it", notice: false };
}
