import { describe, expect, test } from "vitest";
import type { Choice } from "../../src/failback/decision.ts";
import { rescueTagOf } from "../../src/failback/displaced.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { findings, Scene, tagsOf, type SceneOptions } from "../support/scene.ts";

const REPOSITORY = "library/app";
const TAG = `${REPOSITORY}:t`;

interface Conflict {
  readonly scene: Scene;
  /** What both agreed on, and what each side moved it to; b's came later. */
  readonly old: string;
  readonly onA: string;
  readonly onB: string;
}

/** Both sides moved a tag while their events were lost. */
async function conflict(heal: SceneOptions["heal"], profile: ProfileName = "2.9"): Promise<Conflict> {
  const scene = await Scene.create({
    registries: { a: profile, b: profile },
    heal: { remedy: "scoped", ...heal },
    front: "memory",
  });
  await scene.pass();
  const old = scene.sandbox("a").push(REPOSITORY, "t");
  await scene.rest();
  await scene.pass();
  const moved = ["a", "b"].map((name) => {
    scene.sandbox(name).faults.loseNextEvents(1);
    scene.clock.advance(10_000);
    return scene.sandbox(name).push(REPOSITORY, "t");
  });
  await scene.rest();
  const [onA = "", onB = ""] = moved;
  return { scene, old, onA, onB };
}

async function decided({ scene, onA, onB }: Conflict, choice: Choice): Promise<void> {
  await scene.store.decisions.put({
    topology: "east",
    left: "a",
    right: "b",
    repository: REPOSITORY,
    tag: "t",
    choice,
    at: scene.clock.now(),
    leftDigest: onA,
    rightDigest: onB,
  });
}

describe.each(["2.1", "2.7", "2.14"] as const)("a conflict with a preferred side on %s", (profile) => {
  test("is decided, the other side's image is kept, and the next pass writes nothing", async () => {
    const { scene, onA, onB } = await conflict({ conflicts: { prefer: "a" } }, profile);
    await using _ = scene;
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    const rescueTag = rescueTagOf(onB, "t");
    const kept = { [`${REPOSITORY}:${rescueTag}`]: onB };
    expect(tagsOf(scene.sandbox("b"))).toEqual({ [TAG]: onA, ...kept });
    // Before 2.4 no replication policy can leave anything out.
    expect(tagsOf(scene.sandbox("a"))).toEqual({ [TAG]: onA, ...(profile === "2.1" ? kept : {}) });
    expect(await scene.store.rescues.of("east")).toMatchObject([
      { registry: "b", repository: REPOSITORY, tag: "t", digest: onB, rescueTag },
    ]);
    await scene.rest();
    const writes = scene.writes();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true, remedies: [] });
    expect(scene.writes()).toBe(writes);
  });
});

describe("what can't be kept", () => {
  test("because the account may not tag is not overwritten, and the reason is told", async () => {
    const { scene, onA, onB } = await conflict({ conflicts: { prefer: "a" } }, "2.14");
    await using _ = scene;
    const b = scene.sandbox("b");
    const rights = [
      "repository:list",
      "repository:pull",
      "repository:push",
      "repository:read",
      "artifact:list",
    ];
    const access = [...rights, "artifact:read", "tag:list", "project:read"].map((right) => {
      const [resource = "", action = ""] = right.split(":");
      return { resource, action };
    });
    const username = b.addRobot("reader", "secret", [
      { kind: "project", namespace: "*", access },
      { kind: "system", namespace: "/", access: [{ resource: "project", action: "list" }] },
    ]);
    scene.login("b", { username, password: "secret" });
    const report = await scene.pass({ configure: false });
    expect(report.remedies).toMatchObject([
      {
        result: "withheld",
        reason: expect.stringContaining("could not be kept under a rescue tag: ") as string,
      },
    ]);
    expect([tagsOf(scene.sandbox("a")), tagsOf(b)]).toEqual([{ [TAG]: onA }, { [TAG]: onB }]);
  });

  test("because the registry fails is not overwritten; once it works the conflict is decided", async () => {
    const { scene, onA, onB } = await conflict({ conflicts: { prefer: "a" } });
    await using _ = scene;
    scene.sandbox("b").faults.fail(500, { method: "POST", path: "/tags", from: "client" });
    const report = await scene.pass();
    expect(report).toMatchObject({ verdict: "not-in-step", remedies: [{ result: "failed" }] });
    expect([tagsOf(scene.sandbox("a")), tagsOf(scene.sandbox("b"))]).toEqual([
      { [TAG]: onA },
      { [TAG]: onB },
    ]);
    expect(findings(report)).toEqual([`conflict ${TAG} a>b`]);
    scene.sandbox("b").faults.clear();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    expect(tagsOf(scene.sandbox("b"))[TAG]).toBe(onA);
  });

  test("because the rescue tag stands on something else is not overwritten", async () => {
    const { scene, onA, onB } = await conflict({ conflicts: { prefer: "a" } });
    await using _ = scene;
    scene.sandbox("b").faults.loseNextEvents(1);
    scene.sandbox("b").push(REPOSITORY, rescueTagOf(onB, "t"));
    await scene.rest();
    const report = await scene.pass();
    expect(report.remedies).toMatchObject([{ result: "withheld" }]);
    expect([tagsOf(scene.sandbox("a"))[TAG], tagsOf(scene.sandbox("b"))[TAG]]).toEqual([onA, onB]);
  });
});

