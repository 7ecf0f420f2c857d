import { readFileSync } from "node:fs";
import { lintFiles } from "../../src/lint/lint.ts";

/** A file of `test/lint/fixtures/`, by its path from the root of the repository, which is where tests run. */
export function fixture(name: string): { readonly name: string; readonly text: string } {
  const path = `test/lint/fixtures/${name}`;
  return { name: path, text: readFileSync(path, "utf8") };
}

/** The harbor.yml of a node that nothing is wrong with. */
export const SOUND = fixture("sound/node1.yml").text;

/** `SOUND` with some text replaced, which has to be there. */
export function changed(...replacements: readonly (readonly [from: string, to: string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the sound file has no ${from}`);
    return text.replace(from, () => to);
  }, SOUND);
}

/** `SOUND` without a section, up to the next line at the left margin. */
export function without(section: string): string {
  const text = SOUND.replace(new RegExp(`^${section}:.*\n(?:[ -].*\n)*`, "m"), "");
  if (text === SOUND) throw new Error(`the sound file has no ${section}`);
  return text;
}

/** What is found in one file: `line code path`. */
export function foundIn(text: string): string[] {
  return lintFiles([{ name: "n.yml", text }]).findings.map(
    ({ line, code, path }) => `${line} ${code} ${path}`,
  );
}

/** The line on which something stands in a text, from 1. */
export function lineOf(text: string, what: string): number {
  const at = text.split("\n").findIndex((line) => line.includes(what));
  if (at < 0) throw new Error(`the text has no ${what}`);
  return at + 1;
}
