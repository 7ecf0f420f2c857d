import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const NOT_OURS = new Set([".git", "node_modules", "dist", "coverage", "generated"]);

/** All files under a folder of the repository, by their path from its root, with forward slashes. */
export function filesUnder(folder: string): string[] {
  const found = readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesUnder(path);
    return entry.isFile() ? [relative(".", path).split(sep).join("/")] : [];
  });
  return found.toSorted();
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The hand-written TypeScript of `src/`, parsed. */
export const SOURCES: readonly ts.SourceFile[] = filesUnder("src")
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022, true));

/** Calls back for every node of a file. */
export function visit(file: ts.SourceFile, look: (node: ts.Node) => void): void {
  const down = (node: ts.Node): void => {
    look(node);
    ts.forEachChild(node, down);
  };
  down(file);
}

/** `src/room/file.ts:12`, as editors open it. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${lineOf(file, node.getStart(file))}`;
}

export function lineOf(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}
