import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  afterPass,
  afterTurn,
  type IncidentChange,
  type OpenIncident,
  type PassFacts,
  type RegistryFacts,
} from "../../src/failback/incidents.ts";
import type { RemedyFacts } from "../../src/failback/incident-texts.ts";
import type { Finding } from "../../src/parity/model.ts";

const missing = (tag: string, more: Partial<Finding> = {}): Finding => ({
  kind: "missing",
  repository: "l/app",
  tag,
  from: "b",
  to: "a",
  reason: "it is new on the other side",
  notice: false,
  pushedAt: 60_000,
  ...more,
});
const UP: readonly RegistryFacts[] = [
  { name: "a", up: true },
  { name: "b", up: true },
];
const AWAY: readonly RegistryFacts[] = [
  { name: "a", up: false, outage: { from: 50 } },
  { name: "b", up: true },
];
const BACK: readonly RegistryFacts[] = [
  { name: "a", up: true, outage: { from: 50, to: 90 } },
  { name: "b", up: true },
];
const PROVEN: PassFacts = {
  startedAt: 1000,
  proven: true,
  verdict: "in-step",
  readAt: 999,
  inStep: 3,
  left: [],
  paused: false,
  registries: UP,
  pairs: [{ left: "a", right: "b", findings: [], evidence: [] }],
  remedies: [],
};
const gap = (findings: readonly Finding[], more: Partial<PassFacts> = {}): PassFacts => ({
  ...PROVEN,
  proven: false,
  verdict: "not-in-step",
  left: findings.filter(({ notice }) => !notice),
  pairs: [{ left: "a", right: "b", findings, evidence: [] }],
  ...more,
});
const copied: RemedyFacts = {
  kind: "scoped",
  from: "b",
  to: "a",
  subject: "l/app:v1",
  tags: 2,
  arrived: 2,
  result: "arrived",
};

/** What is open after these changes, as the store would give it back. */
function applied(open: readonly OpenIncident[], changes: readonly IncidentChange[]): OpenIncident[] {
  const after = new Map(open.map((one) => [one.id, one]));
  for (const { incident, notes, closed } of changes) {
    const id = "id" in incident ? incident.id : after.size + 100 + Math.max(0, ...after.keys());
    const said = new Set([...(after.get(id)?.said ?? []), ...notes.map(({ text }) => text)]);
    if (closed) after.delete(id);
    else after.set(id, { ...incident, id, said });
  }
  return [...after.values()];
}

const kinds = (changes: readonly IncidentChange[]): string[] =>
  changes.flatMap(({ notes }) => notes.map(({ kind }) => kind));

describe("an outage", () => {
  test("opens when its registry is given up, and is not opened again", () => {
    const [registry] = AWAY;
    if (registry === undefined) throw new Error("there is one");
    const changes = afterTurn([], registry, false);
    expect(changes).toEqual([
      {
        incident: { kind: "outage", subject: "a", openedAt: 50 },
        notes: [{ kind: "opened", text: "a does not answer since 1970-01-01T00:00:00.050Z" }],
        closed: false,
      },
    ]);
    const open = applied([], changes);
    expect(afterTurn(open, registry, false)).toEqual([]);
    expect(afterPass(open, { ...PROVEN, proven: false, registries: AWAY, pairs: [] })).toEqual([]);
  });

  test("is told to be over by its return, and closes only at the next proven pass", () => {
    const open = applied([], afterPass([], { ...PROVEN, proven: false, registries: AWAY, pairs: [] }));
    const [back] = BACK;
    if (back === undefined) throw new Error("there is one");
    const returned = afterTurn(open, back, false);
    expect(returned.map(({ closed }) => closed)).toEqual([false]);
    expect(kinds(returned)).toEqual(["evidence"]);
    const closing = afterPass(applied(open, returned), { ...PROVEN, registries: BACK });
    expect(closing.map(({ closed }) => closed)).toEqual([true]);
    expect(kinds(closing)).toEqual(["proof", "closed"]);
  });

  test("does not close while the registry is away, however well the others stand", () => {
    const open = applied([], afterPass([], { ...PROVEN, proven: false, registries: AWAY, pairs: [] }));
    expect(afterPass(open, { ...PROVEN, registries: AWAY })).toEqual([]);
  });

  test("owns the gap that it left: one incident, not two", () => {
    const open = applied([], afterPass([], { ...PROVEN, proven: false, registries: AWAY, pairs: [] }));
    const found = afterPass(
      open,
      gap([missing("v1"), missing("v2")], { registries: BACK, remedies: [copied] }),
    );
    expect(found.map(({ incident }) => incident.subject)).toEqual(["a"]);
    expect(kinds(found)).toEqual(["evidence", "evidence", "remedy", "proof"]);
  });
});

