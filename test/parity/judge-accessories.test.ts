import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseRemedies, digestAhead } from "../../src/failback/remedies.ts";
import {
  judgeAccessories,
  type AccessoryCase,
  type LackingAccessory,
} from "../../src/parity/judge-accessories.ts";
import { digestOf } from "../support/digests.ts";

const SUBJECT = digestOf("a");

function lacking(letter: string, more: Partial<LackingAccessory> = {}): LackingAccessory {
  return { digest: digestOf(letter), type: "signature.cosign", attachedAt: 1_000, inFlight: "no", ...more };
}

function caseOf(more: Partial<AccessoryCase>): AccessoryCase {
  return {
    repository: "p/app",
    tag: "v1",
    subject: SUBJECT,
    from: "left",
    to: "right",
    lacking: [],
    torn: [],
    ...more,
  };
}

describe("what one side lacks of an image that both have", () => {
  test("is one finding on its tag, as old as the oldest of it, and overwrites nothing", () => {
    const about = caseOf({ lacking: [lacking("b"), lacking("c", { type: "sbom.harbor", attachedAt: 500 })] });
    expect(judgeAccessories(about)).toEqual([
      {
        kind: "accessory",
        repository: "p/app",
        tag: "v1",
        left: SUBJECT,
        right: SUBJECT,
        from: "left",
        to: "right",
        reason: "right lacks 2 accessories of it (sbom.harbor, signature.cosign)",
        notice: false,
        accessories: [digestOf("b"), digestOf("c")],
        pushedAt: 500,
      },
    ]);
  });

  test("is in flight while it is young or Harbor copies, and only the second keeps a proof back", () => {
    expect(judgeAccessories(caseOf({ lacking: [lacking("b", { inFlight: "young" })] }))).toMatchObject([
      { kind: "in-flight", tag: "v1", notice: true },
    ]);
    const both = [lacking("b", { inFlight: "young" }), lacking("c", { inFlight: "copying" })];
    expect(judgeAccessories(caseOf({ lacking: both }))).toMatchObject([{ kind: "in-flight", notice: false }]);
    expect(judgeAccessories(caseOf({ lacking: [lacking("b", { inFlight: "copying" })] }))).toMatchObject([
      { kind: "in-flight", tag: "v1", notice: false },
    ]);
  });

  test("may move cosign's tag on only where the side that is ahead has the older signature too", () => {
    const torn = { tag: "sha256-a.sig", digest: digestOf("b"), isAhead: true };
    const [ahead] = judgeAccessories(caseOf({ lacking: [lacking("b")], torn: [torn] }));
    expect(ahead).toMatchObject({ to: "right", replaces: SUBJECT, accessories: [digestOf("b")] });
    const both = judgeAccessories(
      caseOf({ lacking: [lacking("b"), lacking("c")], torn: [{ ...torn, isAhead: false }] }),
    );
    expect(both).toMatchObject([
      { kind: "accessory", to: "right", accessories: [digestOf("c")] },
      { kind: "accessory", accessories: [digestOf("b")] },
    ]);
    expect(both.map(({ from, replaces }) => [from, replaces])).toEqual([
      ["left", undefined],
      [undefined, undefined],
    ]);
  });

  test("a tag that differs, and is not what lacks, changes nothing", () => {
    const torn = { tag: "sha256-a.sig", digest: digestOf("f"), isAhead: false };
    const found = judgeAccessories(caseOf({ lacking: [lacking("b")], torn: [torn] }));
    expect(found).toHaveLength(1);
    expect(found[0]).not.toHaveProperty("replaces");
  });

  test("every accessory that is settled is in exactly one finding, and none that is not", () => {
    const state = fc.constantFrom("no" as const, "young" as const, "copying" as const);
    fc.assert(
      fc.property(fc.array(state, { maxLength: 6 }), fc.boolean(), fc.boolean(), (states, torn, isAhead) => {
        const all = states.map((inFlight, i) => lacking("bcdef0".charAt(i), { inFlight }));
        const first = torn && all[0] !== undefined ? [{ tag: "s", digest: all[0].digest, isAhead }] : [];
        const found = judgeAccessories(caseOf({ lacking: all, torn: first }));
        const named = found.flatMap(({ accessories }) => accessories ?? []);
        const settled = all.filter(({ inFlight }) => inFlight === "no").map(({ digest }) => digest);
        expect(named.toSorted()).toEqual(settled.toSorted());
      }),
    );
  });
});

describe("the remedy for it", () => {
  const found = judgeAccessories(caseOf({ lacking: [lacking("b")] }));
  const never = { choice: "touch" as const, isTouchable: () => true };

  test("copies the tag of the subject by a temporary policy, and knows what has to arrive", () => {
    const [finding] = found;
    expect(finding === undefined ? undefined : digestAhead(finding)).toBe(SUBJECT);
    expect(chooseRemedies(found, { ...never, choice: "auto" })).toMatchObject([
      {
        kind: "scoped",
        override: false,
        tags: [{ tag: "v1", digest: SUBJECT, accessories: [digestOf("b")] }],
      },
    ]);
  });

  test("is never a touch, which copies the tag alone", () => {
    expect(chooseRemedies(found, never).map(({ kind }) => kind)).toEqual(["scoped"]);
  });

  test("is another work for another accessory", () => {
    const other = judgeAccessories(caseOf({ lacking: [lacking("c")] }));
    const hashes = [found, other].map((one) =>
      chooseRemedies(one, { ...never, choice: "scoped" }).map((remedy) =>
        "hash" in remedy ? remedy.hash : "",
      ),
    );
    expect(hashes[0]).not.toEqual(hashes[1]);
  });
});
