import ts from "typescript";
import { placeOf, SOURCES, visit } from "./source-tree.ts";

/** Where each thing that makes a program hard to test has its one home. Lint says the same while one types; this sees every way of writing it. */
const HOMES: ReadonlyMap<string, RegExp> = new Map([
  ["process.env", /^src\/config\//],
  ["process.exit", /^src\/main\.ts$/],
  ["Date.now", /^src\/clock\.ts$/],
  ["performance.now", /^src\/clock\.ts$/],
  ["Math.random", /^src\/clock\.ts$/],
  ["setTimeout", /^src\/clock\.ts$/],
  ["setInterval", /^$/],
  ["console", /^$/],
]);

export interface LooseEnd {
  readonly what: string;
  readonly place: string;
}

/** Everything in `src/` that stands where it must not. */
export function looseEnds(): LooseEnd[] {
  return SOURCES.flatMap((file) => {
    const found: LooseEnd[] = [];
    visit(file, (node) => {
      const what = misplaced(node, file.fileName);
      if (what !== undefined) found.push({ what, place: placeOf(node) });
    });
    return found;
  });
}

function misplaced(node: ts.Node, file: string): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "any";
  if (ts.isNonNullExpression(node)) return "an assertion that something is there";
  // The time by the back door.
  if (ts.isNewExpression(node) && node.expression.getText() === "Date" && node.arguments?.length === 0) {
    return "new Date()";
  }
  const name = globalOf(node);
  const home = name === undefined ? undefined : HOMES.get(name);
  return home === undefined || home.test(file) ? undefined : name;
}

/** `process.env` and the like, and bare names where they are used as values. */
function globalOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return `${node.expression.getText()}.${node.name.text}`;
  if (!ts.isIdentifier(node)) return undefined;
  const { parent } = node;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
  return isMember || isKey ? undefined : node.text;
}
