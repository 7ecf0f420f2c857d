import fc from "fast-check";
import { expect, test } from "vitest";
import { labelledAt, makeLabel } from "../../src/probe/label.ts";

const moments = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) });
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("a label tells whose probe it was and when it began, wherever it stands in a name", () => {
  fc.assert(
    fc.property(moments, chances, fc.string({ minLength: 1 }), (now, chance, installation) => {
      const label = makeLabel(installation, now, () => chance);
      expect(label).toMatch(/^tidelock-[a-z0-9-]{1,19}$/);
      for (const name of [
        label,
        `${label}-from-n1`,
        `tidelock.ha.probe-${label}-2`,
        `${label}-copy/${label}-source`,
      ]) {
        expect(labelledAt(name, installation)).toBe(Math.floor(now / 1000) * 1000);
        expect(labelledAt(name, `${installation}-other`)).toBeUndefined();
      }
    }),
  );
});

test("other names have none", () => {
  for (const name of ["", "tidelock-notes", "app", "tidelock-123456-abcdef"]) {
    expect(labelledAt(name, "here")).toBeUndefined();
  }
});
