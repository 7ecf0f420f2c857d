import { literalText } from "./doublestar.ts";
import { parsePattern, type PatternNode } from "./pattern-syntax.ts";

export type Alternatives =
  | { readonly kind: "alternatives"; readonly texts: readonly string[] }
  | { readonly kind: "mistake"; readonly message: string };

const MOST = 200;

/**
 * Writes a pattern out as patterns without braces that together match the same, e.g. `v{1,2}{a,b}` as v1a, v1b, v2a, v2b.
 * Harbors before 2.11 read braces with doublestar 1.1.1, which knows neither nesting nor a slash inside them nor an empty
 * alternative; braceless patterns, joined again into one group a component, mean the same to every 2.x.
 */
export function alternativesOf(pattern: string): Alternatives {
  const parsed = parsePattern(pattern);
  if (parsed.kind === "mistake") return parsed;
  const texts = [...new Set(expand(parsed.nodes).map(sequenceText))];
  if (texts.length > MOST) {
    return { kind: "mistake", message: `stands for more than ${MOST} alternatives` };
  }
  return { kind: "alternatives", texts };
}

/**
 * Joins braceless patterns of one component each into one pattern that every 2.x understands; undefined
 * if one of them can't stand inside braces.
 */
export function joinAlternatives(texts: readonly string[]): string | undefined {
  const [first] = texts;
  if (first === undefined) return undefined;
  if (texts.length === 1) return first;
  return texts.every(fitsBraces) ? `{${texts.join(",")}}` : undefined;
}

/** Whether a pattern keeps its meaning inside braces, in every version. */
export function fitsBraces(text: string): boolean {
  return text !== "" && !/[\\{},/\s]/.test(text);
}

/** The texts that a pattern stands for, if it stands for nothing but literal texts. */
export function literalsOf(pattern: string): readonly string[] | undefined {
  const alternatives = alternativesOf(pattern);
  if (alternatives.kind === "mistake") return undefined;
  const texts: string[] = [];
  for (const one of alternatives.texts) {
    const parsed = parsePattern(one);
    const literal = parsed.kind === "pattern" ? literalText(parsed.nodes) : undefined;
    if (literal === undefined) return undefined;
    texts.push(literal);
  }
  return texts;
}

type Braceless = Exclude<PatternNode, { kind: "group" }>;

function expand(nodes: readonly PatternNode[]): Braceless[][] {
  let sequences: Braceless[][] = [[]];
  for (const node of nodes) {
    const endings = node.kind === "group" ? node.alternatives.flatMap(expand) : [[node]];
    sequences = sequences.flatMap((start) => endings.map((ending) => [...start, ...ending]));
    // Enough to know that there are too many; more would only cost memory.
    if (sequences.length > MOST) return sequences.slice(0, MOST + 1);
  }
  return sequences;
}

/** Stars that braces had kept apart become one, lest two of them turn into a `**`. */
function sequenceText(nodes: readonly Braceless[]): string {
  return nodes
    .filter((node, at) => node.kind !== "star" || nodes[at - 1]?.kind !== "star")
    .map(textOf)
    .join("");
}

function textOf(node: Braceless): string {
  switch (node.kind) {
    case "literal":
      return /[*?[\]{}\\]/.test(node.char) ? `\\${node.char}` : node.char;
    case "one":
      return "?";
    case "star":
      return "*";
    case "rest":
      return "**";
    case "components":
      return "**/";
    case "class":
      return `[${node.negated ? "^" : ""}${node.ranges.map(rangeText).join("")}]`;
  }
}

function rangeText([from, to]: readonly [string, string]): string {
  const escape = (char: string): string => (/[\\\]^-]/.test(char) ? `\\${char}` : char);
  return from === to ? escape(from) : `${escape(from)}-${escape(to)}`;
}
