import { describe, expect, test } from "vitest";
import { inTurns } from "../src/in-turns.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("working in turns", () => {
  test("answers in the order that was given, and never does more at once than allowed", async () => {
    let working = 0;
    let most = 0;
    const results = await inTurns([5, 1, 4, 1, 3, 1, 2], 3, async (turns) => {
      working += 1;
      most = Math.max(most, working);
      for (let i = 0; i < turns; i += 1) await turn();
      working -= 1;
      return turns * 10;
    });
    expect(results).toEqual([50, 10, 40, 10, 30, 10, 20]);
    expect(most).toBe(3);
  });

  test("one that takes for ever holds up none of the others", async () => {
    const done: string[] = [];
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    const all = inTurns(["slow", "a", "b", "c"], 2, async (name) => {
      if (name === "slow") await stuck;
      done.push(name);
      if (done.length === 3) release();
    });
    await all;
    expect(done).toEqual(["a", "b", "c", "slow"]);
  });

  test("the first failure is told once all that were begun have ended, and nothing more is begun", async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = inTurns([0, 1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      await turn();
      if (item === 0) throw new Error("broken");
      await turn();
      ended.push(item);
    });
    await expect(work).rejects.toThrow("broken");
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });
});
