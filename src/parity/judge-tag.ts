import { judgeBoth } from "./judge-both.ts";
import { judgeOne } from "./judge-one.ts";
import type { Side, TagCase, Verdict } from "./model.ts";

/**
 * The truth table: what is true of one tag, from both sides, the base, and evidence. Pure and complete.
 *
 * ```
 *  left  right  base         dual-master                           master-slave (left is the master)
 *  x     x      - or x       in step                               same
 *  x     x      y            in step, or regressed                 same
 *  x     -      warm, none   missing: copy                         copy
 *  x     -      cold         unproven: copy or report              same
 *  -     x      none, cold   as the two above                      extra: the slave's own
 *  x     -      x            deleted on right                      restore, or respect
 *  -     x      x            deleted on left                       deleted on the master
 *  x     -      y            conflict; copy if the deletion was    copy
 *                            seen before the push
 *  x     y      y            stale: left moved it                  same
 *  x     y      x            stale: right moved it                 conflict: the slave changed it
 *  x     y      none, z      by history, by outage, else conflict  same, but only from the master
 *  -     -      any          gone                                  same
 *  what both agreed on, pushed later   as if it had moved                      (as it stands)
 *  one side unread, rewound, or in flight and different            nothing is concluded
 * ```
 */
export function judgeTag(tag: TagCase): Verdict {
  const { left, right } = tag;
  if (left.kind === "unread" || right.kind === "unread") {
    const side = left.kind === "unread" ? "left" : "right";
    return { kind: "unread", side, reason: "one side could not be read", notice: false };
  }
  const rewound = rewoundSide(tag);
  if (rewound !== undefined) {
    return {
      kind: "rewound",
      side: rewound,
      reason: "this side came back older than it was seen",
      notice: false,
    };
  }
  if (left.kind === "absent" && right.kind === "absent") return { kind: "gone" };
  if (left.kind === "present" && right.kind === "present") return judgeBoth(tag, left, right);
  if (left.kind === "present") return judgeOne(tag, "left", left);
  if (right.kind === "present") return judgeOne(tag, "right", right);
  return { kind: "gone" };
}

/**
 * A side moved a tag only if its push time there is later than the one recorded; an other digest with an older
 * time means that the registry, or its database, is older than it was.
 */
function rewoundSide({ left, right, base, evidence }: TagCase): Side | undefined {
  const readings = { left, right };
  return (["left", "right"] as const).find((side) => {
    if (evidence[side].rewound) return true;
    const reading = readings[side];
    const entry = base.entry;
    const recorded = entry?.pushedAt[side];
    if (reading.kind !== "present" || entry === undefined || recorded === undefined) return false;
    return reading.digest !== entry.seen[side].at(-1) && reading.pushedAt <= recorded;
  });
}
