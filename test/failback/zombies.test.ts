import { expect, test } from "vitest";
import { needsTasks, zombieOf, zombieText } from "../../src/failback/zombies.ts";
import type { Execution, Task } from "../../src/observed/model.ts";

const HOUR = 3_600_000;
const RUNNING: Execution = {
  id: 12,
  policyId: 1,
  state: "running",
  trigger: "event_based",
  startedAt: 0,
  text: "",
  total: 2,
  succeeded: 1,
  failed: 0,
  running: 1,
  stopped: 0,
};

function task(startedAt: number, endedAt?: number): Task {
  const state = endedAt === undefined ? "running" : "succeeded";
  const about = {
    id: startedAt,
    executionId: 12,
    state,
    operation: "copy",
    source: "l/a",
    startedAt,
  } as const;
  return { ...about, ...(endedAt === undefined ? {} : { endedAt }) };
}

test("an execution in which nothing happened for six hours lost its tasks", () => {
  const tasks = [task(0, HOUR), task(HOUR)];
  expect(needsTasks(RUNNING, 6 * HOUR)).toBe(false);
  expect(needsTasks(RUNNING, 7 * HOUR + 1)).toBe(true);
  expect(zombieOf(RUNNING, tasks, 7 * HOUR)).toBeUndefined();
  const lost = zombieOf(RUNNING, tasks, 7 * HOUR + 1);
  expect(lost?.kind).toBe("lost");
  expect(lost === undefined ? "" : zombieText(lost)).toMatch(/^execution 12 stands still for hours/);
});

test("one in which tasks still end is at work, however old it is", () => {
  expect(zombieOf(RUNNING, [task(0, 99 * HOUR), task(HOUR)], 100 * HOUR)).toBeUndefined();
});

test("wedged: all tasks ended, and Harbor had time to notice", () => {
  const wedged = { ...RUNNING, succeeded: 2, running: 0 };
  expect(zombieOf(wedged, [task(0, 1), task(0, 2)], 4 * 60_000)).toBeUndefined();
  expect(zombieOf(wedged, [task(0, 1), task(0, 2)], 5 * 60_000)?.kind).toBe("wedged");
});
