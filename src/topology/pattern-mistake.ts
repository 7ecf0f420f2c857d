import { alternativesOf } from "./portable-pattern.ts";

/** What is wrong with a pattern that a person wrote, as the end of a sentence, and what to do about it. */
export interface PatternMistake {
  readonly message: string;
  readonly hint?: string;
}

/** Undefined for a pattern that every Harbor reads as it looks. */
export function patternMistake(value: string): PatternMistake | undefined {
  if (value === "") return { message: "is empty", hint: 'write "**" to match everything' };
  if (/\s/.test(value))
    return { message: "holds a space, which Harbor takes literally", hint: "write {a,b}, not {a, b}" };
  if (!value.includes("{") && value.includes(",")) {
    return {
      message: "holds a comma outside braces, which Harbor takes literally",
      hint: "write {a,b}, or a list",
    };
  }
  const alternatives = alternativesOf(value);
  if (alternatives.kind === "mistake") return { message: `is a malformed pattern: ${alternatives.message}` };
  return alternatives.texts.includes("") ? { message: "has an empty alternative" } : undefined;
}

/** The same for what has no slash: names of projects, and tags. */
export function componentPatternMistake(value: string): PatternMistake | undefined {
  const mistake = patternMistake(value);
  if (mistake !== undefined || !value.includes("/")) return mistake;
  return { message: "holds a slash, which neither tags nor names of projects have" };
}
