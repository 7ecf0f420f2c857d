import { describe, expect, it } from "vitest";
import { isProbeObjectName, probeObjectName } from "../../src/desired/names.ts";
import { planLeftovers } from "../../src/plan/leftovers.ts";
import { planOf } from "../../src/plan/plan.ts";
import { makeLabel } from "../../src/probe/label.ts";
import { asDesired, changed, desiredTrio } from "./state-of.ts";

const desired = await desiredTrio();
const LABEL = makeLabel("main", Date.UTC(2026, 0, 1), () => 0.999);

describe("what a probe made for a minute", () => {
  it.each(["ha", "t"])("in the cluster %s is no drift, no leftover and not pruned", (cluster) => {
    const name = probeObjectName(cluster, `${LABEL}-1`);
    const observed = changed(asDesired(desired), "a", ({ endpoints, policies }) => ({
      endpoints: [...endpoints, { ...endpoints[0]!, id: 8, name }],
      policies: [...policies, { ...policies[0]!, id: 9, name, targetEndpointId: 8, targetNamespace: "p/x" }],
    }));
    for (const prune of [false, true]) {
      expect(planOf(desired, observed, { prune })).toMatchObject({ actions: [], findings: [] });
      const nothingDeclared = planLeftovers([], "main", observed, { prune });
      const before = planLeftovers([], "main", asDesired(desired), { prune });
      expect(nothingDeclared).toEqual(before);
    }
  });

  it("is told from what is declared, whatever topologies and registries are called", () => {
    const [first] = [...desired.registries.values()];
    const declared = [...first!.endpoints, ...first!.policies].map(({ name }) => name);
    const others = [
      "tidelock.t.probe",
      "tidelock.t.probe-1",
      "tidelock.t.probe-tidelock-x",
      "tidelock.probe-x.a-to-b",
      "x.t.probe-tidelock-a",
    ];
    expect([...declared, ...others].filter(isProbeObjectName)).toEqual([]);
    expect(isProbeObjectName(probeObjectName("ha", `${LABEL}-12`))).toBe(true);
  });

  it("has a name that fits into Harbor's 64 characters", () => {
    expect(probeObjectName("x".repeat(16), `${LABEL}-99`).length).toBeLessThanOrEqual(64);
  });
});
