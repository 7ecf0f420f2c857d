import { cameBack, inFlight, neverAgreed } from "./judgements.ts";
import { otherSide, type Side, type TagCase, type TagReading, type Verdict } from "./model.ts";

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
  if (agreed === undefined) return judgeUnknownPast(tag, holder, reading);
  if (hasStood) return judgeDeletion(tag, lacking);
  return judgeMovedAndDeleted(tag, lacking);
}

function judgeUnknownPast(tag: TagCase, holder: Side, reading: TagReading): Verdict {
  const lacking = otherSide(holder);
  const deletedAt = tag.evidence[lacking].deletedAt;
  if (deletedAt !== undefined && deletedAt > reading.pushedAt) return judgeDeletion(tag, lacking);
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

function judgeDeletion(tag: TagCase, lacking: Side): Verdict {
  const deletedOnSlave = tag.topology === "master-slave" && lacking === "right";
  if (deletedOnSlave && tag.slaveDeletions === "restore") {
    const reason = "it was deleted on the slave";
    return { kind: "missing", side: lacking, reason, copy: { from: "left" }, notice: false };
  }
  return { kind: "deleted", side: lacking, reason: "it was deleted there", notice: true };
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
