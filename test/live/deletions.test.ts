import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import { separateAccounts } from "./people.ts";
import type { Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-deletions";
const APP = `${PROJECT}/app`;
const TOPOLOGY = "live-deletions";

describeLive("deletions: replay", (rig) => {
  const { a, b } = rig;
  let tidelock: Tidelock;

  test("two registries in step, with accounts that the logs can tell apart", async () => {
    const accounts = await separateAccounts(rig);
    tidelock = await rig.declare({
      ...accounts,
      topology: `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { deletions: replay, settle: 2s }`,
    });
    await a.createProject(PROJECT);
    expect((await tidelock.json("reconcile")).code).toBe(0);
    for (let i = 1; i <= 12; i += 1) await a.push(APP, `v${i}`, `v${i} of a`);
    await rig.untilEqual(PROJECT);
    await rig.untilQuiet(TOPOLOGY);
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
  });

  test("what a person deleted on b while a was away is deleted on a", async () => {
    await rig.outageOfA(TOPOLOGY, 1, async () => {
      await b.deleteTag(APP, "v1");
      await b.push(APP, "v13", "v13 of b");
    });
    const diff = await tidelock.json("diff");
    const deleted = diff.topology.findings.find(({ tag }) => tag === "v1");
    expect(deleted, JSON.stringify(diff.topology.findings)).toMatchObject({
      kind: "deleted",
      to: "a",
      notice: false,
    });
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    for (const side of [a, b]) {
      const tags = await side.tags(PROJECT);
      expect([tags.has(`${APP}:v1`), tags.has(`${APP}:v13`)], side.access.name).toEqual([false, true]);
    }
  });

  test("what the replication account deleted is reported only", async () => {
    const { user, password } = { user: "tidelock-live-repl", password: "Live-Pa55word-7d" };
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const { status } = await b.api.send(
      "DELETE",
      `/projects/${PROJECT}/repositories/app/artifacts/v2/tags/v2`,
      undefined,
      { authorization },
    );
    expect(status).toBe(200);
    const ran = await tidelock.json("reconcile");
    expect(ran.topology.content.counts, ran.out + ran.err).toEqual({ deleted: 1 });
    expect((await a.tags(PROJECT)).has(`${APP}:v2`)).toBe(true);
  });

  test("half of everything at once is not replayed, and said so", async () => {
    for (let i = 3; i <= 9; i += 1) await b.deleteTag(APP, `v${i}`);
    const ran = await tidelock.json("reconcile");
    expect(ran.code, ran.out + ran.err).toBe(2);
    expect(ran.out + ran.err).toMatch(
      /7 tags that were deleted on b were not deleted on a: they are far too many/,
    );
    expect((await a.tags(PROJECT)).has(`${APP}:v3`)).toBe(true);
  });

  test("a person's word replays one of them all the same", async () => {
    const decided = await tidelock.run("resolve", TOPOLOGY, `${APP}:v3`, "accept-deletion");
    expect(decided.code, decided.out + decided.err).toBe(0);
    for (let i = 4; i <= 9; i += 1) await tidelock.run("resolve", TOPOLOGY, `${APP}:v${i}`, "keep-left");
    const ran = await tidelock.json("reconcile");
    expect([ran.code, ran.topology.proven], ran.out + ran.err).toEqual([0, true]);
    const left = await a.tags(PROJECT);
    expect([left.has(`${APP}:v3`), left.has(`${APP}:v4`)]).toEqual([false, true]);
  });
});
