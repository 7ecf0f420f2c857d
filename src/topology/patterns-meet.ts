import { alternativesOf, literalsOf } from "./portable-pattern.ts";
import { parsePattern, type PatternNode } from "./pattern-syntax.ts";
import { coversAll } from "./selection.ts";

type Node = Exclude<PatternNode, { kind: "group" }>;
type Single = Extract<Node, { kind: "literal" | "one" | "class" }>;

/**
 * Whether some text may match both patterns. Where that is hard to say the answer is yes: `**` as a component inside a pattern, and
 * characters that are left out of a class, are taken for more than they are; so is a pattern that Harbor could not read.
 */
export function patternsMeet(one: string, other: string): boolean {
  if (coversAll(one) || coversAll(other)) return true;
  const literals = literalsOf(one);
  const others = literalsOf(other);
  if (literals !== undefined && others !== undefined) {
    const known = new Set(others);
    return literals.some((text) => known.has(text));
  }
  const left = sequencesOf(one);
  const right = sequencesOf(other);
  if (left === undefined || right === undefined) return true;
  return left.some((nodes) => right.some((against) => sequencesMeet(nodes, against)));
}

/** Undefined for a pattern that can't be read. */
function sequencesOf(pattern: string): readonly (readonly Node[])[] | undefined {
  const alternatives = alternativesOf(pattern);
  if (alternatives.kind === "mistake") return undefined;
  return alternatives.texts.map((text) => {
    const parsed = parsePattern(text);
    return parsed.kind === "pattern" ? parsed.nodes.filter((node) => node.kind !== "group") : [];
  });
}

/** Walks both at once; each pair of places is looked at once. */
function sequencesMeet(left: readonly Node[], right: readonly Node[]): boolean {
  const open: [number, number][] = [[0, 0]];
  const seen = new Set<number>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = at;
    const key = i * (right.length + 1) + j;
    if (seen.has(key)) continue;
    seen.add(key);
    if (i === left.length && j === right.length) return true;
    open.push(...nextPlaces(left[i], right[j]).map(([di, dj]): [number, number] => [i + di, j + dj]));
  }
  return false;
}

/** How far both may go on by one character, or by none. */
function nextPlaces(a: Node | undefined, b: Node | undefined): [number, number][] {
  const places: [number, number][] = [];
  const singleA = a !== undefined && isSingle(a);
  const singleB = b !== undefined && isSingle(b);
  if (a !== undefined && !singleA) {
    places.push([1, 0]);
    if (singleB && takes(a, b)) places.push([0, 1]);
  }
  if (b !== undefined && !singleB) {
    places.push([0, 1]);
    if (singleA && takes(b, a)) places.push([1, 0]);
  }
  if (singleA && singleB && charactersMeet(a, b)) places.push([1, 1]);
  return places;
}

function isSingle(node: Node): node is Single {
  return node.kind === "literal" || node.kind === "one" || node.kind === "class";
}

/** Whether a node that stands for any number of characters may stand for this one too. */
function takes(many: Node, single: Single): boolean {
  return many.kind !== "star" || single.kind !== "literal" || single.char !== "/";
}

function charactersMeet(a: Single, b: Single): boolean {
  if (a.kind === "literal") return b.kind === "literal" ? a.char === b.char : includes(b, a.char);
  if (b.kind === "literal") return includes(a, b.char);
  if (a.kind === "one" || b.kind === "one" || a.negated || b.negated) return true;
  return a.ranges.some(([from, to]) => b.ranges.some(([low, high]) => from <= high && low <= to));
}

function includes(single: Exclude<Single, { kind: "literal" }>, char: string): boolean {
  if (single.kind === "one") return char !== "/";
  return single.ranges.some(([from, to]) => from <= char && char <= to) !== single.negated;
}
