import type { Action, ActionKind, PlanFinding } from "./model.ts";

/** A policy needs its endpoint before it, and an endpoint can go only after the policies that use it. */
const RANK: Readonly<Record<ActionKind, number>> = {
  "create-endpoint": 0,
  "update-endpoint": 1,
  "rotate-credentials": 2,
  "create-policy": 3,
  "update-policy": 4,
  "delete-policy": 5,
  "delete-endpoint": 6,
};

/** The same actions in the only order that they have, whatever order they were found in. */
export function actionsInOrder(actions: readonly Action[]): Action[] {
  return actions.toSorted(
    (a, b) => RANK[a.kind] - RANK[b.kind] || byText(a.registry, b.registry) || byText(a.name, b.name),
  );
}

export function findingsInOrder(findings: readonly PlanFinding[]): PlanFinding[] {
  const key = (one: PlanFinding): string =>
    [one.registry, one.kind === "unread" ? "" : `${one.name}\n${one.kind}\n${one.message}`].join("\n");
  return findings.toSorted((a, b) => byText(key(a), key(b)));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
