import { expect, test } from "vitest";
import { createSlots } from "../../src/heal/slots.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("so many at once, whoever asks, in the order they came; one that fails gives its slot back", async () => {
  const slots = createSlots(2);
  let working = 0;
  let most = 0;
  const begun: number[] = [];
  const work = (name: number) => async (): Promise<void> => {
    begun.push(name);
    working += 1;
    most = Math.max(most, working);
    await turn();
    await turn();
    working -= 1;
    if (name % 2 === 0) throw new Error("broken");
  };
  const all = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map((name) => slots.run(work(name))));
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
  expect(all.map(({ status }) => status === "fulfilled")).toEqual([
    false,
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
});

test("a slot is handed on to who waits, and who comes then waits behind", async () => {
  const slots = createSlots(1);
  const begun: string[] = [];
  let working = 0;
  const work = (name: string) => async (): Promise<void> => {
    begun.push(name);
    working += 1;
    expect(working).toBe(1);
    await turn();
    working -= 1;
  };
  const waiting = ["one", "two"].map((name) => slots.run(work(name)));
  const late = waiting[0]?.then(() => slots.run(work("late")));
  const later = slots.run(work("three"));
  await Promise.all([...waiting, late, later]);
  await slots.run(work("last"));
  expect(begun).toEqual(["one", "two", "three", "late", "last"]);
});
