import { beforeAll, expect, test } from "vitest";
import { preconditionsOf, TargetReadings, type Preconditions } from "../../src/heal/preconditions-of.ts";
import type { Finding } from "../../src/parity/model.ts";
import { describeLive } from "./describe-live.ts";
import type { Row } from "./live-api.ts";

const PROJECT = "tidelock-live-targets-rules";
const APP = `${PROJECT}/app`;

describeLive("what the target's own rules do not let in", (rig) => {
  const { a, b } = rig;
  let id = 0;

  const finding = (tag: string, left: string, right?: string): Finding => ({
    kind: right === undefined ? "missing" : "stale",
    repository: APP,
    tag,
    left,
    ...(right === undefined ? {} : { right, replaces: right }),
    from: "a",
    to: "b",
    reason: "",
    notice: false,
  });
  const check = (...findings: readonly Finding[]): Promise<Preconditions> =>
    preconditionsOf(
      { flow: () => ({ source: a.port, target: b.port }), readings: new TargetReadings() },
      findings,
      new AbortController().signal,
    );
  const rule = (tags: string): Record<string, unknown> => ({
    disabled: false,
    tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: tags }],
    scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
  });
  const quotaId = async (): Promise<number> => {
    const quotas = await b.api.rows(`/quotas?reference=project&reference_id=${id}`);
    return Number(quotas.find((row) => (row["ref"] as Row)["id"] === id)?.["id"]);
  };

  beforeAll(async () => {
    for (const side of [a, b]) await side.createProject(PROJECT);
    id = (await b.port.project(PROJECT))?.id ?? 0;
  });

  test("an immutable tag rule: a moved tag is withheld by its name, a missing one is not", async () => {
    const old = await b.push(APP, "v1", "old");
    const moved = finding("v1", await a.push(APP, "v1", "new"), old);
    const fresh = finding("v2", await a.push(APP, "v2", "fresh"));
    const made = await b.api.send("POST", `/projects/${id}/immutabletagrules`, {
      ...rule("v*"),
      action: "immutable",
      template: "immutable_template",
    });
    expect(made.status).toBe(201);
    const checked = await check(moved, fresh);
    expect(checked.allowed).toEqual([fresh]);
    expect(checked.withheld.map(({ reason }) => reason)).toEqual([
      `an immutable tag rule of project ${PROJECT} on b (tags "v*" in "**") forbids to move this tag`,
    ]);
    // Else nobody can remove the project.
    for (const row of await b.api.rows(`/projects/${id}/immutabletagrules`)) {
      await b.api.send("DELETE", `/projects/${id}/immutabletagrules/${Number(row["id"])}`);
    }
    expect((await check(moved, fresh)).withheld).toEqual([]);
  });

  test("a quota: what is larger than its room is withheld", async () => {
    const large = finding("large", await a.push(APP, "large", "large", 20_000));
    const small = finding("small", await a.push(APP, "small", "small"));
    const set = await b.api.send("PUT", `/quotas/${await quotaId()}`, { hard: { storage: 12_000 } });
    expect(set.status).toBe(200);
    const checked = await check(large, small);
    expect(checked.withheld.map((one) => one.finding.tag)).toEqual(["large"]);
    expect(checked.withheld[0]?.reason).toContain(`the quota of project ${PROJECT} on b has room for`);
    expect((await b.api.send("PUT", `/quotas/${await quotaId()}`, { hard: { storage: -1 } })).status).toBe(
      200,
    );
    expect((await check(large, small)).withheld).toEqual([]);
  });

  test("tag retention that would undo the healing is told", async () => {
    const tags = await Promise.all(
      ["r1", "r2"].map(async (tag) => finding(tag, await a.push(APP, tag, tag))),
    );
    const made = await b.api.send("POST", "/retentions", {
      algorithm: "or",
      rules: [{ ...rule("r*"), action: "retain", template: "latestPushedK", params: { latestPushedK: 1 } }],
      scope: { level: "project", ref: id },
      trigger: { kind: "Schedule", references: {}, settings: { cron: "0 0 0 * * *" } },
    });
    expect(made.status).toBe(201);
    const checked = await check(...tags);
    expect(checked.allowed).toEqual(tags);
    expect(checked.warnings).toEqual([
      expect.stringContaining("it keeps the 1 newest of a repository, and 2 are to come"),
    ]);
  });

  test("a project that is not there yet withholds nothing from an administrator", async () => {
    const fresh = { ...finding("v1", "sha256:0"), repository: `${PROJECT}-lacking/app` };
    expect(await check(fresh)).toEqual({ allowed: [fresh], withheld: [], warnings: [] });
  });
});
