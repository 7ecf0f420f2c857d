import { describe, expect, it } from "vitest";
import type { DesiredState } from "../../src/desired/model.ts";
import type { ReplicationFilter, ReplicationPolicy } from "../../src/observed/model.ts";
import type { ReadRegistry } from "../../src/observed/state.ts";
import { planOf } from "../../src/plan/plan.ts";
import { asDesired, changed, desiredTrio } from "./state-of.ts";

const A_TO_B = "tidelock.t.a-to-b";
const all = await desiredTrio(', content: { projects: [library, "team-*"], tags: "v*" }');
const standing = asDesired(all);

function filter(kind: "name" | "tag", value: string): ReplicationFilter {
  return { kind, value, excludes: false };
}

/** Somebody else's event policy from a to b, over an endpoint that somebody else made. */
function foreign(change: Partial<ReplicationPolicy> = {}): ReplicationPolicy {
  const [ours] = standing.get("a")!.policies;
  const filters = [filter("name", "library/**")];
  return { ...ours!, id: 90, name: "by hand", description: "mine", targetEndpointId: 80, filters, ...change };
}

/** What stands, but nothing of ours in `a`; and this beside it. */
function beside(policy: ReplicationPolicy, url = "https://b/"): Map<string, ReadRegistry> {
  const [ours] = standing.get("a")!.endpoints;
  const endpoint = { ...ours!, id: 80, name: "over there", description: "mine", url };
  return new Map(changed(standing, "a", () => ({ endpoints: [endpoint], policies: [policy] }))) as Map<
    string,
    ReadRegistry
  >;
}

/** What is to be made in `a`, and what is told there of foreign policies. */
function planned(observed: Map<string, ReadRegistry>, desired: DesiredState = all): [string[], string[]] {
  const { actions, findings } = planOf(desired, observed, { prune: false });
  return [
    actions.map(({ kind, name }) => `${kind} ${name}`).filter((text) => text.includes("b")),
    findings.flatMap((one) => (one.kind === "unread" ? [] : [`${one.kind} ${one.name}`])),
  ];
}

const MADE = ["create-endpoint tidelock.t.b", `create-policy ${A_TO_B}`];

describe("somebody else's policy over the same flow", () => {
  it.each<[string, Partial<ReplicationPolicy>]>([
    ["on events", {}],
    ["on a schedule", { trigger: { kind: "scheduled", cron: "0 0 2 * * *" } }],
    ["of everything", { filters: [] }],
    ["of a part", { filters: [filter("name", "team-x/app"), filter("tag", "v1.*")] }],
    ["with a mark of another installation", { description: "Kept by Tidelock (installation x): y" }],
  ])("that copies %s keeps ours, and its endpoint, from being made", (_, change) => {
    const [actions, findings] = planned(beside(foreign(change)));
    expect(actions.filter((text) => MADE.includes(text))).toEqual([]);
    expect(findings).toEqual(["foreign by hand"]);
  });

  it.each<[string, Partial<ReplicationPolicy>]>([
    ["other projects", { filters: [filter("name", "other/**")] }],
    ["other tags", { filters: [filter("name", "library/**"), filter("tag", "latest")] }],
    ["nothing, being disabled", { enabled: false }],
    ["into a namespace", { targetNamespace: "backup" }],
    ["from elsewhere", { sourceEndpointId: 80, targetEndpointId: 0 }],
    ["for another Tidelock's healing", { name: "tidelock.x.a-to-b.heal-0123", description: "" }],
  ])("that copies %s is no matter", (_, change) => {
    const [actions, findings] = planned(beside(foreign(change)));
    expect(actions.filter((text) => MADE.includes(text))).toEqual(MADE);
    expect(findings).toEqual([]);
  });

  it("to another registry is no matter", () => {
    expect(planned(beside(foreign(), "https://elsewhere"))[1]).toEqual([]);
  });

  it("that a person starts by hand is told, and ours is made", () => {
    const [actions, findings] = planned(beside(foreign({ trigger: { kind: "manual", cron: "" } })));
    expect(actions.filter((text) => MADE.includes(text))).toEqual(MADE);
    expect(findings).toEqual(["notice by hand"]);
  });

  it("is only told where ours stands already", () => {
    const observed = changed(standing, "a", ({ policies, endpoints }) => ({
      policies: [...policies, foreign({ targetEndpointId: endpoints[0]!.id })],
    }));
    expect(planOf(all, observed, { prune: false })).toMatchObject({
      actions: [],
      findings: [{ kind: "notice", registry: "a", name: "by hand" }],
    });
  });

  it("is no matter where it is named under ignoreForeign", async () => {
    const ignoring = await desiredTrio(', content: { projects: [library] }, ignoreForeign: ["by hand"]');
    const [actions, findings] = planned(beside(foreign()), ignoring);
    expect(actions).toEqual(expect.arrayContaining(MADE));
    expect(findings).toEqual([]);
  });

  it("is found by either address of the other registry", () => {
    const [registry, wanted] = [...all.registries][0]!;
    const endpoints = wanted.endpoints.map((one) =>
      one.to === "b"
        ? { ...one, url: "https://10.0.0.2", addresses: ["https://10.0.0.2", "https://b"] }
        : one,
    );
    const desired = {
      ...all,
      registries: new Map([...all.registries, [registry, { ...wanted, endpoints }]]),
    };
    expect(planned(beside(foreign()), desired)[1]).toEqual(["foreign by hand"]);
    expect(planned(beside(foreign(), "https://10.0.0.2"), desired)[1]).toEqual(["foreign by hand"]);
  });
});