describe("a gap", () => {
  test("that was found and healed in one pass has its whole life at once", () => {
    const facts = {
      ...gap([missing("v1"), missing("v2")], { remedies: [copied] }),
      ...{ proven: true, left: [] },
    };
    const changes = afterPass([], facts);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      incident: { kind: "gap", subject: "a/b", openedAt: 1000 },
      closed: true,
    });
    expect(changes[0]?.notes).toEqual([
      { kind: "opened", text: "a and b do not hold the same" },
      {
        kind: "evidence",
        text: "a | b: 2 missing, l/app:v1 among them; the oldest was pushed at 1970-01-01T00:01:00.000Z. Why: it is new on the other side (2)",
      },
      { kind: "remedy", text: "scoped b → a: arrived, 2 of 2 tags there (l/app:v1)" },
      { kind: "proof", text: "in step and proven: 3 tags equal, read at 1970-01-01T00:00:00.999Z" },
      { kind: "closed", text: "healed, and proven by a reading of all sides after it" },
    ]);
  });

  test("is not opened by notices, nor by what could not be read", () => {
    const notice = missing("v1", { kind: "deleted", notice: true });
    const unread = missing("v2", { kind: "unread" });
    expect(afterPass([], gap([notice, unread]))).toEqual([]);
  });

  test("says how it changes, what was tried, and what is left", () => {
    const open = applied([], afterPass([], gap([missing("v1")])));
    const failed: RemedyFacts = { ...copied, arrived: 0, result: "failed", reason: "the quota is used up" };
    const next = gap([missing("v1"), missing("v2")], {
      remedies: [failed, { ...failed, subject: "l/b:v1" }],
    });
    const changes = afterPass(open, next);
    expect(changes[0]?.notes.slice(1)).toEqual([
      {
        kind: "remedy",
        text: "scoped b → a: failed, 0 of 4 tags there (2 remedies, l/app:v1 the first): the quota is used up",
      },
      { kind: "proof", text: "not-in-step: 2 missing, l/app:v1 among them" },
    ]);
    expect(afterPass(applied(open, changes), next)).toEqual([]);
  });

  test("of two pairs is two incidents, each with its own remedies", () => {
    const other = { left: "a", right: "c", findings: [missing("v9", { from: "c" })], evidence: ["c died"] };
    const facts = gap([missing("v1")], { remedies: [copied] });
    const changes = afterPass([], { ...facts, pairs: [...facts.pairs, other] });
    expect(changes.map(({ incident }) => incident.subject)).toEqual(["a/b", "a/c"]);
    expect(changes.map((change) => kinds([change]))).toEqual([
      ["opened", "evidence", "remedy", "proof"],
      ["opened", "evidence", "evidence"],
    ]);
  });

  test("while paused nothing is opened, but what is open goes on and closes", () => {
    expect(afterPass([], gap([missing("v1")], { paused: true, registries: AWAY }))).toEqual([]);
    const open = applied([], afterPass([], gap([missing("v1")])));
    expect(kinds(afterPass(open, gap([missing("v2")], { paused: true })))).toEqual(["evidence"]);
    expect(afterPass(open, { ...PROVEN, paused: true })[0]?.closed).toBe(true);
  });

  test("one that changes for weeks stops telling its changes, but not its end", () => {
    let open: OpenIncident[] = [];
    for (let i = 0; i < 300; i += 1) open = applied(open, afterPass(open, gap([missing(`v${i}`)])));
    expect(open.map(({ said }) => said.size)).toEqual([200]);
    expect(kinds(afterPass(open, PROVEN))).toEqual(["proof", "closed"]);
  });
});

const finding = fc.record({
  kind: fc.constantFrom("missing" as const, "stale" as const, "conflict" as const, "unread" as const),
  tag: fc.constantFrom("v1", "v2", "v3"),
  notice: fc.boolean(),
});
const anyFacts = fc
  .record({
    proven: fc.boolean(),
    paused: fc.boolean(),
    registries: fc.constantFrom(UP, AWAY, BACK),
    found: fc.array(finding, { maxLength: 3 }),
    remedies: fc.array(fc.constant(copied), { maxLength: 2 }),
  })
  .map(({ found, ...more }): PassFacts => {
    const findings = found.map((one) => missing(one.tag, one));
    return { ...gap(findings), ...more, ...(more.proven ? { left: [] } : {}) };
  });

test("however passes follow each other: one open incident a subject, nothing said twice, and a proven pass leaves none but of what is away", () => {
  fc.assert(
    fc.property(fc.array(anyFacts, { minLength: 1, maxLength: 8 }), (passes) => {
      let open: OpenIncident[] = [];
      for (const facts of passes) {
        const changes = afterPass(open, facts);
        for (const { incident, notes } of changes) {
          const said = "said" in incident ? incident.said : new Set();
          expect(notes.filter(({ text }) => said.has(text))).toEqual([]);
        }
        open = applied(open, changes);
        const subjects = open.map(({ kind, subject }) => `${kind} ${subject}`);
        expect(new Set(subjects).size).toBe(subjects.length);
        expect(open.filter(({ kind }) => kind === "gap").length).toBeLessThanOrEqual(1);
        if (facts.proven) {
          const away = facts.registries.flatMap(({ name, up }) => (up ? [] : [name]));
          expect(open.filter(({ subject }) => !away.includes(subject))).toEqual([]);
        }
        // The same again says nothing, unless it opens anew what was just proven healed.
        if (!facts.proven) expect(afterPass(open, facts)).toEqual([]);
      }
    }),
  );
});
