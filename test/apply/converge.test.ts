import { describe, expect, it } from "vitest";
import { PROFILES, sandboxPair } from "./sandbox-pair.ts";

const DUAL = `
    kind: dual-master
    registries: [a, b]
    content: { projects: [library, "team-{x,y}", "p-*"], repositories: [app, "base/**"], tags: "v{1,2}.*" }
    replication: { speedKbps: 0 }`;
const EXCLUDING = DUAL.replace('tags: "v{1,2}.*"', 'excludeTags: ["tmp-*", "{rc,beta}-*"]');

describe.each(PROFILES)("Harbor %s", (profile) => {
  it("has nothing more to do after a plan was applied", async () => {
    await using pair = await sandboxPair(profile);
    await pair.declare(DUAL);
    const done = await pair.configure();
    expect(done).toEqual([
      "a create-endpoint tidelock.t.b: done",
      "b create-endpoint tidelock.t.a: done",
      "a create-policy tidelock.t.a-to-b: done",
      "a create-policy tidelock.t.a-to-b.2: done",
      "b create-policy tidelock.t.b-to-a: done",
      "b create-policy tidelock.t.b-to-a.2: done",
    ]);
    const again = await pair.plan();
    expect(again.actions).toEqual([]);
    expect(again.owned).toBe(6);
  });

  it("follows each field of the declaration, and then rests", async () => {
    await using pair = await sandboxPair(profile);
    await pair.declare(DUAL);
    await pair.configure();
    const changes = [
      EXCLUDING,
      `${DUAL}\n    trigger: manual`,
      `${DUAL}\n    trigger: "0 0 2 * * 1-5"`,
      DUAL.replace("speedKbps: 0", "override: false, deletions: true, speedKbps: 512"),
      DUAL,
    ];
    for (const change of changes) {
      await pair.declare(change);
      const done = await pair.configure();
      expect(done.length).toBeGreaterThan(0);
      expect(done.filter((line) => !line.endsWith(": done"))).toEqual([]);
      expect((await pair.plan()).actions).toEqual([]);
    }
  });

  it("replicates what is pushed afterwards", async () => {
    await using pair = await sandboxPair(profile);
    await pair.declare(DUAL);
    await pair.configure();
    const digest = pair.a.push("library/app", "v1.0");
    pair.a.push("library/other", "v1.0");
    pair.clock.advance(120_000);
    expect(pair.b.tags().get("library/app")?.get("v1.0")).toBe(digest);
    expect(pair.b.tags().has("library/other")).toBe(false);
  });

  it("prunes what is declared no longer, in an order that Harbor accepts", async () => {
    await using pair = await sandboxPair(profile);
    await pair.declare(DUAL);
    await pair.configure();
    await pair.declare(`
    kind: master-slave
    master: a
    slaves: [b]`);
    const kept = await pair.plan();
    expect(kept.actions.map(({ kind }) => kind)).toEqual(["update-policy"]);
    expect(kept.findings.map(({ kind }) => kind)).toEqual(["leftover", "leftover", "leftover", "leftover"]);
    expect(await pair.configure({ prune: true })).toEqual([
      "a update-policy tidelock.t.a-to-b: done",
      "a delete-policy tidelock.t.a-to-b.2: done",
      "b delete-policy tidelock.t.b-to-a: done",
      "b delete-policy tidelock.t.b-to-a.2: done",
      "b delete-endpoint tidelock.t.a: done",
    ]);
    const again = await pair.plan({ prune: true });
    expect([again.actions, again.findings]).toEqual([[], []]);
  });
});
