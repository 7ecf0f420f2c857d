import ts from "typescript";
import { lineOf, placeOf, SOURCES, visit } from "./source-tree.ts";

/** The budget of CONTRIBUTING.md, in lines. Small pieces are what keeps one question in one place. */
export const FILE_BUDGET = { median: 100, p90: 250, most: 400 };
export const FUNCTION_BUDGET = { median: 12, p90: 45, most: 80 };

interface Size {
  readonly place: string;
  readonly lines: number;
}

export const FILE_SIZES: readonly Size[] = SOURCES.map((file) => ({
  place: file.fileName,
  lines: lineOf(file, file.getEnd()) - 1,
}));
export const FUNCTION_SIZES: readonly Size[] = SOURCES.flatMap(functionsOf);

/** Functions with a body in braces, from their first word to their closing brace. */
function functionsOf(file: ts.SourceFile): Size[] {
  const sizes: Size[] = [];
  visit(file, (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node)) return;
    if (node.body === undefined || !ts.isBlock(node.body)) return;
    const lines = lineOf(file, node.getEnd()) - lineOf(file, node.getStart(file)) + 1;
    sizes.push({ place: placeOf(node), lines });
  });
  return sizes;
}

/** The size below which the given share lies. */
export function quantile(sizes: readonly Size[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
