import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/errors.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import type { ReplicationPolicy } from "../../src/observed/model.ts";
import type { ObservedRegistry, ObservedState } from "../../src/observed/state.ts";
import { explainAction, explainFinding } from "../../src/plan/explain.ts";
import type { Action, Plan } from "../../src/plan/model.ts";
import { planOf } from "../../src/plan/plan.ts";
import { markOf } from "../../src/topology/mark.ts";
import { asDesired, changed, desiredTrio, NEWEST, OLDEST, where } from "./state-of.ts";

const A_TO_B = "tidelock.t.a-to-b";
const desired = await desiredTrio();
const inStep = asDesired(desired);
/** As a toggle leaves it that was killed in between. */
const NOTED = `${markOf("main")} [switched off by Tidelock for a moment]`;

function short({ actions }: Plan): string[] {
  return actions.map((one) => `${one.registry} ${one.kind} ${one.name}`);
}

function fieldsOf(action: Action | undefined): string[] {
  return action?.differences.map(({ field }) => field) ?? [];
}

function plan(observed: ObservedState, wanted: DesiredState = desired, prune = false): Plan {
  return planOf(wanted, observed, { prune });
}

function withPolicy(change: Partial<ReplicationPolicy>, observed: ObservedState = inStep): ObservedState {
  return changed(observed, "a", ({ policies }) => ({ policies: where(policies, A_TO_B, change) }));
}

describe("a plan", () => {
  it("is empty when everything stands as desired", () => {
    expect(plan(inStep)).toMatchObject({ actions: [], findings: [], owned: 12 });
  });

  it("makes everything, endpoints before the policies that need them", () => {
    const nothing = new Map(
      [...inStep].map(([name, one]) => [name, { ...one, endpoints: [], policies: [] }]),
    );
    const { actions, owned } = plan(nothing);
    expect(owned).toBe(0);
    expect(actions.map(({ kind }) => kind)).toEqual([
      ...Array<string>(6).fill("create-endpoint"),
      ...Array<string>(6).fill("create-policy"),
    ]);
    expect(short({ ...plan(nothing) }).slice(0, 3)).toEqual([
      "a create-endpoint tidelock.t.b",
      "a create-endpoint tidelock.t.c",
      "b create-endpoint tidelock.t.a",
    ]);
  });

  it("does nothing where a registry could not be read, and says so", () => {
    const error = new AppError("HARBOR_UNREACHABLE", "no route");
    const unread = new Map<string, ObservedRegistry>([...inStep, ["b", { kind: "unread", error }]]);
    unread.delete("c");
    const { actions, findings } = plan(unread, desired, true);
    expect(actions).toEqual([]);
    expect(findings).toMatchObject([
      { kind: "unread", registry: "b", error },
      { kind: "unread", registry: "c", error: { code: "BUG" } },
    ]);
    expect(explainFinding(findings[0]!)).toBe("b: could not be read, so nothing is planned there: no route");
  });
});

