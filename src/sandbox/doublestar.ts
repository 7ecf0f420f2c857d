/**
 * The pattern language of filters, as the two releases of the library that Harbor compiled in understand it:
 * 1.1.1 up to 2.8.6, 2.9.4 and 2.10.2; 1.3.4 from 2.9.5, 2.10.3 and 2.11 on. They differ in braces.
 */
export type DoublestarRelease = "1.1.1" | "1.3.4";

export class BadPattern extends Error {
  constructor() {
    super("syntax error in pattern");
    this.name = "BadPattern";
  }
}

/** True when the pattern covers the name; throws `BadPattern` if matching reaches a mistake. An empty pattern covers all. */
export function matchPattern(release: DoublestarRelease, pattern: string, name: string): boolean {
  if (pattern === "") return true;
  const parts = splitUnescaped(name, "/", release === "1.3.4");
  if (release === "1.1.1") return oldParts(splitUnescaped(pattern, "/", false), parts);
  return newParts(pattern, parts);
}

/** The index of an unescaped character. A quirk of the library: only the one character before decides. */
function indexUnescaped(text: string, wanted: string): number {
  let from = 0;
  for (;;) {
    const at = text.indexOf(wanted, from);
    if (at <= 0 || text[at - 1] !== "\\" || at === from) return at;
    from = at + 1;
  }
}

function splitUnescaped(text: string, separator: string, keepEmptyEnd: boolean): string[] {
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let rest = text;
  while (rest !== "") {
    const at = indexUnescaped(rest, separator);
    if (at === -1) {
      parts.push(rest);
      return parts;
    }
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  if (keepEmptyEnd) parts.push("");
  return parts;
}

/** One bracket class against one character; returns the index after the class. */
function classAt(pattern: string, at: number, character: string): { matched: boolean; next: number } {
  const length = indexUnescaped(pattern.slice(at + 1), "]");
  if (length <= 0) throw new BadPattern();
  const body = Array.from(pattern.slice(at + 1, at + 1 + length));
  const negated = body[0] === "^";
  let index = negated ? 1 : 0;
  const literal = (): string => {
    let one = body[index++];
    if (one === "\\") one = body[index++];
    else if (one === "-") throw new BadPattern();
    if (one === undefined) throw new BadPattern();
    return one;
  };
  let found = false;
  while (index < body.length) {
    const low = literal();
    let high = low;
    if (body[index] === "-") {
      index++;
      high = literal();
    }
    if (low <= character && character <= high) found = true;
  }
  return { matched: found !== negated, next: at + length + 2 };
}

/** Tries something that may be a syntax error, which the library forgets in the middle of a star. */
function forgiving(attempt: () => boolean): boolean {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof BadPattern) return false;
    throw error;
  }
}

function oldParts(patterns: readonly string[], names: readonly string[]): boolean {
  if (patterns.length === 0 || names.length === 0) return patterns.length === names.length;
  for (let at = 0; at < patterns.length && at < names.length; at++) {
    const pattern = patterns[at] ?? "";
    if (pattern === "**") {
      const rest = patterns.slice(at + 1);
      if (rest.length === 0) return true;
      return names.slice(at).some((_, skip) => forgiving(() => oldParts(rest, names.slice(at + skip))));
    }
    if (!oldPart(pattern, names[at] ?? "")) return false;
  }
  return patterns.length === names.length;
}

function oldPart(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (name === "" && pattern !== "*") return false;
  const names = Array.from(name);
  let at = 0;
  let reached = 0;
  while (at < pattern.length && reached < names.length) {
    const character = names[reached] ?? "";
    const symbol = pattern[at] ?? "";
    if (symbol === "*") {
      const rest = pattern.slice(at + 1);
      if (rest === "") return true;
      return names
        .slice(reached)
        .some((_, skip) => forgiving(() => oldPart(rest, names.slice(reached + skip).join(""))));
    }
    if (symbol === "{") return oldBraces(pattern, at, names.slice(reached).join(""));
    const step = oneCharacter(pattern, at, character);
    if (step === undefined) return false;
    at = step;
    reached++;
  }
  return oldRest(pattern.slice(at), reached >= names.length);
}

function oldRest(rest: string, nameUsedUp: boolean): boolean {
  return rest === "**" || (nameUsedUp && (rest === "" || rest === "*"));
}

