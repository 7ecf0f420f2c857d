import type { SideReading, TagReading } from "../parity/model.ts";
import type { ReplicatedTopology } from "../topology/model.ts";
import type { Choice } from "./decision.ts";

/** One tag of a pair as both sides hold it right now, and what a person wants of it. */
export interface Choosing {
  readonly kind: ReplicatedTopology["kind"];
  readonly left: string;
  readonly right: string;
  readonly choice: Choice;
  readonly leftReading: SideReading;
  readonly rightReading: SideReading;
  /** The last pass found that both sides went back to an older image. */
  readonly regressed: boolean;
}

export type Answer =
  /** What the next healing does, as a sentence. */
  | { readonly kind: "decided"; readonly then: string }
  | { readonly kind: "refused"; readonly why: string; readonly hint: string };

/** Whether a choice makes sense of what stands on both sides, and what follows from it. Pure. */
export function decidable(choosing: Choosing): Answer {
  const { left, right, leftReading, rightReading } = choosing;
  if (leftReading.kind === "unread" || rightReading.kind === "unread") {
    const unread = leftReading.kind === "unread" ? left : right;
    return refused(`${unread} could not be read`, "decide once both sides answer");
  }
  if (leftReading.kind === "present" && rightReading.kind === "present") {
    return onBoth(choosing, leftReading, rightReading);
  }
  if (leftReading.kind === "absent" && rightReading.kind === "absent") {
    return refused(`neither ${left} nor ${right} has it`, "there is nothing to decide");
  }
  return onOne(choosing, leftReading.kind === "present" ? "left" : "right");
}

function onBoth(choosing: Choosing, leftReading: TagReading, rightReading: TagReading): Answer {
  const { kind, left, right, choice, regressed } = choosing;
  if (leftReading.digest === rightReading.digest) {
    if (regressed && choice === "keep-both") return decided("what stands there now is told as a notice");
    return refused(
      "both sides hold the same image",
      regressed
        ? "accept it with keep-both, or declare heal.regressions: repair"
        : "there is nothing to decide",
    );
  }
  switch (choice) {
    case "keep-left":
      return decided(`${left}'s image is put over ${right}'s, which is kept under a rescue tag first`);
    case "keep-right":
      if (kind === "master-slave") return slaveToMaster(left, right, "keep-left or keep-both");
      return decided(`${right}'s image is put over ${left}'s, which is kept under a rescue tag first`);
    case "keep-both":
      return decided("both stay as they are, and are told as a notice");
    case "accept-deletion":
      return refused(`both ${left} and ${right} have it`, "choose keep-left, keep-right or keep-both");
  }
}

function onOne({ kind, left, right, choice }: Choosing, side: "left" | "right"): Answer {
  const [holder, lacking] = side === "left" ? [left, right] : [right, left];
  const isSlaves = kind === "master-slave" && side === "right";
  const keep = side === "left" ? "keep-left" : "keep-right";
  if (choice === keep) {
    return isSlaves
      ? slaveToMaster(left, right, "accept-deletion, or leave it to the slave")
      : decided(`${holder}'s image is copied to ${lacking}, which lacks it`);
  }
  if (choice === "accept-deletion") {
    return kind === "master-slave" && side === "left"
      ? refused(
          `${right} is a slave, and what a slave deletes is not deleted on its master`,
          "declare heal.slaveDeletions: respect to leave it deleted there",
        )
      : decided(`the tag is removed from ${holder}, as long as it stands on what it stands on now`);
  }
  const bringing = isSlaves ? "" : `${keep} to bring it back to ${lacking}, or `;
  return refused(`only ${holder} has it`, `choose ${bringing}accept-deletion to remove it from ${holder}`);
}

function slaveToMaster(master: string, slave: string, instead: string): Answer {
  return refused(`nothing is copied from the slave ${slave} to its master ${master}`, `choose ${instead}`);
}

function decided(then: string): Answer {
  return { kind: "decided", then };
}

function refused(why: string, hint: string): Answer {
  return { kind: "refused", why, hint };
}
