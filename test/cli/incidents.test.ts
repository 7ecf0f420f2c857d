import { describe, expect, test } from "vitest";
import { lastJson, type Ran } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

interface Told {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly closedAt: string | null;
}

async function told(stage: Stage): Promise<Told[]> {
  return lastJson(await stage.cli("incidents", "--output", "json"))["incidents"] as Told[];
}

async function entries(stage: Stage, id: number): Promise<{ kind: string; text: string }[]> {
  const json = lastJson(await stage.cli("incident", String(id), "--output", "json"));
  return (json["incident"] as { entries: { kind: string; text: string }[] }).entries;
}

const text = ({ out }: Ran): string => out.join("\n");

describe("the life of an outage, seen by one-shots alone", () => {
  test("is one incident: opened, the gap that it left, what was tried, proof, closed", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    expect(text(await stage.cli("incidents"))).toBe("no incidents");
    stage.a.faults.down();
    await stage.settled();
    expect((await stage.cli("reconcile")).code).toBe(2);
    stage.b.push("library/app", "1.0");
    await stage.quiet();
    const opened = await told(stage);
    expect(opened).toMatchObject([{ id: 1, kind: "outage", subject: "a", closedAt: null }]);
    const before = await entries(stage, 1);
    expect(before.map(({ kind }) => kind)).toEqual(["opened"]);
    await stage.cli("reconcile");
    expect(await entries(stage, 1)).toEqual(before);
    expect(text(await stage.cli("status"))).toMatch(
      /^east: incident #1 {2}outage {2}east {2}a {2}open for \d+s$/m,
    );

    stage.a.faults.up();
    await stage.settled();
    expect((await stage.cli("diff")).code).toBe(2);
    expect((await entries(stage, 1)).map(({ kind }) => kind)).toEqual(["opened"]);
    expect((await stage.cli("reconcile")).code).toBe(0);
    expect((await told(stage)).map(({ id, closedAt }) => [id, closedAt === null])).toEqual([[1, false]]);
    const after = await entries(stage, 1);
    expect([...new Set(after.map(({ kind }) => kind))]).toEqual([
      "opened",
      "evidence",
      "remedy",
      "proof",
      "closed",
    ]);
    const told1 = after.map(({ text: sentence }) => sentence).join("\n");
    expect(told1).toMatch(/^a is back: it did not answer from \S+Z to \S+Z$/m);
    expect(told1).toMatch(
      /^a \| b: 1 missing, library\/app:1\.0 among them; the oldest was pushed at \S+Z\. Why: /m,
    );
    expect(told1).toMatch(/ b → a: arrived, 1 of 1 tags there \(library\/app:1\.0\)$/m);
    expect(told1).toMatch(/^in step and proven: 1 tags equal, read at \S+Z$/m);
    await stage.cli("reconcile");
    expect(await entries(stage, 1)).toEqual(after);

    const markdown = (await stage.cli("incident", "1")).out;
    expect(markdown[0]).toBe("# Incident 1: outage of a in east");
    expect(markdown.filter((line) => line.startsWith("## "))).toEqual([
      "## What happened",
      "## Evidence",
      "## Remedies tried",
      "## Proof",
      "## Closed",
    ]);
    expect(markdown.some((line) => /^- Closed: \S+Z, after \d+s$/.test(line))).toBe(true);
    expect(text(await stage.cli("incidents"))).toMatch(
      /^#1 {2}outage {2}east {2}a {2}closed \d+s ago, lasted \d+s$/,
    );
  });
});

describe("a gap", () => {
  test("that nobody can heal yet stays one open incident, however many passes look at it", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    await stage.outage(() => stage.b.push("library/app", "1.0"));
    await stage.cli("reconcile", "--no-heal");
    const before = await entries(stage, 1);
    expect(before.map(({ kind }) => kind).slice(0, 2)).toEqual(["opened", "evidence"]);
    await stage.cli("reconcile", "--no-heal");
    await stage.cli("reconcile", "--no-heal");
    expect((await told(stage)).map(({ id, kind, subject }) => [id, kind, subject])).toEqual([
      [1, "gap", "a/b"],
    ]);
    expect(await entries(stage, 1)).toEqual(before);
    expect((await stage.cli("health")).code).not.toBe(3);
    expect((await told(stage)).length).toBe(1);
    expect((await stage.cli("heal")).code).toBe(0);
    expect((await told(stage)).map(({ closedAt }) => closedAt === null)).toEqual([false]);

    await stage.outage(() => stage.b.push("library/app", "2.0"));
    await stage.cli("heal");
    expect((await told(stage)).map(({ id }) => id)).toEqual([2, 1]);
    const limited = lastJson(await stage.cli("incidents", "--limit", "1", "--output", "json"));
    expect(limited["incidents"]).toMatchObject([{ id: 2 }]);
  });
});

describe("what can't be understood", () => {
  test.each([
    [["incident", "7"], "no incident has the number 7", "tidelock incidents lists them"],
    [["incident", "first"], 'incidents are named by a whole number from 1 on, not "first"', ""],
    [["incidents", "--limit", "0"], '--limit takes a whole number from 1 on, not "0"', ""],
  ])("%j is a usage error", async (argv, message, hint) => {
    await using stage = await cliStage();
    const ran = await stage.cli(...argv);
    expect([ran.code, ran.out]).toEqual([64, []]);
    expect(ran.text).toContain(`error: ${message}`);
    if (hint !== "") expect(ran.text).toContain(`hint: ${hint}`);
  });
});
