import { AppError } from "../errors.ts";

/** One thing that is wrong in what is declared, and where. */
export interface Mistake {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Path in the document, e.g. `topologies[0].content.tags`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** Everything that is wrong, at once; `code` is `CONFIG_INVALID`. */
export class ConfigError extends AppError {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
    super("CONFIG_INVALID", `what is declared has ${count}:\n${mistakes.map(renderMistake).join("\n")}`, {
      hint: "correct what is listed, then run `tidelock validate`",
    });
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

/** `file:line:column: path: message (hint)` */
export function renderMistake({ file, line, column, path, message, hint }: Mistake): string {
  const what = path === "" ? message : `${path}: ${message}`;
  return `${file}:${line}:${column}: ${what}${hint === undefined ? "" : ` (${hint})`}`;
}

/** By file, then by place, then by text. */
export function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.toSorted(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.path, b.path) ||
      compareText(a.message, b.message),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
