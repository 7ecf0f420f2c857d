import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../src/store/embedded/open.ts";
import { policiesOf } from "../support/killable-story.ts";
import { lastJson, type Ran } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

const WEST = DUAL_MASTER.replace("name: east", "name: west");

let stage: Stage;
/** Everything of east is there, and only west is declared. */
beforeEach(async () => {
  stage = await cliStage();
  await stage.cli("reconcile");
  await stage.declare(WEST);
});
afterEach(() => stage[Symbol.asyncDispose]());

const pruned = (ran: Ran): string[] => ran.out.filter((line) => line.includes("tidelock.east."));
const left = (): string[] => [...policiesOf(stage.a), ...policiesOf(stage.b)].map(({ name }) => name);

describe("reconcile --prune", () => {
  test("ends with 0 where all of it went", async () => {
    const ran = await stage.cli("reconcile", "--prune");
    expect([ran.code, pruned(ran).every((line) => line.startsWith("done: "))], ran.text).toEqual([0, true]);
    expect(pruned(ran)).toHaveLength(4);
  });

  test("ends with 1 where a deletion failed, and says why", async () => {
    stage.a.faults.fail(500, { method: "DELETE", path: /\/replication\/policies\//, from: "client" });
    const ran = await stage.cli("reconcile", "--prune");
    expect(ran.code, ran.text).toBe(1);
    expect(pruned(ran)[0]).toMatch(
      /^failed: a: delete the replication policy tidelock\.east\.a-to-b, because it is declared no longer \(.+500.*\)$/,
    );
    expect(lastJson(await stage.cli("reconcile", "--prune", "--output", "json"))["pruned"]).toEqual(
      expect.arrayContaining([expect.stringMatching(/^failed: a: .+ \(.+\)$/)]),
    );
  });

  test("ends with 2 where something has to wait, and says for what", async () => {
    stage.b.faults.fail(412, { method: "DELETE", path: /\/replication\/policies\//, from: "client" });
    const ran = await stage.cli("reconcile", "--prune");
    expect(ran.code, ran.text).toBe(2);
    expect(ran.out).toContainEqual(
      expect.stringMatching(/^waiting: b: delete the replication policy tidelock\.east\.b-to-a, .+ \(.+\)$/),
    );
  });

  test("ends with 2 where the registries are only watched, and deletes nothing", async () => {
    await stage.declare(`${WEST}    mode: observe\n`);
    const before = left();
    const ran = await stage.cli("reconcile", "--prune");
    expect(ran.code).toBe(2);
    expect(pruned(ran)).toHaveLength(4);
    for (const line of pruned(ran)) expect(line).toMatch(/^withheld: .+ \([ab] is only watched now\)$/);
    expect(left()).toEqual(before);
  });

  test.each([
    ["no-delete", "deletions are not allowed"],
    ["create-only", "only creations are allowed"],
  ])("ends with 2 under --guard %s, and says what that keeps", async (guard, why) => {
    const ran = await stage.cli("reconcile", "--prune", "--guard", guard);
    expect(ran.code, ran.text).toBe(2);
    expect(pruned(ran)).toHaveLength(4);
    for (const line of pruned(ran)) expect(line).toMatch(new RegExp(`^withheld: .+ \\(${why}\\)$`));
    expect(left()).toEqual(expect.arrayContaining(["tidelock.east.a-to-b", "tidelock.east.b-to-a"]));
  });

  test("ends with 2 as a dry run that found something, and deletes nothing", async () => {
    await stage.cli("reconcile");
    const ran = await stage.cli("reconcile", "--prune", "--dry-run");
    expect([ran.code, pruned(ran).length], ran.text).toEqual([2, 4]);
    expect(left()).toContain("tidelock.east.a-to-b");
    expect((await stage.cli("reconcile", "--dry-run")).code).toBe(0);
  });

  test("waits while another Tidelock, that still knows the topology, is at work on it", async () => {
    const store = await openStore({ path: stage.store, isAlive: () => true, warn: () => undefined });
    await store.leases.take("east", "elsewhere:1", Date.now(), 60_000);
    const ran = await stage.cli("reconcile", "--prune");
    await store.leases.release("east", "elsewhere:1");
    expect(ran.code, ran.text).toBe(2);
    expect(pruned(ran)).toHaveLength(4);
    for (const line of pruned(ran)) expect(line).toMatch(/^waiting: .+ \(.+elsewhere:1 is at it\)$/);
    expect((await stage.cli("reconcile", "--prune")).code).toBe(0);
    expect(await store.leases.holder("east")).toBeUndefined();
    await store.close();
  });
});

describe("a registry of no topology that can't be read", () => {
  /** Nobody listens there. */
  const GONE = '  c: { url: "http://127.0.0.1:1", username: admin, password: x }\n';
  const SENTENCE = /^unread: c: could not be read, so nothing is planned there: /;

  beforeEach(async () => {
    await stage.cli("reconcile", "--prune");
    const account = 'username: admin, password: "Harbor12345"';
    await stage.declareText(
      `apiVersion: tidelock/v1\nregistries:\n  a: { url: "${stage.a.url}", ${account} }\n  b: { url: "${stage.b.url}", ${account} }\n${GONE}topologies:${WEST}`,
    );
  });

  test("is told by reconcile --prune, which ends with 2", async () => {
    const ran = await stage.cli("reconcile", "--prune");
    expect(ran.code, ran.text).toBe(2);
    expect(ran.out[0]).toMatch(SENTENCE);
    expect(ran.out.at(-1)).toContain("west: in step and proven");
  });

  test("is told by plan, and ends it with 1 where pruning was asked for", async () => {
    const asked = await stage.cli("plan", "--prune");
    expect(asked.code, asked.text).toBe(1);
    expect(asked.out).toContainEqual(expect.stringMatching(SENTENCE));
    const unasked = await stage.cli("plan");
    expect(unasked.code, unasked.text).toBe(0);
    expect(unasked.out).toContainEqual(expect.stringMatching(SENTENCE));
  });

  test("is no matter to a reconcile that was not to prune", async () => {
    expect((await stage.cli("reconcile")).code).toBe(0);
  });
});
