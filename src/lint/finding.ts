import { renderPath, type DocumentPath } from "../config/source-file.ts";
import { LINT_CODES, type LintCode, type Severity } from "./codes.ts";
import { shownKey } from "./secrecy.ts";
import type { HarborFile } from "./harbor-file.ts";

/** One thing that is wrong in one file. Never holds the value of a password. */
export interface Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Path in the document, e.g. `external_database.harbor.password`; empty for the whole file. */
  readonly path: string;
  readonly code: LintCode;
  readonly severity: Severity;
  /** What is wrong, without the path. */
  readonly sentence: string;
  /** What to do about it. */
  readonly advice: string;
}

/** What a rule says of one place. */
export interface Complaint {
  readonly code: LintCode;
  readonly sentence: string;
  readonly advice: string;
}

/** A complaint with the place it is about: the line of the value's key, or of the nearest thing around it. */
export function at(file: HarborFile, path: DocumentPath, { code, sentence, advice }: Complaint): Finding {
  return {
    file: file.name,
    line: file.lineOf(path),
    path: renderPath(path.map((part) => (typeof part === "number" ? part : shownKey(part)))),
    code,
    severity: LINT_CODES[code].severity,
    sentence,
    advice,
  };
}

/** In the order of the files as given, then from top to bottom. The same thing is said once. */
export function inOrder(findings: readonly Finding[], names: readonly string[]): Finding[] {
  const once = new Map(
    findings.map((one) => [`${one.file}\n${one.path}\n${one.code}\n${one.sentence}`, one]),
  );
  const rank = ({ file }: Finding): number => names.indexOf(file);
  return [...once.values()].toSorted((a, b) => rank(a) - rank(b) || a.line - b.line);
}
