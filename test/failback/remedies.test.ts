import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseRemedies, type Choosing, type Remedy } from "../../src/failback/remedies.ts";
import type { Finding } from "../../src/parity/model.ts";
import { digestOf } from "../support/digests.ts";

const tagName = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);

const copyFinding = fc
  .record({
    tag: tagName,
    repository: fc.constantFrom("library/app", "library/deep/app", `team/${"a".repeat(250)}`),
    forth: fc.boolean(),
    moved: fc.boolean(),
    pushedAt: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ tag, repository, forth, moved, pushedAt }): Finding => {
    const ahead = digestOf("x");
    const behind = moved ? { [forth ? "right" : "left"]: digestOf("y"), replaces: digestOf("y") } : {};
    return {
      kind: moved ? "stale" : "missing",
      repository,
      tag,
      reason: "",
      notice: false,
      pushedAt,
      [forth ? "left" : "right"]: ahead,
      ...behind,
      ...(forth ? { from: "a", to: "b" } : { from: "b", to: "a" }),
    };
  });
const findings = fc.uniqueArray(copyFinding, {
  selector: ({ repository, tag }) => `${repository}:${tag}`,
  maxLength: 80,
});

/** Touches what has an even push time, where that may be. */
function choosing(choice: Choosing["choice"], touches = true): Choosing {
  return { choice, isTouchable: ({ pushedAt = 1 }) => touches && pushedAt % 2 === 0 };
}

function copies(remedies: readonly Remedy[]): Extract<Remedy, { kind: "scoped" | "touch" }>[] {
  return remedies.map((remedy) => {
    if (remedy.kind !== "scoped" && remedy.kind !== "touch") throw new Error(remedy.kind);
    return remedy;
  });
}

describe("copies of single tags", () => {
  test("cover every copy once, in its direction, with its digest", () => {
    fc.assert(
      fc.property(findings, (found) => {
        const work = copies(chooseRemedies(found, choosing("auto"))).flatMap(({ from, repository, tags }) =>
          tags.map(({ tag, digest, replaces }) => [from, repository, tag, digest, replaces].join()),
        );
        const wanted = found.map((f) => [f.from, f.repository, f.tag, digestOf("x"), f.replaces].join());
        expect(work.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });

  test("keep moved tags apart from missing ones, and fit Harbor's filter column", () => {
    fc.assert(
      fc.property(findings, (found) => {
        const remedies = copies(chooseRemedies(found, choosing("scoped")));
        expect(remedies.every(({ kind }) => kind === "scoped")).toBe(true);
        for (const remedy of remedies) {
          expect(remedy.tags.every(({ replaces }) => (replaces !== undefined) === remedy.override)).toBe(
            true,
          );
          const filters = [
            { type: "name", value: remedy.repository },
            { type: "tag", value: `{${remedy.tags.map(({ tag }) => tag).join(",")}}` },
          ];
          expect(JSON.stringify(filters).length).toBeLessThanOrEqual(1000);
        }
      }),
    );
  });

  test("come oldest push first, and the same work has the same name whatever the order of findings", () => {
    fc.assert(
      fc.property(findings, (found) => {
        const remedies = copies(chooseRemedies(found, choosing("auto")));
        const ages = remedies.map(({ oldest }) => oldest);
        expect(ages).toEqual(ages.toSorted((a, b) => a - b));
        expect(chooseRemedies(found.toReversed(), choosing("auto"))).toEqual(remedies);
      }),
    );
  });

  test("touch only what is touchable, and unasked only few tags of a flow", () => {
    fc.assert(
      fc.property(findings, fc.constantFrom("auto" as const, "touch" as const), (found, choice) => {
        const touched = copies(chooseRemedies(found, choosing(choice)))
          .filter(({ kind }) => kind === "touch")
          .flatMap(({ from, repository, tags }) => tags.map(({ tag }) => [from, repository, tag].join()));
        const sizes = new Map(["a", "b"].map((from) => [from, found.filter((f) => f.from === from).length]));
        const wanted = found
          .filter(({ pushedAt = 1 }) => pushedAt % 2 === 0)
          .filter(({ from = "" }) => choice === "touch" || (sizes.get(from) ?? 0) <= 10)
          .map(({ from, repository, tag }) => [from, repository, tag].join());
        expect(touched.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });
});

const about = { repository: "l/a", reason: "", notice: false, from: "a", to: "b" } as const;

test("what hangs on an image is never touched, and what is deleted or put back comes last", () => {
  const found: Finding[] = [
    { ...about, kind: "regressed", tag: "t1", left: digestOf("x"), lost: digestOf("y"), remedy: "restore" },
    { ...about, kind: "deleted", tag: "t2", right: digestOf("x"), replay: digestOf("x"), remedy: "delete" },
    { ...about, kind: "accessory", tag: "t3", left: digestOf("x"), accessories: [digestOf("s")] },
    { ...about, kind: "missing", tag: "t4", left: digestOf("x"), pushedAt: 8 },
    { ...about, kind: "missing", tag: "t5", left: digestOf("x"), pushedAt: 4, repository: "l/b" },
  ];
  const always: Choosing = { choice: "auto", isTouchable: () => true };
  const remedies = chooseRemedies(found, always);
  expect(remedies.map(({ kind, tags }) => [kind, ...tags.map(({ tag }) => tag)])).toEqual([
    ["scoped", "t3"],
    ["touch", "t5"],
    ["touch", "t4"],
    ["delete", "t2"],
    ["restore", "t1"],
  ]);
  expect(remedies.slice(3).map(({ tags }) => tags[0])).toEqual([
    { tag: "t2", digest: digestOf("x") },
    { tag: "t1", digest: digestOf("y"), replaces: digestOf("x") },
  ]);
  expect(chooseRemedies(found, { ...always, choice: "toggle" }).map(({ kind }) => kind)).toEqual([
    "toggle",
    "delete",
    "restore",
  ]);
});

test("findings without a copy ask for nothing", () => {
  const conflict: Finding = { kind: "conflict", repository: "l/a", tag: "t", reason: "", notice: false };
  expect(chooseRemedies([conflict], choosing("auto"))).toEqual([]);
  expect(chooseRemedies([conflict], choosing("retrigger"))).toEqual([]);
});

test("a whole run is one remedy a flow", () => {
  const found = fc.sample(findings, { numRuns: 1, seed: 7 })[0]!;
  const flows = new Set(found.map(({ from }) => from));
  expect(chooseRemedies(found, choosing("toggle"))).toHaveLength(flows.size);
});
