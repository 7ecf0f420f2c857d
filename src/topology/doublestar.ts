import { parsePattern, type CharRange, type PatternNode } from "./pattern-syntax.ts";

export type CompiledPattern =
  | { readonly kind: "pattern"; matches(text: string): boolean }
  | { readonly kind: "mistake"; readonly message: string };

/**
 * Compiles a pattern of Harbor's dialect: `*` and `?` within a component, `**` as a whole component, `[a-z]`, `[^ab]`,
 * `{a,b}`, `\` escapes; case-sensitive, the whole text must match, an empty pattern matches everything.
 * The time of a match is at most length of pattern times length of text, whatever the pattern.
 */
export function compilePattern(text: string): CompiledPattern {
  if (text === "" || text === "**") return { kind: "pattern", matches: () => true };
  const parsed = parsePattern(text);
  if (parsed.kind === "mistake") return parsed;
  const literal = literalText(parsed.nodes);
  if (literal !== undefined) return { kind: "pattern", matches: (other) => other === literal };
  const automaton = automatonOf(parsed.nodes);
  return { kind: "pattern", matches: (other) => accepts(automaton, other) };
}

/** The only text a pattern without wildcards and braces matches; otherwise undefined. */
export function literalText(nodes: readonly PatternNode[]): string | undefined {
  let text = "";
  for (const node of nodes) {
    if (node.kind !== "literal") return undefined;
    text += node.char;
  }
  return text;
}

type Test = (char: string) => boolean;

/** With a test: consumes a character. Without: goes on for nothing. */
interface State {
  readonly test?: Test;
  readonly next: number[];
}

interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
}

/** State 0 is the end. */
const END = 0;
const notSlash: Test = (char) => char !== "/";
const isSlash: Test = (char) => char === "/";
const anything: Test = () => true;

function automatonOf(nodes: readonly PatternNode[]): Automaton {
  const states: State[] = [{ next: [] }];
  return { start: addSequence(states, nodes, END), states };
}

/** Adds the states of a sequence in front of `follow`, last node first; the answer is where it starts. */
function addSequence(states: State[], nodes: readonly PatternNode[], follow: number): number {
  return nodes.reduceRight((next, node) => addNode(states, node, next), follow);
}

function addNode(states: State[], node: PatternNode, follow: number): number {
  switch (node.kind) {
    case "literal":
      return add(states, { test: (char) => char === node.char, next: [follow] });
    case "one":
      return add(states, { test: notSlash, next: [follow] });
    case "class":
      return add(states, { test: inClass(node.ranges, node.negated), next: [follow] });
    case "star":
      return addLoop(states, notSlash, follow);
    case "rest":
      return addLoop(states, anything, follow);
    case "components": {
      const loop = add(states, { next: [follow] });
      const slash = add(states, { test: isSlash, next: [loop] });
      states[loop]?.next.push(addLoop(states, notSlash, slash));
      return loop;
    }
    case "group":
      return add(states, { next: node.alternatives.map((one) => addSequence(states, one, follow)) });
  }
}

function addLoop(states: State[], test: Test, follow: number): number {
  const loop = add(states, { next: [follow] });
  states[loop]?.next.push(add(states, { test, next: [loop] }));
  return loop;
}

function add(states: State[], state: State): number {
  return states.push(state) - 1;
}

function inClass(ranges: readonly CharRange[], negated: boolean): Test {
  const within = (char: string): boolean =>
    ranges.some(([from, to]) => codeOf(from) <= codeOf(char) && codeOf(char) <= codeOf(to));
  return (char) => char !== "/" && within(char) !== negated;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

/** Follows all states at once, so that there is nothing to go back to. */
function accepts({ states, start }: Automaton, text: string): boolean {
  let current = closure(states, [start]);
  for (const char of text) {
    const reached: number[] = [];
    for (const id of current) {
      const state = states[id];
      if (state?.test?.(char) === true) reached.push(...state.next);
    }
    if (reached.length === 0) return false;
    current = closure(states, reached);
  }
  return current.has(END);
}

function closure(states: readonly State[], from: readonly number[]): Set<number> {
  const seen = new Set<number>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const state = states[id];
    if (state !== undefined && state.test === undefined) open.push(...state.next);
  }
  return seen;
}
