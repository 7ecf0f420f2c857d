/**
 * Reads a pattern in the dialect of doublestar that Harbor uses (goharbor/harbor src/pkg/reg/util/pattern.go calls
 * bmatcuk/doublestar v1.3.4, older releases v1.1.1) into a tree. What Harbor would only notice while matching is
 * refused here: there, one malformed pattern stops event replication of every policy.
 */
export type PatternNode =
  | { readonly kind: "literal"; readonly char: string }
  /** One character other than a slash. */
  | { readonly kind: "one" }
  /** Any characters other than a slash, or none. */
  | { readonly kind: "star" }
  /** `**` as the last component: anything, or nothing. */
  | { readonly kind: "rest" }
  /** A `**` component with its slash: any number of components, or none. */
  | { readonly kind: "components" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly CharRange[] }
  | { readonly kind: "group"; readonly alternatives: readonly (readonly PatternNode[])[] };

/** From and to, both included. */
export type CharRange = readonly [string, string];

export type ParsedPattern =
  | { readonly kind: "pattern"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "mistake"; readonly message: string };

const LONGEST = 2048;
const DEEPEST = 8;

/** Never throws: what is malformed comes back as a mistake that says why. */
export function parsePattern(text: string): ParsedPattern {
  if (text.length > LONGEST) return { kind: "mistake", message: `longer than ${LONGEST} characters` };
  try {
    const reader = { chars: Array.from(text), at: 0 };
    return { kind: "pattern", nodes: readSequence(reader, 0, true) };
  } catch (thrown) {
    if (thrown instanceof Malformed) return { kind: "mistake", message: thrown.message };
    throw thrown;
  }
}

class Malformed extends Error {}

interface Reader {
  readonly chars: readonly string[];
  at: number;
}

/** `last` says that nothing follows the sequence, so that a `**` at its end covers all the rest. */
function readSequence(reader: Reader, depth: number, last: boolean): PatternNode[] {
  const nodes: PatternNode[] = [];
  for (let char = reader.chars[reader.at]; char !== undefined; char = reader.chars[reader.at]) {
    if (depth > 0 && (char === "," || char === "}")) break;
    nodes.push(readNode(reader, char, depth, last));
  }
  return nodes;
}

function readNode(reader: Reader, char: string, depth: number, last: boolean): PatternNode {
  switch (char) {
    case "*":
      return readStars(reader, depth, last);
    case "?":
      reader.at += 1;
      return { kind: "one" };
    case "[":
      return readClass(reader, depth);
    case "{":
      return readGroup(reader, depth, last);
    case "\\":
      return { kind: "literal", char: readEscaped(reader) };
    default:
      reader.at += 1;
      return { kind: "literal", char };
  }
}

/** `**` is special only as a whole component; elsewhere any number of stars is one. */
function readStars(reader: Reader, depth: number, last: boolean): PatternNode {
  const start = reader.at;
  while (reader.chars[reader.at] === "*") reader.at += 1;
  const before = reader.chars[start - 1];
  const after = reader.chars[reader.at];
  const opensComponent = before === undefined || before === "/";
  if (reader.at - start !== 2 || !opensComponent) return { kind: "star" };
  if (after === "/") {
    reader.at += 1;
    return { kind: "components" };
  }
  const ends = after === undefined || (depth > 0 && (after === "," || after === "}"));
  if (!ends) return { kind: "star" };
  if (!last)
    throw new Malformed("`**` closes an alternative but not the pattern; write the alternatives out");
  return { kind: "rest" };
}

function readGroup(reader: Reader, depth: number, last: boolean): PatternNode {
  if (depth >= DEEPEST) throw new Malformed(`more than ${DEEPEST} braces inside each other`);
  const closes = last && isAtEnd(reader, depth);
  const alternatives: PatternNode[][] = [];
  do {
    reader.at += 1;
    alternatives.push(readSequence(reader, depth + 1, closes));
  } while (reader.chars[reader.at] === ",");
  if (reader.chars[reader.at] !== "}") throw new Malformed("a `{` is not closed");
  reader.at += 1;
  return { kind: "group", alternatives };
}

/** Whether nothing but the closing of outer groups follows the group that opens here. */
function isAtEnd(reader: Reader, depth: number): boolean {
  const after = reader.chars[closingBrace(reader) + 1];
  return after === undefined || (depth > 0 && (after === "," || after === "}"));
}

/** Where the group that opens here closes; the length of the text if it does not. */
function closingBrace(reader: Reader): number {
  let open = 0;
  for (let at = reader.at; at < reader.chars.length; at += 1) {
    const char = reader.chars[at];
    if (char === "\\") at += 1;
    else if (char === "{") open += 1;
    else if (char === "}" && (open -= 1) === 0) return at;
  }
  return reader.chars.length;
}

function readEscaped(reader: Reader): string {
  const char = reader.chars[reader.at + 1];
  if (char === undefined) throw new Malformed("ends with a lone backslash");
  if (char === "/" || char === "\\") throw new Malformed(`\\${char} means nothing to Harbor`);
  reader.at += 2;
  return char;
}

function readClass(reader: Reader, depth: number): PatternNode {
  reader.at += 1;
  const negated = reader.chars[reader.at] === "^";
  if (negated) reader.at += 1;
  const ranges: CharRange[] = [];
  while (reader.chars[reader.at] !== "]") {
    const from = readClassChar(reader, depth);
    if (reader.chars[reader.at] === "-") {
      reader.at += 1;
      ranges.push([from, readClassChar(reader, depth)]);
    } else {
      ranges.push([from, from]);
    }
  }
  reader.at += 1;
  if (ranges.length === 0) throw new Malformed("a `[…]` is empty");
  return { kind: "class", negated, ranges };
}

function readClassChar(reader: Reader, depth: number): string {
  const char = reader.chars[reader.at];
  if (char === undefined) throw new Malformed("a `[` is not closed");
  if (char === "\\") return readEscaped(reader);
  if (char === "-" || char === "]") throw new Malformed(`a \`${char}\` inside \`[…]\` needs a backslash`);
  if (char === "/") throw new Malformed("a slash can't stand inside `[…]`");
  // Harbor splits alternatives without looking at classes.
  if (depth > 0 && (char === "," || char === "{" || char === "}")) {
    throw new Malformed(`a \`${char}\` inside \`[…]\` inside braces needs a backslash`);
  }
  reader.at += 1;
  return char;
}
