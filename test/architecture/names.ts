import ts from "typescript";
import { placeOf, SOURCES, visit } from "./source-tree.ts";

/** Words that say nothing, or two things: see the glossary in ARCHITECTURE.md. */
const BANNED = ["sync", "mirror", "util", "utils", "helper", "helpers", "common", "manager", "misc", "data"];
const BANNED_WORDS: ReadonlySet<string> = new Set([...BANNED, "info"]);
/** As the verb of a function they say only that something happens. */
const EMPTY_VERBS: ReadonlySet<string> = new Set(["process", "handle", "manage"]);

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());
}

/** Whether a name says nothing, or uses a word of which the glossary has a better one. */
export function isEmpty(name: string, kind: "file" | "function" | "type"): boolean {
  const words = wordsOf(name);
  if (words.some((word) => BANNED_WORDS.has(word))) return true;
  return kind === "function" && EMPTY_VERBS.has(words[0] ?? "");
}

/** What a declaration calls a function or a type; undefined for anything else. */
function nameOf(node: ts.Node): { readonly name: string; readonly kind: "function" | "type" } | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) {
    return node.name === undefined ? undefined : { name: node.name.getText(), kind: "function" };
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
    const isFunction = ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer);
    return isFunction ? { name: node.name.getText(), kind: "function" } : undefined;
  }
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node)) {
    return node.name === undefined ? undefined : { name: node.name.getText(), kind: "type" };
  }
  return undefined;
}

/** Functions and types of `src/` by such names. */
export function emptyNames(): string[] {
  return SOURCES.flatMap((file) => {
    const found: string[] = [];
    visit(file, (node) => {
      const named = nameOf(node);
      if (named !== undefined && isEmpty(named.name, named.kind))
        found.push(`${placeOf(node)} ${named.name}`);
    });
    return found;
  });
}

/** Default exports, and exports of what another file defines. */
export function indirectExports(): string[] {
  return SOURCES.flatMap(({ statements }) =>
    statements
      .filter((statement) => {
        if (ts.isExportDeclaration(statement)) return statement.moduleSpecifier !== undefined;
        if (ts.isExportAssignment(statement)) return true;
        const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
        return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
      })
      .map(placeOf),
  );
}
