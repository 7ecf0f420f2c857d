import { describe, expect, test } from "vitest";
import type { AuditFact } from "../../src/failback/audit-fact.ts";
import { whereItWas, whyItIsGone } from "../../src/failback/audit-mark.ts";
import { stateBySettings } from "../../src/failback/audit-state.ts";
import { highest, isEmptied, rewoundProject, type ProjectTrace } from "../../src/failback/rewind.ts";

const mark = { lastId: 50, lastAt: 5_000, readAt: 9_000 };

describe("the mark of an audit log", () => {
  test("is where it was", () => {
    expect(
      whereItWas(mark, [
        { id: 49, at: 1 },
        { id: 50, at: 5_000 },
      ])?.kind,
    ).toBe("continues");
  });

  test("has another time now: the numbers began anew", () => {
    const verdict = whereItWas(mark, [
      { id: 50, at: 8_000 },
      { id: 51, at: 8_100 },
    ]);
    expect(verdict?.kind === "rewound" && verdict.reason).toContain("entry 50");
  });

  test("is gone: more has to be asked", () => {
    expect(whereItWas(mark, [{ id: 49, at: 1 }])).toBeUndefined();
  });

  test.each([
    ["the log ends before it, and nothing was purged", 40, 0, "rewound"],
    ["the log ends before it, but what is so old was purged", 40, 6_000, "continues"],
    ["younger entries than what was read last were purged", 40, 9_500, "gap"],
    ["the log goes on after it, and nothing was purged", 60, 0, "gap"],
    ["the log goes on after it, and what is so old was purged", 60, 6_000, "continues"],
    ["nothing is left, and nothing was purged", undefined, 0, "unclear"],
    ["nothing is left, and what is so old was purged", undefined, 6_000, "continues"],
    ["our account may not know whether anything was purged", 40, undefined, "unclear"],
  ] as const)("%s", (_name, newest, purged, kind) => {
    expect(whyItIsGone(mark, newest, purged).kind).toBe(kind);
  });

  test("that was never read to its end may have lost something unread", () => {
    expect(whyItIsGone({ lastId: 50, lastAt: 5_000 }, 60, 6_000).kind).toBe("gap");
  });
});

describe("a project", () => {
  const before: ProjectTrace = { id: 3, createdAt: 1_000, newest: [90, 89, 88, 80], selection: "all" };
  const madeAnew: AuditFact = {
    id: 9,
    at: 70_100,
    act: "create-project",
    repository: "team",
    username: "ann",
  };

  test.each<[string, Partial<ProjectTrace>]>([
    ["as it was", {}],
    ["with more", { newest: [95, 90, 89] }],
    ["without its newest one", { newest: [89, 88, 80] }],
    ["without some, and with a newer one", { newest: [91, 80] }],
    ["seen through another selection", { newest: [10], selection: "some" }],
  ])("%s is not rewound", (_name, change) => {
    expect(rewoundProject(before, { ...before, ...change }, undefined)).toBeUndefined();
  });

  test("that was not read whole is not rewound", () => {
    const { selection: _, ...partly } = before;
    expect(rewoundProject(before, { ...partly, newest: [] }, undefined)).toBeUndefined();
  });

  test("without its two newest artifacts may be from a backup; both possibilities are named", () => {
    const reason = rewoundProject(before, { ...before, newest: [88, 80] }, undefined);
    expect(reason).toMatch(/2 newest artifacts are gone: deleted, or .* backup/);
  });

  test("with a log that goes on, what is gone was deleted", () => {
    expect(rewoundProject(before, { ...before, newest: [] }, [])).toBeUndefined();
  });

  test.each<[string, Partial<ProjectTrace>]>([
    ["another id", { id: 4 }],
    ["another time of creation", { createdAt: 70_000 }],
  ])("of the same name with %s is rewound, unless the log shows how it was made", (_name, change) => {
    const now = { ...before, createdAt: 70_000, ...change };
    expect(rewoundProject(before, now, undefined)).toBeDefined();
    expect(rewoundProject(before, now, [])).toBeDefined();
    expect(rewoundProject(before, now, [{ ...madeAnew, at: 10_000 }])).toBeDefined();
    expect(rewoundProject(before, now, [madeAnew])).toBeUndefined();
  });

  test("the highest ids are remembered, highest first", () => {
    expect(highest([3, 9, 1, 7, 2, 8, 5, 6, 4, 10])).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
  });
});

describe("a registry", () => {
  const deleted: AuditFact = { id: 1, at: 1, act: "delete-project", repository: "team", username: "ann" };

  test("of which everything is gone was emptied", () => {
    expect(isEmptied(2, [{ log: undefined }, { log: [] }])).toBe(true);
    expect(isEmptied(2, [{ log: [deleted] }, { log: undefined }])).toBe(true);
  });

  test("was not where something is left, nothing was known, or a log shows that people did it", () => {
    expect(isEmptied(2, [{ log: undefined }])).toBe(false);
    expect(isEmptied(0, [])).toBe(false);
    expect(isEmptied(1, [{ log: [deleted] }])).toBe(false);
  });
});

describe("what an administrator set about the audit log", () => {
  const settings = {
    auditForwardedTo: "",
    auditNotKept: false,
    auditWithout: [],
    onlyAdministratorsCreateProjects: false,
  };

  test.each([
    [undefined, "read"],
    [settings, "read"],
    [{ ...settings, auditForwardedTo: "syslog:514" }, "read"],
    [{ ...settings, auditWithout: ["pull_artifact", "login_user"] }, "read"],
    [{ ...settings, auditWithout: ["delete_artifact"] }, "unavailable"],
    [{ ...settings, auditNotKept: true }, "unavailable"],
  ])("%o", (set, kind) => {
    expect(stateBySettings(set).kind).toBe(kind);
  });

  test("is told apart: switched off, forwarded away, filtered", () => {
    const reason = (more: object): string => {
      const state = stateBySettings({ ...settings, ...more });
      return state.kind === "read" ? "" : state.reason;
    };
    expect(reason({ auditNotKept: true })).toContain("switched off");
    expect(reason({ auditNotKept: true, auditForwardedTo: "syslog:514" })).toContain("forwarded");
    expect(reason({ auditWithout: ["create_artifact", "pull_artifact"] })).toContain(
      "leaves out create_artifact ",
    );
  });
});