describe("what differs", () => {
  it.each<[field: string, change: Partial<ReplicationPolicy>]>([
    ["source", { sourceEndpointId: 2 }],
    ["endpoint", { targetEndpointId: 2 }],
    ["endpoint", { targetEndpointId: 99 }],
    ["trigger", { trigger: { kind: "manual", cron: "" } }],
    ["filters", { filters: [] }],
    ["filters", { filters: [{ kind: "name", value: "**", excludes: false }] }],
    ["override", { override: false }],
    ["deletions", { deletions: true }],
    ["speedKbps", { speedKbps: 5 }],
    ["singleActive", { singleActive: true }],
    ["targetNamespace", { targetNamespace: "x" }],
  ])("finds a policy whose %s was changed", (field, change) => {
    const found = plan(withPolicy(change));
    expect(short(found)).toEqual([`a update-policy ${A_TO_B}`]);
    expect(fieldsOf(found.actions[0])).toEqual([field]);
  });

  it.each<[what: string, change: Partial<ReplicationPolicy>]>([
    ["what a namespace would replace, without a namespace", { targetNamespaceReplaceCount: 0 }],
    ["the cron of a trigger that has none", { trigger: { kind: "event_based", cron: "0 0 0 * * *" } }],
    ["no limit of speed written as -1", { speedKbps: -1 }],
    ["copying by chunk, which is not declared", { copyByChunk: true }],
    [
      "the order of filters, and empty ones",
      {
        filters: [
          { kind: "tag", value: "tidelock-rescue-*", excludes: true },
          { kind: "label", value: [], excludes: false },
          { kind: "name", value: "**", excludes: false },
          { kind: "tag", value: "", excludes: false },
        ],
      },
    ],
  ])("does not mind %s", (_what, change) => {
    expect(plan(withPolicy(change))).toMatchObject({ actions: [], findings: [] });
  });

  it("does not mind what an old Harbor does not keep", () => {
    const old = asDesired(desired, OLDEST);
    expect(plan(withPolicy({ singleActive: true, speedKbps: 7 }, old)).actions).toEqual([]);
    const ca = changed(old, "a", ({ endpoints }) => ({
      endpoints: where(endpoints, "tidelock.t.b", { caCertificate: "x" }),
    }));
    expect(plan(ca).actions).toEqual([]);
  });

  it("compares schedules by what they mean", async () => {
    const nightly = await desiredTrio(', trigger: "0 0 2 * * mon"');
    const observed = asDesired(nightly);
    const spaced = withPolicy({ trigger: { kind: "scheduled", cron: "0 0  2 * * MON" } }, observed);
    expect(plan(spaced, nightly).actions).toEqual([]);
    const moved = withPolicy({ trigger: { kind: "scheduled", cron: "0 0 3 * * MON" } }, observed);
    expect(fieldsOf(plan(moved, nightly).actions[0])).toEqual(["trigger"]);
  });

  it.each([
    ["url", { url: "https://elsewhere" }],
    ["username", { username: "other" }],
    ["insecure", { insecure: true }],
    ["caCertificate", { caCertificate: "-----BEGIN" }],
  ])("finds an endpoint whose %s was changed", (field, change) => {
    const observed = changed(inStep, "a", ({ endpoints }) => ({
      endpoints: where(endpoints, "tidelock.t.b", change),
    }));
    const found = plan(observed);
    expect(short(found)).toEqual(["a update-endpoint tidelock.t.b"]);
    expect(fieldsOf(found.actions[0])).toEqual([field]);
  });

  it("does not mind how an address is written", () => {
    const observed = changed(inStep, "a", ({ endpoints }) => ({
      endpoints: where(endpoints, "tidelock.t.b", { url: "https://B:443/" }),
    }));
    expect(plan(observed).actions).toEqual([]);
  });
});

describe("what is ours", () => {
  it("renews credentials only where the ping says that they are refused", () => {
    const health = (kind: "refused" | "unreachable"): Plan =>
      plan(changed(inStep, "a", () => ({ health: new Map([[1, { kind, text: "" }]]) })));
    expect(short(health("refused"))).toEqual(["a rotate-credentials tidelock.t.b"]);
    expect(short(health("unreachable"))).toEqual([]);
  });

  it("tells a conflict about an endpoint that is not ours, or of another type, and leaves its policies alone", () => {
    const foreign = changed(inStep, "a", ({ endpoints, policies }) => ({
      endpoints: where(endpoints, "tidelock.t.b", { description: "mine" }),
      policies: policies.filter(({ name }) => name !== A_TO_B),
    }));
    expect(plan(foreign).actions).toEqual([]);
    expect(plan(foreign).findings.map(explainFinding)).toEqual([
      "a: tidelock.t.a-to-b: the endpoint tidelock.t.b that it needs is not Tidelock's",
      "a: tidelock.t.b: it has the name that Tidelock needs, but not its mark: rename or delete it, or adopt it",
    ]);
    const typed = changed(inStep, "a", ({ endpoints }) => ({
      endpoints: where(endpoints, "tidelock.t.b", { type: "docker-registry" }),
    }));
    expect(plan(typed)).toMatchObject({
      actions: [],
      findings: [{ kind: "conflict", name: "tidelock.t.b" }],
    });
  });

  it("deletes with prune only what is ours, of this topology and not of healing", () => {
    const extra = (name: string, change: Partial<ReplicationPolicy> = {}): ReplicationPolicy => ({
      ...inStep.get("a")!.policies[0]!,
      id: 77,
      name,
      ...change,
    });
    const others = [
      extra(`${A_TO_B}.heal-0af3`),
      extra("tidelock.other.a-to-b"),
      extra("tidelock.t.a-to-z", { description: "mine" }),
      extra("by-hand", { description: "" }),
    ];
    const observed = changed(inStep, "a", ({ policies }) => ({
      policies: [...policies, ...others, extra(`${A_TO_B}.2`)],
    }));
    expect(short(plan(observed, desired, true))).toEqual([`a delete-policy ${A_TO_B}.2`]);
    expect(plan(observed)).toMatchObject({
      actions: [],
      findings: [
        { kind: "notice", name: "by-hand" },
        { kind: "leftover", name: `${A_TO_B}.2` },
        { kind: "notice", name: "tidelock.t.a-to-z" },
      ],
    });
  });

  it("keeps an endpoint that a policy still uses", () => {
    const [first] = inStep.get("a")!.endpoints;
    const observed = changed(inStep, "a", ({ endpoints, policies }) => ({
      endpoints: [...endpoints, { ...first!, id: 9, name: "tidelock.t.z" }],
      policies: [
        ...policies,
        { ...policies[0]!, id: 8, name: "by-hand", description: "", targetEndpointId: 9, enabled: false },
      ],
    }));
    expect(plan(observed, desired, true)).toMatchObject({
      actions: [],
      findings: [
        {
          kind: "leftover",
          name: "tidelock.t.z",
          message: expect.stringContaining("by-hand uses it") as string,
        },
      ],
    });
    const freed = changed(observed, "a", ({ policies }) => ({ policies: policies.slice(0, -1) }));
    expect(short(plan(freed, desired, true))).toEqual(["a delete-endpoint tidelock.t.z"]);
    const moving = withPolicy({ targetEndpointId: 9 }, freed);
    expect(short(plan(moving, desired, true))).toEqual([
      `a update-policy ${A_TO_B}`,
      "a delete-endpoint tidelock.t.z",
    ]);
  });
});

