import { describe, expect, it } from "vitest";
import { createOnly, guarded, moreThanHalf, noDelete } from "../../src/plan/guards.ts";
import { planLeftovers } from "../../src/plan/leftovers.ts";
import type { Action, ActionKind, Guard, Plan } from "../../src/plan/model.ts";
import { planOf } from "../../src/plan/plan.ts";
import { declaredFrom } from "../config/declare.ts";
import { asDesired, changed, desiredTrio } from "./state-of.ts";

const desired = await desiredTrio();
const [endpoint] = desired.registries.get("a")!.endpoints;
const [policy] = desired.registries.get("a")!.policies;

function action(kind: ActionKind, at: number): Action {
  const base = { registry: "a", name: `x${at}`, reason: "", differences: [], id: at };
  switch (kind) {
    case "create-endpoint":
    case "update-endpoint":
    case "rotate-credentials":
      return { ...base, kind, desired: endpoint! };
    case "create-policy":
      return { ...base, kind, desired: policy! };
    case "update-policy":
      return { ...base, kind, desired: policy!, enable: false };
    case "delete-policy":
    case "delete-endpoint":
      return { ...base, kind };
  }
}

function planWith(kinds: readonly ActionKind[], owned = 0): Plan {
  return { topology: "t", installation: "main", actions: kinds.map(action), findings: [], owned };
}

const ALL: readonly ActionKind[] = [
  "create-endpoint",
  "update-endpoint",
  "rotate-credentials",
  "create-policy",
  "update-policy",
  "delete-policy",
  "delete-endpoint",
];

function left(guard: Guard, plan: Plan): string[] {
  return guard(plan).plan.actions.map(({ kind }) => kind);
}

describe("guards", () => {
  it("allow creations only", () => {
    expect(left(createOnly, planWith(ALL))).toEqual(["create-endpoint", "create-policy"]);
  });

  it("allow no deletion", () => {
    expect(left(noDelete, planWith(ALL))).toEqual(ALL.slice(0, 5));
  });

  it.each<[kinds: readonly ActionKind[], owned: number, withheld: number]>([
    [["update-policy", "update-policy"], 4, 0],
    [["update-policy", "update-policy", "delete-policy"], 4, 3],
    [["update-policy", "delete-endpoint", "update-endpoint"], 6, 0],
    [["create-policy", "create-policy", "create-endpoint"], 0, 0],
    [["create-policy", "create-policy", "update-policy"], 1, 1],
    [["rotate-credentials", "rotate-credentials"], 2, 0],
    [[], 0, 0],
  ])("hold back %j of %i objects: %i", (kinds, owned, withheld) => {
    const guardedPlan = moreThanHalf(planWith(kinds, owned));
    expect(guardedPlan.withheld).toHaveLength(withheld);
    expect(guardedPlan.plan.actions).toHaveLength(kinds.length - withheld);
    for (const { reason } of guardedPlan.withheld) expect(reason).toContain("more than half");
  });

  it("never add anything, in any combination, and name all they take", () => {
    for (const guards of [
      [createOnly, moreThanHalf],
      [noDelete, createOnly],
      [moreThanHalf, noDelete, createOnly],
    ]) {
      const plan = planWith(ALL, 3);
      const result = guarded(plan, guards);
      const all = [...result.plan.actions, ...result.withheld.map((one) => one.action)];
      expect(all.map(({ name }) => name).toSorted()).toEqual(plan.actions.map(({ name }) => name).toSorted());
      expect(plan.actions.filter((one) => result.plan.actions.includes(one))).toEqual(result.plan.actions);
    }
  });
});

describe("planLeftovers", () => {
  it("finds what belongs to no declared topology, and what is left in a registry that went out of one", async () => {
    const observed = asDesired(desired);
    const { declared } = await declaredFrom(`
registries:
  a: { url: https://a, username: admin, password: pa }
  b: { url: https://b, username: admin, password: pb }
topologies: [{ name: t, kind: dual-master, registries: [a, b] }]`);
    const left = planLeftovers(declared.topologies, "main", observed, { prune: true });
    expect(left.actions.map((one) => `${one.registry} ${one.kind} ${one.name}`)).toEqual([
      "c delete-policy tidelock.t.c-to-a",
      "c delete-policy tidelock.t.c-to-b",
      "c delete-endpoint tidelock.t.a",
      "c delete-endpoint tidelock.t.b",
    ]);
    expect(left.owned).toBe(4);
    expect(planLeftovers([], "main", observed, { prune: true }).actions).toHaveLength(12);
    expect(planLeftovers([], "other", observed, { prune: true })).toMatchObject({ actions: [], owned: 0 });
    const told = planLeftovers([], "main", observed, { prune: false });
    expect(told.actions).toEqual([]);
    expect(told.findings).toHaveLength(12);
  });

  it("and leaves to each topology what stands in its registries", () => {
    const observed = changed(asDesired(desired), "a", ({ policies }) => ({
      policies: [...policies, { ...policies[0]!, id: 70, name: "tidelock.gone.a-to-b" }],
    }));
    expect(planOf(desired, observed, { prune: true }).actions).toEqual([]);
  });
});
