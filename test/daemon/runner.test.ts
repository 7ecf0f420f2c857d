import { expect, test } from "vitest";
import { createRunner } from "../../src/daemon/runner.ts";
import { collectingLog } from "../support/collecting-log.ts";

/** A pass that ends when it is told to. */
function heldPass(): {
  readonly pass: (reason: string) => Promise<void>;
  readonly begun: string[];
  end(failure?: Error): void;
} {
  const begun: string[] = [];
  const ends: ((failure?: Error) => void)[] = [];
  return {
    begun,
    pass: (reason) =>
      new Promise((resolve, reject) => {
        begun.push(reason);
        ends.push((failure) => (failure === undefined ? resolve() : reject(failure)));
      }),
    end: (failure) => ends.shift()?.(failure),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a pass is never begun while another is at work; what was wished for meanwhile is done once after it", async () => {
  const held = heldPass();
  const runner = createRunner(held.pass, collectingLog().log);
  runner.wish("start");
  runner.wish("schedule");
  runner.wish("b is back");
  await turn();
  expect(held.begun).toEqual(["start"]);
  held.end();
  await turn();
  expect(held.begun).toEqual(["start", "schedule"]);
  held.end();
  await runner.idle();
  expect(held.begun).toEqual(["start", "schedule"]);
});

test("a wish that comes when all is quiet begins a pass again", async () => {
  const held = heldPass();
  const runner = createRunner(held.pass, collectingLog().log);
  for (const reason of ["first", "second"]) {
    runner.wish(reason);
    held.end();
    await runner.idle();
  }
  expect(held.begun).toEqual(["first", "second"]);
});

test("a pass that fails is told once, and the next wish is fulfilled all the same", async () => {
  const held = heldPass();
  const { log, lines } = collectingLog();
  const runner = createRunner(held.pass, log);
  runner.wish("first");
  runner.wish("second");
  held.end(new Error("no luck"));
  await turn();
  expect(held.begun).toEqual(["first", "second"]);
  held.end();
  await runner.idle();
  expect(lines.map(({ msg, reason }) => [msg, reason])).toEqual([["pass failed", "first"]]);
});

test("stop lets the pass at work end, forgets what was wished for, and begins nothing any more", async () => {
  const held = heldPass();
  const runner = createRunner(held.pass, collectingLog().log);
  runner.wish("first");
  runner.wish("second");
  let stopped = false;
  const stopping = runner.stop().then(() => (stopped = true));
  await turn();
  expect(stopped).toBe(false);
  held.end();
  await stopping;
  runner.wish("third");
  await runner.idle();
  expect(held.begun).toEqual(["first"]);
});
