import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditEntry } from "../../src/observed/model.ts";
import { compareAudits, compareProjects } from "../../src/plan/same-database.ts";

const KEPT = 5;

/** A log that grows: each entry says how long after the last one, and whose it is. */
const growth = fc.array(fc.nat({ max: 50 }), { maxLength: 4 });

function grown(log: readonly AuditEntry[], gaps: readonly number[], username: string): AuditEntry[] {
  let last = log[0];
  const added = gaps.map((gap) => {
    last = {
      id: (last?.id ?? 0) + 1,
      at: (last?.at ?? 1000) + gap + 1,
      username,
      operation: "create",
      resource: "team/app:1",
      resourceType: "artifact",
      description: "",
    };
    return last;
  });
  return [...added.reverse(), ...log];
}

const newest = (log: readonly AuditEntry[]): AuditEntry[] => log.slice(0, KEPT);

describe("audit logs", () => {
  test("of one database are never told apart, and show it when it moves in between", () => {
    fc.assert(
      fc.property(growth, growth, growth, (before, between, after) => {
        const left = grown([], [1, ...before], "ada");
        const right = grown(left, between, "ada");
        const leftAgain = grown(right, after, "ada");
        const found = compareAudits({
          left: newest(left),
          right: newest(right),
          leftAgain: newest(leftAgain),
        });
        expect(found).toBe(between.length === 0 ? "alike" : "one");
      }),
    );
  });

  test("of a copy are never one, whatever happened in either since", () => {
    fc.assert(
      fc.property(growth, growth, growth, growth, (before, here, there, meanwhile) => {
        const original = grown([], [1, ...before], "ada");
        const left = grown(original, here, "ada");
        const right = grown(original, there, "bob");
        const leftAgain = grown(left, meanwhile, "ada");
        const found = compareAudits({
          left: newest(left),
          right: newest(right),
          leftAgain: newest(leftAgain),
        });
        expect(found).toBe(here.length + there.length === 0 ? "alike" : "apart");
      }),
    );
  });

  test("with so many new entries that the old ones can't be seen decide nothing", () => {
    const left = grown([], [1], "ada");
    const right = grown(left, [1, 1, 1, 1, 1, 1], "ada");
    expect(compareAudits({ left, right: newest(right), leftAgain: newest(right) })).toBe("alike");
  });

  test("of which one is empty or hidden say nothing", () => {
    const left = grown([], [1], "ada");
    expect(compareAudits({ left, right: [], leftAgain: left })).toBe("nothing");
    expect(compareAudits({ left: [], right: left, leftAgain: [] })).toBe("nothing");
  });
});

test("one number and one millisecond make projects alike; one that is not shown says nothing", () => {
  const project = { id: 1, createdAt: 1_700_000_000_123 };
  expect(compareProjects(project, { ...project })).toBe("alike");
  expect(compareProjects(project, { ...project, createdAt: project.createdAt + 1 })).toBe("apart");
  expect(compareProjects(project, { ...project, id: 2 })).toBe("apart");
  expect(compareProjects(project, undefined)).toBe("nothing");
});
