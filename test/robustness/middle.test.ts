import { expect, test } from "vitest";
import pLimit from "p-limit";
import { seeded } from "../support/killable-series.ts";
import { showsStack, type Ran } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";
import { tagsOf } from "../support/killable-story.ts";

const REQUESTS = 60;
const AT_ONCE = 4;

async function withGap(): Promise<Stage> {
  const stage = await cliStage();
  await stage.cli("reconcile");
  await stage.outage(() => {
    stage.b.push("library/app", "1.0", { seed: 1 });
    stage.b.push("library/tool", "1.0", { seed: 2 });
  });
  return stage;
}

/** Does something to `a` at the n-th request of the run to either side. */
function at(stage: Stage, n: number, act: () => void): void {
  let seen = 0;
  for (const sandbox of [stage.a, stage.b]) {
    sandbox.onRequest(() => {
      seen += 1;
      if (seen === n) act();
    });
  }
}

function expectSentence(ran: Ran, about: string): void {
  expect(showsStack(ran), about).toBe(false);
  expect(ran.text, about).not.toMatch(/\[BUG\]|undefined|\[object/);
  // A run that noticed it says which registry, and why, to people.
  if (ran.code !== 0) expect(ran.text, about).toMatch(/could not be read|failed: |not in step/);
}

test("a registry that goes away in the middle of a run: an exit code and a sentence, and the next run heals", async () => {
  const random = seeded(7);
  const limit = pLimit(AT_ONCE);
  const moments = Array.from({ length: 8 }, () => 1 + Math.floor(random() * REQUESTS));
  await Promise.all(
    moments.map((moment) =>
      limit(async () => {
        await using stage = await withGap();
        at(stage, moment, () => stage.a.faults.down());
        const ran = await stage.cli("reconcile");
        const about = `away at request ${moment}:\n${ran.text}`;
        expect([0, 1, 2], about).toContain(ran.code);
        expectSentence(ran, about);
        stage.a.faults.up();
        await stage.settled();
        const next = await stage.cli("reconcile");
        expect(next.code, `${about}\nand then:\n${next.text}`).toBe(0);
        expect(tagsOf(stage.a)).toEqual(tagsOf(stage.b));
      }),
    ),
  );
});

test("an answer that breaks off or turns to nonsense in the middle is survived, or told; never a wrong tag", async () => {
  const random = seeded(8);
  const limit = pLimit(AT_ONCE);
  const faults = ["nonsense", "truncate", "fail", "reset", "slow"] as const;
  await Promise.all(
    faults.map((fault) =>
      limit(async () => {
        await using stage = await withGap();
        const moment = 1 + Math.floor(random() * REQUESTS);
        const once = { times: 1, from: "client" } as const;
        at(stage, moment, () => {
          if (fault === "fail") stage.a.faults.fail(502, once);
          else if (fault === "slow") stage.a.faults.slow(200, once);
          else stage.a.faults[fault](once);
        });
        const ran = await stage.cli("reconcile");
        const about = `${fault} at request ${moment}:\n${ran.text}`;
        expect([0, 1, 2], about).toContain(ran.code);
        expectSentence(ran, about);
        const next = await stage.cli("reconcile");
        expect(next.code, `${about}\nand then:\n${next.text}`).toBe(0);
        expect(tagsOf(stage.a)).toEqual(tagsOf(stage.b));
      }),
    ),
  );
});