describe("the plan as a whole", () => {
  it("is the same in whatever order things are found", () => {
    const mess = changed(withPolicy({ override: false, enabled: false }), "b", ({ policies, endpoints }) => ({
      policies: [...policies.slice(1), { ...policies[0]!, id: 50, name: "tidelock.t.b-to-q" }],
      endpoints: where(endpoints, "tidelock.t.c", { url: "https://x", description: "not ours" }),
      health: new Map([[1, { kind: "refused", text: "" } as const]]),
    }));
    const expected = plan(mess, desired, true);
    expect(expected.actions.length).toBeGreaterThan(3);
    const orders = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(orders, (keys) => {
        let at = 0;
        const shuffled = <T>(list: Iterable<T>): T[] =>
          [...list]
            .map((one) => ({ one, key: keys[at++ % keys.length]! }))
            .toSorted((x, y) => x.key - y.key)
            .map(({ one }) => one);
        const observed = new Map(
          shuffled(mess).map(([name, found]): [string, ObservedRegistry] =>
            found.kind === "unread"
              ? [name, found]
              : [
                  name,
                  { ...found, endpoints: shuffled(found.endpoints), policies: shuffled(found.policies) },
                ],
          ),
        );
        const wanted = {
          ...desired,
          registries: new Map(
            shuffled(desired.registries).map(([name, one]) => [
              name,
              { endpoints: shuffled(one.endpoints), policies: shuffled(one.policies) },
            ]),
          ),
        };
        expect(plan(observed, wanted, true)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it("is explained in sentences", () => {
    const [action] = plan(withPolicy({ override: false, filters: [] })).actions;
    expect(explainAction(action!)).toEqual([
      `a: update the replication policy ${A_TO_B}, because it is not as declared`,
      "  filters: name ** -> name **; tag not tidelock-rescue-*",
      "  override: false -> true",
    ]);
    const [made] = plan(changed(inStep, "a", () => ({ policies: [], endpoints: [] }))).actions;
    expect(explainAction(made!).slice(0, 2)).toEqual([
      "a: create the endpoint tidelock.t.b, because there is none yet",
      "  url: https://b",
    ]);
  });

  it("enables what somebody disabled only when that is declared", async () => {
    const strict = await desiredTrio(", enforceEnabled: true");
    const disabled = withPolicy({ enabled: false });
    expect(plan(disabled)).toMatchObject({ actions: [], findings: [{ kind: "disabled", name: A_TO_B }] });
    const found = plan(disabled, strict);
    expect(found).toMatchObject({ actions: [{ kind: "update-policy", enable: true }], findings: [] });
    expect(fieldsOf(found.actions[0])).toEqual(["enabled"]);
  });

  it.each<[what: string, change: Partial<ReplicationPolicy>, fields: string[]]>([
    ["is all that differs", {}, ["enabled"]],
    ["is not all that differs", { override: false }, ["override", "enabled"]],
  ])(
    "enables what we switched off ourselves and did not switch on, where that %s",
    (_what, change, fields) => {
      const { actions, findings } = plan(withPolicy({ ...change, enabled: false, description: NOTED }));
      expect(findings).toEqual([]);
      expect(actions).toMatchObject([{ kind: "update-policy", enable: true }]);
      expect(fieldsOf(actions[0])).toEqual(fields);
    },
  );

  it("leaves a note that tells nothing any more, and tells what else was written there", () => {
    expect(plan(withPolicy({ description: NOTED }))).toMatchObject({ actions: [], findings: [] });
    const other = plan(withPolicy({ description: `${markOf("main")} Mine.` }));
    expect(fieldsOf(other.actions[0])).toEqual(["description"]);
  });

  it("passes on what a Harbor can't do", () => {
    const notices = [{ registry: "a", subject: A_TO_B, message: "too old" }];
    expect(plan(inStep, { ...desired, notices }).findings).toEqual([
      { kind: "notice", registry: "a", name: A_TO_B, message: "too old" },
    ]);
    expect(NEWEST.excludingFilters).toBe(true);
  });
});
