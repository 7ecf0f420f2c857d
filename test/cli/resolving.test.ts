import { describe, expect, test } from "vitest";
import { openStore } from "../../src/store/embedded/open.ts";
import type { Store } from "../../src/store/store.ts";
import { lastJson } from "../support/run-cli.ts";
import { cliStage, DUAL_MASTER, type Stage } from "../support/run-cli-stage.ts";

/** Nothing is too young to judge. */
const AT_ONCE = `${DUAL_MASTER}    heal: { settle: 1ms }\n`;
const TORN = "library/app:torn";
const writes = ({ a, b }: Stage): number => a.requests.writes() + b.requests.writes();

/** A pair whose sides hold different images under `torn`, and the same under `same`. */
async function torn(): Promise<Stage & { readonly left: string; readonly right: string }> {
  const stage = await cliStage();
  await stage.declare(AT_ONCE);
  await stage.cli("reconcile");
  stage.a.push("library/app", "same");
  await stage.quiet();
  stage.a.faults.loseNextEvents(1);
  stage.b.faults.loseNextEvents(1);
  const left = stage.a.push("library/app", "torn");
  const right = stage.b.push("library/app", "torn");
  return Object.assign(stage, { left, right });
}

async function withStore<Result>({ store }: Stage, work: (store: Store) => Promise<Result>): Promise<Result> {
  const opened = await openStore({ path: store, isAlive: () => true, warn: () => undefined });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

const tagOn = (stage: Stage, side: "a" | "b", tag: string): string | undefined =>
  stage[side].tags().get("library/app")?.get(tag);

describe("a decision about a tag", () => {
  test("is remembered with what stands there now, and writes nothing; the next healing acts on it", async () => {
    await using stage = await torn();
    const before = writes(stage);
    const ran = await stage.cli("resolve", "east", TORN, "keep-right");
    expect([ran.code, ran.out[0]]).toEqual([
      0,
      expect.stringMatching(
        /^east: decided: keep-right library\/app:torn of a \| b \([0-9a-f]{12} \| [0-9a-f]{12}\)$/,
      ),
    ]);
    expect(ran.out[1]).toMatch(/^ {2}then: b's image is put over a's, .*tidelock heal --only east$/);
    expect(writes(stage)).toBe(before);
    expect(await withStore(stage, (store) => store.decisions.of("east"))).toMatchObject([
      {
        topology: "east",
        left: "a",
        right: "b",
        repository: "library/app",
        tag: "torn",
        choice: "keep-right",
        leftDigest: stage.left,
        rightDigest: stage.right,
      },
    ]);
    const status = await stage.cli("status");
    expect(status.out).toContainEqual(
      expect.stringMatching(/^east: decided \d+s ago: keep-right library\/app:torn of a \| b /),
    );
    expect((await stage.cli("heal")).code).toBe(0);
    expect([tagOn(stage, "a", "torn"), tagOn(stage, "b", "torn")]).toEqual([stage.right, stage.right]);
  });

  test("says which store it went to, and where no pass is in it", async () => {
    await using stage = await torn();
    const known = await stage.cli("resolve", "east", TORN, "keep-right");
    expect(known.err).toContain(`store: ${stage.store}`);
    expect(known.text).not.toContain("warning: this store");
    stage.useStore(`${stage.folder}/other/tidelock.db`);
    const made = await stage.cli("resolve", "east", TORN, "keep-right");
    expect(made.err).toContain(`store: ${stage.store}`);
    expect(made.text).toContain("warning: this store was made just now");
    const again = await stage.cli("resolve", "east", TORN, "--forget");
    expect(again.text).toContain("warning: this store knows no pass over east");
    // An empty store knows of no backup either, which is all that the refusal would say.
    const rewind = await stage.cli("resolve", "east", "a", "accept-rewind");
    expect([rewind.code, rewind.text]).toEqual([1, expect.stringContaining("knows no pass over east")]);
  });

  test("gives way to a later one, and is taken back", async () => {
    await using stage = await torn();
    await stage.cli("resolve", "east", TORN, "keep-left");
    const json = lastJson(await stage.cli("resolve", "east", TORN, "keep-both", "--output", "json"));
    expect(json).toMatchObject({
      decision: {
        topology: "east",
        pair: ["a", "b"],
        choice: "keep-both",
        left: stage.left,
        right: stage.right,
      },
    });
    const forgotten = await stage.cli("resolve", "east", TORN, "--forget");
    expect([forgotten.code, forgotten.out]).toEqual([0, [expect.stringMatching(/^taken back: keep-both /)]]);
    const again = await stage.cli("resolve", "east", TORN, "--forget");
    expect([again.code, again.out]).toEqual([0, [`nothing was decided about ${TORN} of a | b`]]);
    expect(await withStore(stage, (store) => store.decisions.of("east"))).toEqual([]);
  });

  test("is refused where there is nothing to decide, not in that way, or a side is unread; then nothing is remembered", async () => {
    await using stage = await torn();
    stage.b.faults.loseNextEvents(1);
    stage.b.push("library/app", "only");
    for (const [argv, why, hint] of [
      [["library/app:same", "keep-left"], "both sides hold the same image", "there is nothing to decide"],
      [["library/app:none", "keep-left"], "neither a nor b has it", "there is nothing to decide"],
      [[TORN, "accept-deletion"], "both a and b have it", "choose keep-left, keep-right or keep-both"],
      [
        ["library/app:only", "keep-left"],
        "only b has it",
        "choose keep-right to bring it back to a, or accept-d",
      ],
    ] as const) {
      const ran = await stage.cli("resolve", "east", ...argv);
      expect([ran.code, ran.out], ran.text).toEqual([1, []]);
      expect(ran.text).toContain(`failed: ${why} [UNDECIDABLE]`);
      expect(ran.text).toContain(`hint: ${hint}`);
    }
    stage.a.faults.down();
    await stage.settled();
    const away = await stage.cli("resolve", "east", TORN, "keep-right");
    expect([away.code, away.text]).toEqual([1, expect.stringContaining("[HARBOR_UNREACHABLE]")]);
    stage.a.faults.up();
    await stage.settled();
    stage.a.faults.fail(500, { path: "/artifacts" });
    const unread = await stage.cli("resolve", "east", TORN, "keep-right");
    expect([unread.code, unread.text]).toEqual([
      1,
      expect.stringContaining("a could not be read [UNDECIDABLE]"),
    ]);
    expect(await withStore(stage, (store) => store.decisions.of("east"))).toEqual([]);
  });

  test.each([
    [["west", TORN, "keep-left"], "no replicated topology is called west"],
    [["east", "library/app", "keep-left"], '"library/app" is no tag'],
    [["east", "other/app:1", "keep-left"], "east does not cover other/app:1"],
    [
      ["east", "library/app:tidelock-rescue-1-x", "keep-left"],
      "east does not cover library/app:tidelock-rescue",
    ],
    [["east", TORN], "what is to become of library/app:torn was not said"],
    [["east", TORN, "keep-left", "--between", "b,a"], "east compares no pair b,a"],
  ])("%j is a usage error", async (argv, message) => {
    await using stage = await cliStage();
    const ran = await stage.cli("resolve", ...argv);
    expect([ran.code, ran.out]).toEqual([64, []]);
    expect(ran.text).toContain(`error: ${message}`);
  });

  test("names its pair where a topology has several", async () => {
    await using stage = await cliStage();
    const registry = (name: string, url: string): string =>
      `  ${name}: { url: "${url}", username: admin, password: "Harbor12345" }\n`;
    await stage.declareText(
      `apiVersion: tidelock/v1\nregistries:\n${registry("a", stage.a.url)}${registry("b", stage.b.url)}${registry("c", "http://127.0.0.1:9")}` +
        "topologies:\n  - { name: east, kind: dual-master, registries: [a, b, c], content: { projects: [library] } }\n",
    );
    stage.a.push("library/app", "torn");
    const ran = await stage.cli("resolve", "east", TORN, "keep-left");
    expect([ran.code, ran.text]).toEqual([64, expect.stringContaining("one of: a,b a,c b,c")]);
    expect((await stage.cli("resolve", "east", TORN, "keep-left", "--between", "a,b")).code).toBe(0);
  });
});

describe("a registry that came back from a backup", () => {
  test("is accepted only where it is known to be rewound, for every topology that it is part of", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    const none = await stage.cli("resolve", "east", "a", "accept-rewind");
    expect([none.code, none.out]).toEqual([1, []]);
    expect(none.text).toContain("accepting a as it is failed: nothing of it is rewound [UNDECIDABLE]");
    expect((await stage.cli("resolve", "east", "z", "accept-rewind")).code).toBe(64);

    await withStore(stage, async (store) => {
      await store.memory.rewound({
        registry: "a",
        project: "",
        since: 1,
        reason: "its audit log is shorter",
      });
    });
    expect((await stage.cli("status")).out).toContainEqual(
      expect.stringMatching(/^a: all of it is rewound since .*: its audit log is shorter$/),
    );
    const ran = await stage.cli("resolve", "east", "a", "accept-rewind");
    expect([ran.code, ran.out[0]]).toEqual([
      0,
      "a: accepted as it is; what was remembered of it in east is forgotten",
    ]);
    const [rewinds, warm] = await withStore(stage, async (store) => [
      await store.memory.rewinds("a"),
      await store.base.isWarm({ topology: "east", left: "a", right: "b" }, "library/app"),
    ]);
    expect([rewinds, warm]).toEqual([[], false]);
    const later = await stage.cli("reconcile");
    expect(later.code, later.text).toBe(0);
  });

  test("is not accepted while somebody is at work, whose pass would remember what it was", async () => {
    await using stage = await cliStage();
    await stage.cli("reconcile");
    await withStore(stage, async (store) => {
      await store.memory.rewound({ registry: "a", project: "library", since: 1, reason: "older" });
      await store.leases.take("east", "elsewhere:1", Date.now(), 60_000);
    });
    const ran = await stage.cli("resolve", "east", "a", "accept-rewind");
    expect([ran.code, ran.text]).toEqual([1, expect.stringContaining("[ALREADY_RUNNING]")]);
    expect(await withStore(stage, (store) => store.memory.rewinds("a"))).toHaveLength(1);
  });
});

test("a decision that can't be remembered is none, and says so", async () => {
  await using stage = await torn();
  stage.useStore(`${stage.policies}/tidelock.db`);
  const ran = await stage.cli("resolve", "east", TORN, "keep-left");
  expect([ran.code, ran.out]).toEqual([1, []]);
  expect(ran.text).toContain("[STORE_UNUSABLE]");
});

test("nothing is decided about a side that came back older than it was seen: that has to be accepted first", async () => {
  await using stage = await torn();
  await withStore(stage, (store) =>
    store.memory.rewound({ registry: "b", project: "library", since: 1, reason: "it is older" }),
  );
  const ran = await stage.cli("resolve", "east", TORN, "keep-left");
  expect(ran.code).toBe(1);
  expect(ran.err.join("\n")).toMatch(/b came back older.*tidelock resolve east b accept-rewind/s);
  expect(await withStore(stage, (store) => store.decisions.of("east"))).toEqual([]);
});
