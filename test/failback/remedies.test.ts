import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { remediesLeft, withinReason } from "../../src/failback/budget.ts";
import { chooseRemedies } from "../../src/failback/remedies.ts";
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

describe("scoped remedies", () => {
  test("cover every copy once, in its direction, with its digest", () => {
    fc.assert(
      fc.property(findings, (found) => {
        const work = chooseRemedies(found, "auto").flatMap((remedy) =>
          remedy.kind === "scoped"
            ? remedy.tags.map((tag) =>
                [remedy.from, remedy.repository, tag.tag, tag.digest, tag.replaces].join(),
              )
            : [],
        );
        const wanted = found.map((f) => [f.from, f.repository, f.tag, digestOf("x"), f.replaces].join());
        expect(work.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });

  test("keep moved tags apart from missing ones, and fit Harbor's filter column", () => {
    fc.assert(
      fc.property(findings, (found) => {
        for (const remedy of chooseRemedies(found, "scoped")) {
          if (remedy.kind !== "scoped") throw new Error(remedy.kind);
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
        const remedies = chooseRemedies(found, "auto");
        const ages = remedies.map((remedy) => (remedy.kind === "scoped" ? remedy.oldest : 0));
        expect(ages).toEqual(ages.toSorted((a, b) => a - b));
        expect(chooseRemedies(found.toReversed(), "auto")).toEqual(remedies);
      }),
    );
  });
});

test("findings without a copy ask for nothing", () => {
  const conflict: Finding = { kind: "conflict", repository: "l/a", tag: "t", reason: "", notice: false };
  expect(chooseRemedies([conflict], "auto")).toEqual([]);
  expect(chooseRemedies([conflict], "retrigger")).toEqual([]);
});

test("a whole run is one remedy a flow", () => {
  const found = fc.sample(findings, { numRuns: 1, seed: 7 })[0]!;
  const flows = new Set(found.map(({ from }) => from));
  expect(chooseRemedies(found, "toggle")).toHaveLength(flows.size);
});

test("a flow has so many remedies an hour", () => {
  const hour = 3_600_000;
  expect(remediesLeft([0, hour / 2, hour - 1], 5, hour)).toBe(3);
  expect(remediesLeft([1, 2, 3], 2, 10)).toBe(0);
});

test("more overwrites than an outage explains are withheld, missing tags never are", () => {
  const many = Array.from({ length: 300 }, (_, i): Finding => ({
    kind: "stale",
    repository: "l/a",
    tag: `t${i}`,
    reason: "",
    notice: false,
    from: "a",
    to: "b",
    replaces: digestOf("y"),
  }));
  const missing: Finding = { kind: "missing", repository: "l/a", tag: "new", reason: "", notice: false };
  expect(withinReason([...many, missing], 310)).toEqual({ allowed: [missing], withheld: many });
  expect(withinReason([...many, missing], 10_000).withheld).toEqual([]);
});
