import type { Advice, Check, CheckState, Diagnosis } from "../../doctor/model.ts";

const WORDS: Readonly<Record<CheckState, string>> = {
  ok: "ok",
  warning: "warning",
  fault: "fault",
  "not-tried": "not tried",
};

/** A heading a registry, a line a check, and after it what to create where rights lack. */
export function diagnosisLines({ checks, advice }: Diagnosis): string[] {
  const names = [...new Set(checks.map(({ registry }) => registry))];
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  const sections = names
    .filter((name) => name !== undefined)
    .flatMap((name) => [
      "",
      `${name}:`,
      ...checks.filter(({ registry }) => registry === name).flatMap((check) => checkLines(check, width)),
      ...advice.filter(({ registry }) => registry === name).flatMap(adviceLines),
    ]);
  const general = checks.filter(({ registry }) => registry === undefined);
  return [...general.flatMap((check) => checkLines(check, width)), ...sections, "", totals(checks)];
}

function checkLines({ state, subject, text, account, hint }: Check, width: number): string[] {
  const who = account === undefined ? "" : ` [${account}]`;
  return [
    `  ${WORDS[state].padEnd(9)} ${subject.padEnd(width)}  ${text}${who}`,
    ...(hint === undefined ? [] : [`${" ".repeat(12)}hint: ${hint}`]),
  ];
}

function adviceLines({ account, text, robot }: Advice): string[] {
  return [
    `  for its ${account}: ${text}${robot === undefined ? "" : ":"}`,
    ...(robot === undefined
      ? []
      : JSON.stringify(robot, null, 2)
          .split("\n")
          .map((line) => `    ${line}`)),
  ];
}

function totals(checks: readonly Check[]): string {
  const { ok, warning, fault, notTried } = countsOf(checks);
  return `${ok} ok, ${warning} warnings, ${fault} faults, ${notTried} not tried`;
}

function countsOf(checks: readonly Check[]): Record<"ok" | "warning" | "fault" | "notTried", number> {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  return { ok: count("ok"), warning: count("warning"), fault: count("fault"), notTried: count("not-tried") };
}

/** The stable form for scripts: `{"verdict","counts","checks":[…],"advice":[…]}`. */
export function diagnosisJson({ checks, advice }: Diagnosis): Record<string, unknown> {
  const counts = countsOf(checks);
  return {
    verdict: counts.fault > 0 ? "lacking" : "sound",
    counts,
    checks: checks.map(({ registry, account, subject, state, text, hint }) => ({
      registry: registry ?? null,
      account: account ?? null,
      subject,
      state,
      text,
      hint: hint ?? null,
    })),
    advice: advice.map(({ registry, account, text, robot }) => ({
      registry,
      account,
      text,
      robot: robot ?? null,
    })),
  };
}
