import { describe, expect, test } from "vitest";
import { decidable, type Answer } from "../../src/failback/decidable.ts";
import { CHOICES, type Choice } from "../../src/failback/decision.ts";
import type { SideReading } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

const X: SideReading = { kind: "present", digest: digestOf("x"), pushedAt: 1 };
const Y: SideReading = { kind: "present", digest: digestOf("y"), pushedAt: 2 };
const NONE: SideReading = { kind: "absent" };
const UNREAD: SideReading = { kind: "unread" };

type Kind = "dual-master" | "master-slave";
function answer(
  kind: Kind,
  choice: Choice,
  left: SideReading,
  right: SideReading,
  regressed = false,
): Answer {
  return decidable({
    kind,
    left: "a",
    right: "b",
    choice,
    leftReading: left,
    rightReading: right,
    regressed,
  });
}

/** What is left of an answer when its words are left out: the sentence of a decision, the hint of a refusal. */
const short = (given: Answer): string => (given.kind === "decided" ? given.then : `no: ${given.hint}`);

const ROWS: readonly (readonly [Kind, Choice, SideReading, SideReading, RegExp])[] = [
  ["dual-master", "keep-left", X, Y, /^a's image is put over b's, which is kept under a rescue tag first$/],
  ["dual-master", "keep-right", X, Y, /^b's image is put over a's, which is kept/],
  ["dual-master", "keep-both", X, Y, /^both stay as they are/],
  ["dual-master", "accept-deletion", X, Y, /^no: choose keep-left, keep-right or keep-both$/],
  ["dual-master", "keep-left", X, NONE, /^a's image is copied to b, which lacks it$/],
  ["dual-master", "keep-right", NONE, Y, /^b's image is copied to a, which lacks it$/],
  ["dual-master", "keep-left", NONE, Y, /^no: choose keep-right to bring it back to a, or accept-deletion/],
  ["dual-master", "keep-right", X, NONE, /^no: choose keep-left to bring it back to b, or accept-deletion/],
  ["dual-master", "keep-both", X, NONE, /^no: choose keep-left to bring it back/],
  ["dual-master", "accept-deletion", X, NONE, /^the tag is removed from a, as long as/],
  ["dual-master", "accept-deletion", NONE, Y, /^the tag is removed from b, as long as/],
  ["master-slave", "keep-left", X, Y, /^a's image is put over b's/],
  ["master-slave", "keep-right", X, Y, /^no: choose keep-left or keep-both$/],
  ["master-slave", "keep-right", NONE, Y, /^no: choose accept-deletion, or leave it to the slave$/],
  ["master-slave", "keep-left", NONE, Y, /^no: choose accept-deletion to remove it from b$/],
  ["master-slave", "keep-left", X, NONE, /^a's image is copied to b/],
  ["master-slave", "accept-deletion", X, NONE, /^no: declare heal.slaveDeletions: respect/],
  ["master-slave", "accept-deletion", NONE, Y, /^the tag is removed from b/],
];

test.each(ROWS)("%s: %s where left is %j and right is %j", (kind, choice, left, right, says) => {
  expect(short(answer(kind, choice, left, right))).toMatch(says);
});

describe.each(CHOICES)("%s", (choice) => {
  test("is refused where a side was not read: nothing follows from that", () => {
    for (const [left, right] of [
      [UNREAD, X],
      [X, UNREAD],
      [UNREAD, UNREAD],
    ] as const) {
      expect(answer("dual-master", choice, left, right)).toMatchObject({
        kind: "refused",
        hint: "decide once both sides answer",
      });
    }
  });

  test("is refused where there is nothing to decide", () => {
    expect(answer("dual-master", choice, X, X).kind).toBe("refused");
    expect(answer("dual-master", choice, NONE, NONE).kind).toBe("refused");
  });

  test("of what both went back to, only accepting it is a choice", () => {
    expect(answer("dual-master", choice, X, X, true).kind).toBe(
      choice === "keep-both" ? "decided" : "refused",
    );
  });
});
