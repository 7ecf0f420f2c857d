import { explainAction, explainFinding } from "../../plan/explain.ts";
import type { Action } from "../../plan/model.ts";
import type { ConfigurationReport } from "../../reconcile/configure.ts";

/** What configuring would do, did, left waiting or withheld. */
export function configurationLines(topology: string, report: ConfigurationReport): string[] {
  const { plan, withheld, results } = report;
  const done = results.length > 0;
  const heading = done ? headingOf(report) : `${plan.actions.length} to do`;
  const nothing = report.settled ? "as declared" : "not as declared";
  return [
    `${topology}: configuration: ${plan.actions.length === 0 ? nothing : heading}`,
    ...(done
      ? results.flatMap(({ action, outcome }) => performed(action, outcome))
      : plan.actions.flatMap(indented)),
    ...withheld.map(
      ({ action, reason }) => `  withheld: ${explainAction(action)[0] ?? action.name} (${reason})`,
    ),
    ...plan.findings.map((finding) => `  ${finding.kind}: ${explainFinding(finding)}`),
  ];
}

function headingOf({ results }: ConfigurationReport): string {
  const count = (kind: string): number => results.filter(({ outcome }) => outcome.kind === kind).length;
  const parts = [`${count("done")} done`];
  if (count("waiting") > 0) parts.push(`${count("waiting")} waiting`);
  if (count("failed") > 0) parts.push(`${count("failed")} failed`);
  return parts.join(", ");
}

function indented(action: Action): string[] {
  return explainAction(action).map((line) => `  ${line}`);
}

function performed(action: Action, outcome: ConfigurationReport["results"][number]["outcome"]): string[] {
  const [sentence = action.name] = explainAction(action);
  switch (outcome.kind) {
    case "done":
      return [`  done: ${sentence}${outcome.note === undefined ? "" : ` (${outcome.note})`}`];
    case "waiting":
      return [`  waiting: ${sentence} (${outcome.reason})`];
    case "failed":
      return [`  failed: ${sentence} (${outcome.error.message})`];
  }
}

/** The stable form for scripts: `plan --output json` has one of these a topology. */
export function configurationJson(name: string, report: ConfigurationReport): Record<string, unknown> {
  const outcomes = new Map(report.results.map(({ action, outcome }) => [action, outcome]));
  return {
    name,
    settled: report.settled,
    actions: report.plan.actions.map((action) => ({
      ...actionJson(action),
      outcome: outcomes.get(action)?.kind ?? "planned",
    })),
    withheld: report.withheld.map(({ action, reason }) => ({
      ...actionJson(action),
      withheldBecause: reason,
    })),
    findings: report.plan.findings.map((finding) => ({
      kind: finding.kind,
      registry: finding.registry,
      message: explainFinding(finding),
    })),
  };
}

function actionJson({ kind, registry, name, reason, differences }: Action): Record<string, unknown> {
  return { kind, registry, name, reason, differences };
}
