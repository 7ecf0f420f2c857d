import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Life } from "./life.ts";
import { TEETH } from "./teeth.ts";

const DOCUMENT = readFileSync(new URL("../../docs/simulation.md", import.meta.url), "utf8");

test.each(TEETH)("a Tidelock that $name is caught", async ({ variant, seed, says }) => {
  await expect(Life.run(seed, variant)).rejects.toThrow(says);
});

test.each(TEETH)("docs/simulation.md names the one that $name", ({ name, invariant, seed, broken }) => {
  expect(DOCUMENT).toContain(`| ${invariant} | ${name} | ${broken} | ${seed} |`);
});

test("each invariant has one", () => {
  expect(new Set(TEETH.map(({ invariant }) => invariant)).size).toBe(10);
});
