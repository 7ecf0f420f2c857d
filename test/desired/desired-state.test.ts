import { describe, expect, it } from "vitest";
import { desiredState } from "../../src/desired/desired-state.ts";
import {
  endpointName,
  healPolicyName,
  isHealPolicyName,
  isHealPolicyOf,
  policyName,
  topologyOfName,
} from "../../src/desired/names.ts";
import type { Capabilities } from "../../src/observed/model.ts";
import { ownedBy } from "../../src/topology/mark.ts";
import type { ReplicatedTopology } from "../../src/topology/model.ts";
import { declaredFrom, replicatedIn } from "../config/declare.ts";

const REGISTRIES = `
registries:
  a: { url: https://a.example.com, username: admin, password: pa }
  b:
    url: https://b.example.com
    username: admin
    password: pb
    endpointUrl: https://10.0.0.2
    insecureSkipVerify: true
    replicationAccount: { username: robot$repl, password: pr }
  c: { url: https://c.example.com, username: admin, password: pc }`;

async function desiredOf(
  topology: string,
  capabilities?: ReadonlyMap<string, Capabilities>,
): Promise<ReturnType<typeof desiredState>> {
  const { declared } = await declaredFrom(`${REGISTRIES}\ntopologies:\n  - name: t\n${topology}`);
  return desiredState(declared, replicatedIn(declared), "main", capabilities);
}

function summary(state: Awaited<ReturnType<typeof desiredOf>>): Record<string, string[]> {
  return Object.fromEntries(
    [...state.registries].map(([name, { endpoints, policies }]) => [
      name,
      [
        ...endpoints.map((one) => `${one.name} ${one.url}`),
        ...policies.map((one) => `${one.name} > ${one.endpoint}`),
      ],
    ]),
  );
}

describe("desiredState", () => {
  it("gives a master an endpoint and a policy for each slave, and a slave nothing", async () => {
    const state = await desiredOf("    kind: master-slave\n    master: a\n    slaves: [b, c]");
    expect(summary(state)).toEqual({
      a: [
        "tidelock.t.b https://10.0.0.2",
        "tidelock.t.c https://c.example.com",
        "tidelock.t.a-to-b > tidelock.t.b",
        "tidelock.t.a-to-c > tidelock.t.c",
      ],
      b: [],
      c: [],
    });
  });

  it("gives each of any number of masters a policy to each other one", async () => {
    const state = await desiredOf("    kind: dual-master\n    registries: [a, b, c]");
    expect([...state.registries].map(([name, { policies }]) => [name, policies.map(({ to }) => to)])).toEqual(
      [
        ["a", ["b", "c"]],
        ["b", ["a", "c"]],
        ["c", ["a", "b"]],
      ],
    );
  });

  it("logs in to the target as the target says", async () => {
    const state = await desiredOf("    kind: dual-master\n    registries: [a, b]");
    const [toB] = state.registries.get("a")!.endpoints;
    expect(toB).toMatchObject({ username: "robot$repl", insecure: true });
    expect(toB!.password.reveal()).toBe("pr");
    expect(ownedBy(toB!.description)).toBe("main");
  });

  it.each([
    ["event", { kind: "event_based", cron: "" }],
    ["manual", { kind: "manual", cron: "" }],
    ['"0 0 2 * * *"', { kind: "scheduled", cron: "0 0 2 * * *" }],
  ])("compiles the trigger %s", async (text, trigger) => {
    const state = await desiredOf(
      `    kind: master-slave\n    master: a\n    slaves: [b]\n    trigger: ${text}`,
    );
    expect(state.registries.get("a")!.policies).toMatchObject([
      { trigger, override: true, deletions: false },
    ]);
  });

  it("says what an old Harbor can't do itself", async () => {
    const old: Capabilities = {
      excludingFilters: false,
      namespaceReplaceCount: false,
      speed: false,
      projectArtifacts: false,
      accessories: false,
      subjects: false,
      extendedAudit: false,
      strictCron: false,
      endpointCa: false,
      copyByChunk: false,
      singleActive: false,
    };
    const state = await desiredOf(
      "    kind: dual-master\n    registries: [a, b]\n    content: { excludeTags: [tmp] }\n    replication: { speedKbps: 8 }",
      new Map([["a", old]]),
    );
    expect(state.notices.map(({ registry, message }) => `${registry}: ${message.slice(0, 40)}`)).toEqual([
      "a: Harbor before 2.4 can't leave tags out: ",
      "a: Harbor before 2.4 can't limit the speed ",
    ]);
    expect(state.registries.get("a")!.policies[0]!.filters.some(({ excludes }) => excludes)).toBe(false);
    expect(state.registries.get("b")!.policies[0]!.filters.some(({ excludes }) => excludes)).toBe(true);
  });
});

describe("names", () => {
  const flow = (topology: string, from: string, to: string) => ({
    topology: { name: topology } as ReplicatedTopology,
    from,
    to,
  });

  it("fit Harbor's limits at their longest", () => {
    const long = "x".repeat(16);
    expect(endpointName(long, long).length).toBeLessThanOrEqual(64);
    expect(healPolicyName(flow(long, long, long), "0".repeat(64)).length).toBeLessThanOrEqual(256);
  });

  it("tell ours, and those of healing, from others", () => {
    const one = flow("t", "a", "b");
    expect(policyName(one)).toBe("tidelock.t.a-to-b");
    expect(policyName(one, 3)).toBe("tidelock.t.a-to-b.3");
    const temporary = healPolicyName(one, "0af3");
    expect(temporary).toBe("tidelock.t.a-to-b.heal-0af3");
    expect([temporary, policyName(one), policyName(one, 2), "x.heal-1"].filter(isHealPolicyName)).toEqual([
      temporary,
    ]);
    expect(isHealPolicyOf(one, temporary)).toBe(true);
    expect(isHealPolicyOf(flow("t", "a", "bb"), temporary)).toBe(false);
    expect(topologyOfName("tidelock.t.b")).toBe("t");
    expect(topologyOfName(temporary)).toBe("t");
    expect(topologyOfName("tidelock")).toBeUndefined();
    expect(topologyOfName("other.t.b")).toBeUndefined();
  });
});