describe("what a person decided", () => {
  test.each([
    ["keep-left", "b"],
    ["keep-right", "a"],
  ] as const)("%s is performed, and the loser's image is kept on %s", async (choice, loser) => {
    const story = await conflict({});
    const { scene, onA, onB } = story;
    await using _ = scene;
    expect(findings(await scene.pass())).toEqual([`conflict ${TAG}`]);
    scene.clock.advance(1000);
    await decided(story, choice);
    scene.clock.advance(1000);
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    const [winner, lost] = choice === "keep-left" ? [onA, onB] : [onB, onA];
    expect([tagsOf(scene.sandbox("a"))[TAG], tagsOf(scene.sandbox("b"))[TAG]]).toEqual([winner, winner]);
    expect(tagsOf(scene.sandbox(loser))[`${REPOSITORY}:${rescueTagOf(lost, "t")}`]).toBe(lost);
    expect(await scene.store.decisions.of("east")).toEqual([]);
  });

  test("keep-both is in step for as long as both stay, and void once a side moves", async () => {
    const story = await conflict({});
    const { scene, onA, onB } = story;
    await using _ = scene;
    await decided(story, "keep-both");
    for (let pass = 0; pass < 2; pass += 1) {
      scene.clock.advance(1000);
      expect(await scene.pass()).toMatchObject({ verdict: "in-step", remedies: [] });
    }
    expect([tagsOf(scene.sandbox("a"))[TAG], tagsOf(scene.sandbox("b"))[TAG]]).toEqual([onA, onB]);
    expect(await scene.store.decisions.of("east")).toHaveLength(1);
    scene.sandbox("b").faults.loseNextEvents(1);
    const newer = scene.sandbox("b").push(REPOSITORY, "t");
    await scene.rest();
    expect(findings(await scene.pass())).toEqual([`conflict ${TAG}`]);
    expect([tagsOf(scene.sandbox("a"))[TAG], tagsOf(scene.sandbox("b"))[TAG]]).toEqual([onA, newer]);
    expect(await scene.store.decisions.of("east")).toEqual([]);
  });

  test("a deletion that was accepted once is not one of what is pushed again", async () => {
    await using scene = await Scene.create({ registries: { a: "2.9", b: "2.9" }, front: "memory" });
    await scene.pass();
    const [a, b] = [scene.sandbox("a"), scene.sandbox("b")];
    const digest = a.push(REPOSITORY, "t", { seed: "same" });
    await scene.rest();
    await scene.pass();
    b.deleteTag(REPOSITORY, "t");
    await scene.rest();
    expect(findings(await scene.pass())).toEqual([`deleted ${TAG}`]);
    const about = { topology: "east", left: "a", right: "b", repository: REPOSITORY, tag: "t" };
    await scene.store.decisions.put({
      ...about,
      choice: "accept-deletion",
      at: scene.clock.now(),
      leftDigest: digest,
    });
    scene.clock.advance(1000);
    expect(await scene.pass()).toMatchObject({
      verdict: "in-step",
      proven: true,
      remedies: [{ result: "arrived" }],
    });
    expect([tagsOf(a), tagsOf(b)]).toEqual([{}, {}]);
    a.faults.loseNextEvents(1);
    expect(a.push(REPOSITORY, "t", { seed: "same" })).toBe(digest);
    await scene.rest();
    expect(await scene.pass()).toMatchObject({ verdict: "in-step", proven: true });
    expect([tagsOf(a), tagsOf(b)]).toEqual([{ [TAG]: digest }, { [TAG]: digest }]);
  });
});
