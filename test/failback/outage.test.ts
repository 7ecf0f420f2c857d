import fc from "fast-check";
import { expect, test } from "vitest";
import { afterProbe, FIRST_REACH, isWithin, type Outage, type Reach } from "../../src/failback/outage.ts";

const limits = { failAfter: 3, riseAfter: 2 };

function probe(answers: readonly boolean[]): { reach: Reach; turned: string[]; outages: Outage[] } {
  let reach: Reach = FIRST_REACH;
  const turned: string[] = [];
  const outages = new Map<number, Outage>();
  answers.forEach((ok, i) => {
    const step = afterProbe(reach, ok, (i + 1) * 10, limits);
    reach = step.reach;
    if (step.turned !== undefined) turned.push(`${step.turned}@${(i + 1) * 10}`);
    if (step.outage !== undefined) outages.set(step.outage.from, step.outage);
  });
  return { reach, turned, outages: [...outages.values()] };
}

test("down after three failures, up after two answers; the outage spans from the last answer to the first new one that counts", () => {
  const { turned, outages } = probe([true, false, false, false, false, true, true, true]);
  expect(turned).toEqual(["down@40", "up@70"]);
  expect(outages).toEqual([{ from: 10, to: 70 }]);
});

test("a flapping link is one outage, and a blip is none", () => {
  expect(probe([true, false, false, true, false, false, true]).turned).toEqual([]);
  expect(probe([true, false, false, false, true, false, true, false, true, true]).outages).toEqual([
    { from: 10, to: 100 },
  ]);
});

test("one that never answered has one outage, closed when it answers", () => {
  expect(probe([false, false, false, false, true, true]).outages).toEqual([{ from: 10, to: 60 }]);
});

test("every failure between going down and coming back lies within the recorded outage", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (answers) => {
      const { outages, reach } = probe(answers);
      const open = outages.filter(({ to }) => to === undefined);
      expect(open.length).toBe(reach.up ? 0 : 1);
      let inARow = 0;
      answers.forEach((ok, i) => {
        inARow = ok ? 0 : inARow + 1;
        if (inARow >= limits.failAfter) expect(isWithin(outages, (i + 1) * 10)).toBe(true);
      });
    }),
  );
});
