import { describe, expect, test } from "vitest";
import { createPace, type Pace } from "../../src/harbor/pace.ts";

function answers(pace: Pace, count: number, ms: number, more: { kind?: string; bytes?: number } = {}): void {
  for (let i = 0; i < count; i += 1) {
    pace.answered({ kind: "GET one", bytes: 0, isOverloaded: false, ...more, ms });
  }
}

describe("the pace of one registry", () => {
  test("is what it may be, for as long as answers come as they always came", () => {
    const pace = createPace(8);
    for (let i = 0; i < 200; i += 1) answers(pace, 1, 40 + (i % 7) * 10);
    expect(pace.atOnce).toBe(8);
  });

  test("is halved again and again while answers take much longer than the quickest, and never below one", () => {
    const pace = createPace(8);
    answers(pace, 50, 20);
    const seen = new Set([pace.atOnce]);
    for (let i = 0; i < 100; i += 1) {
      answers(pace, 1, 1_500);
      seen.add(pace.atOnce);
    }
    expect([...seen]).toEqual([8, 4, 2, 1]);
  });

  test("rises by one at a time when answers are quick again, up to what it may be", () => {
    const pace = createPace(4);
    answers(pace, 50, 20);
    answers(pace, 60, 1_500);
    expect(pace.atOnce).toBe(1);
    const seen = new Set<number>();
    for (let i = 0; i < 200; i += 1) {
      answers(pace, 1, 20);
      seen.add(pace.atOnce);
    }
    expect([...seen]).toEqual([1, 2, 3, 4]);
  });

  test("goes down at once where the registry says that it has too much to do, and once for what was under way", () => {
    const pace = createPace(8);
    answers(pace, 10, 20);
    const busy = { kind: "GET one", ms: 5, bytes: 0, isOverloaded: true };
    for (let i = 0; i < 4; i += 1) pace.answered(busy);
    expect(pace.atOnce).toBe(4);
    for (let i = 0; i < 4; i += 1) pace.answered(busy);
    expect(pace.atOnce).toBe(2);
  });

  test("takes a whole page of a listing for no sign of load, beside pages of one row", () => {
    const pace = createPace(4);
    for (let i = 0; i < 200; i += 1) {
      answers(pace, 1, 30, { kind: "GET listing", bytes: 900 });
      answers(pace, 1, 400, { kind: "GET listing", bytes: 85_000 });
    }
    expect(pace.atOnce).toBe(4);
  });

  test("takes what has become usual for usual: a registry that moved away is not asked slowly for ever", () => {
    const pace = createPace(4);
    answers(pace, 50, 20);
    answers(pace, 60, 300);
    expect(pace.atOnce).toBe(1);
    answers(pace, 1_000, 300);
    expect(pace.atOnce).toBe(4);
  });
});