function oldBraces(pattern: string, at: number, name: string): boolean {
  const length = indexUnescaped(pattern.slice(at + 1), "}");
  if (length === -1) throw new BadPattern();
  const rest = pattern.slice(at + length + 2);
  const options = splitUnescaped(pattern.slice(at + 1, at + 1 + length), ",", false);
  return options.some((option) => oldPart(option + rest, name));
}

/** A class, an escape, a question mark or a letter against one character: the index after it, or undefined. */
function oneCharacter(pattern: string, at: number, character: string): number | undefined {
  const symbol = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  if (symbol === "[") {
    const step = classAt(pattern, at, character);
    return step.matched ? step.next : undefined;
  }
  if (symbol === "\\") {
    if (at + 1 >= pattern.length) throw new BadPattern();
    const escaped = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
    return escaped === character ? at + 1 + escaped.length : undefined;
  }
  return symbol === "?" || symbol === character ? at + symbol.length : undefined;
}

function newParts(pattern: string, names: readonly string[]): boolean {
  if (pattern === "") return names.length === 0 || (names.length === 1 && names[0] === "");
  const slash = indexUnescaped(pattern, "/");
  const first = slash === -1 ? pattern : pattern.slice(0, slash);
  if (first === "**") {
    if (slash === -1) return true;
    const rest = pattern.slice(slash + 1);
    return names.some((_, skip) => forgiving(() => newParts(rest, names.slice(skip))));
  }
  const remainders = newPart(pattern, names[0] ?? "");
  if (remainders === undefined) return false;
  if (remainders.length === 0) return names.length === 1;
  return names.length > 1 && remainders.some((rest) => newParts(rest, names.slice(1)));
}

/** What is left of the pattern after one component was matched: nothing left is an empty list, no match undefined. */
function newPart(pattern: string, name: string): string[] | undefined {
  const names = Array.from(name);
  let at = 0;
  let reached = 0;
  while (at < pattern.length && reached < names.length) {
    const symbol = pattern[at] ?? "";
    if (symbol === "/") {
      // the name goes on and the component of the pattern does not
      return undefined;
    }
    if (symbol === "*") return newStar(pattern.slice(at + 1), names.slice(reached));
    if (symbol === "{") return newBraces(pattern, at, names.slice(reached).join(""));
    const step = oneCharacter(pattern, at, names[reached] ?? "");
    if (step === undefined) return undefined;
    at = step;
    reached++;
  }
  return reached >= names.length ? restOf(pattern.slice(at)) : undefined;
}

function newStar(rest: string, names: readonly string[]): string[] | undefined {
  if (rest === "") return [];
  if (rest.startsWith("/")) return [rest.slice(1)];
  for (let skip = 0; skip < names.length; skip++) {
    const found = newPart(rest, names.slice(skip).join(""));
    if (found !== undefined) return found;
  }
  return undefined;
}

function newBraces(pattern: string, at: number, name: string): string[] | undefined {
  const { options, next } = alternatives(pattern, at);
  const rest = pattern.slice(next);
  const found = options.map((option) => newPart(option + rest, name)).filter((one) => one !== undefined);
  return found.length === 0 ? undefined : found.flat();
}

/** The name is used up: the rest of the component must be able to stand for nothing. */
function restOf(pattern: string): string[] | undefined {
  if (pattern === "") return [];
  const slash = indexUnescaped(pattern, "/");
  if (!canBeNothing(slash === -1 ? pattern : pattern.slice(0, slash))) return undefined;
  return slash === -1 ? [] : [pattern.slice(slash + 1)];
}

function canBeNothing(pattern: string): boolean {
  if (pattern === "" || pattern === "*" || pattern === "**") return true;
  if (!pattern.startsWith("{")) return false;
  const { options, next } = alternatives(pattern, 0);
  return canBeNothing(pattern.slice(next)) && options.some((option) => canBeNothing(option));
}

/** The alternatives of the braces that open at `at`, nested ones left whole. */
function alternatives(pattern: string, at: number): { options: string[]; next: number } {
  const options: string[] = [];
  let depth = 0;
  let option = "";
  for (let index = at + 1; index < pattern.length; index++) {
    const symbol = pattern[index] ?? "";
    if (symbol === "\\") {
      option += symbol + (pattern[++index] ?? "");
    } else if (symbol === "}" && depth === 0) {
      return { options: [...options, option], next: index + 1 };
    } else if (symbol === "," && depth === 0) {
      options.push(option);
      option = "";
    } else {
      if (symbol === "{") depth++;
      if (symbol === "}") depth--;
      option += symbol;
    }
  }
  throw new BadPattern();
}
