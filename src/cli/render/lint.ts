import type { Untested } from "../../lint/connect/outcome.ts";
import type { Finding } from "../../lint/finding.ts";

export interface LintReport {
  readonly findings: readonly Finding[];
  /** How many files were looked at. */
  readonly files: number;
  /** What could not be tried, with --connect. */
  readonly untested?: readonly Untested[];
}

/** A line a finding, its advice below it, what could not be tried, and the counts at the end. */
export function lintLines({ findings, files, untested = [] }: LintReport): string[] {
  const where = files === 1 ? "1 file" : `${files} files`;
  const rest = untested.map(({ what, reason }) => `not tried: ${what}: ${reason}`);
  return [...findings.flatMap(findingLines), ...rest, `${where}: ${counts(findings)}`];
}

function findingLines({ file, line, path, code, severity, sentence, advice }: Finding): string[] {
  const what = path === "" ? sentence : `${path}: ${sentence}`;
  return [`${file}:${line}: ${severity}: ${what} [${code}]`, `    advice: ${advice}`];
}

function counts(findings: readonly Finding[]): string {
  if (findings.length === 0) return "nothing found";
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  return `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The stable form for scripts: `{"findings":[…],"files":n}`, with `untested` where something was connected to. */
export function lintJson({ findings, files, untested }: LintReport): Record<string, unknown> {
  return {
    findings: findings.map(({ file, line, path, code, severity, sentence, advice }) => ({
      file,
      line,
      path,
      code,
      severity,
      sentence,
      advice,
    })),
    files,
    ...(untested === undefined ? {} : { untested }),
  };
}
