import fc from "fast-check";
import { desiredState } from "../../src/desired/desired-state.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import type { Capabilities } from "../../src/observed/model.ts";
import type { ReadRegistry } from "../../src/observed/state.ts";
import { DEFAULTS } from "../../src/config/settings.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import type { Declared, Registry, ReplicatedTopology } from "../../src/topology/model.ts";
import type { GivenRegistry } from "../../src/import/model.ts";
import { asDesired, NEWEST } from "../plan/state-of.ts";

export const NAMES = ["a", "b", "c", "d"];

export const TOPOLOGY: ReplicatedTopology = {
  name: "east",
  kind: "dual-master",
  mode: "act",
  registries: ["a", "b"],
  content: { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] },
  trigger: { kind: "event" },
  replication: { override: true, deletions: false, speedKbps: 0 },
  heal: {
    remedy: "auto",
    conflicts: "report",
    deletions: "report",
    regressions: "report",
    slaveDeletions: "restore",
    firstContact: "copy",
    settleMs: 240_000,
    remediesPerHour: 1000,
  },
  enforceEnabled: false,
  ignoreForeign: [],
};

/** Four registries, and these topologies over them. */
export function declaredOf(topologies: readonly ReplicatedTopology[]): Declared {
  const account = { username: "admin", password: makeSecret("p") };
  const registries = new Map(
    NAMES.map((name): [string, Registry] => {
      const url = `https://${name}.example.com`;
      return [
        name,
        { name, url, endpointUrl: url, account, replicationAccount: account, insecureSkipVerify: false },
      ];
    }),
  );
  return { registries, topologies, settings: DEFAULTS };
}

export function givenOf({ registries }: Declared): GivenRegistry[] {
  return [...registries.values()].map(({ name, url, endpointUrl, account, insecureSkipVerify }) => ({
    name,
    url,
    endpointUrl,
    username: account.username,
    insecureSkipVerify,
  }));
}

/** What the Harbors hold once these topologies are configured. */
export function keptFor(declared: Declared, can: Capabilities = NEWEST): Map<string, ReadRegistry> {
  const kept = new Map(NAMES.map((name): [string, ReadRegistry] => [name, nothing(can)]));
  for (const desired of desiredOf(declared, can)) {
    for (const [name, found] of asDesired(desired, can)) {
      const before = kept.get(name) ?? nothing(can);
      const from = 100 * before.endpoints.length;
      kept.set(name, {
        ...before,
        endpoints: [...before.endpoints, ...found.endpoints.map((one) => ({ ...one, id: one.id + from }))],
        policies: [
          ...before.policies,
          ...found.policies.map((one) => ({
            ...one,
            id: one.id + 1000 * before.policies.length,
            targetEndpointId: one.targetEndpointId + from,
          })),
        ],
      });
    }
  }
  return kept;
}

export function desiredOf(declared: Declared, can: Capabilities = NEWEST): DesiredState[] {
  const capabilities = new Map(NAMES.map((name) => [name, can]));
  return declared.topologies.flatMap((topology) =>
    topology.kind === "shared-storage" ? [] : [desiredState(declared, topology, "main", capabilities)],
  );
}

function nothing(capabilities: Capabilities): ReadRegistry {
  return { kind: "read", capabilities, endpoints: [], health: new Map(), policies: [], at: 0 };
}

/** More than one policy can hold. */
const MANY = Array.from({ length: 60 }, (_, at) => `project-with-a-long-name-${at}`);

const component = fc.constantFrom(
  "library",
  "team-*",
  "{x,y}-z",
  "p?",
  "[a-c]1",
  "v1.*",
  "latest",
  "r1",
  "*-rc",
);
const patterns = fc.uniqueArray(component, { minLength: 1, maxLength: 4 });

/** Topologies as people may declare them, with the defaults of what no Harbor keeps. */
export const anyTopology: fc.Arbitrary<ReplicatedTopology> = fc
  .record({
    kind: fc.constantFrom<ReplicatedTopology["kind"][]>("dual-master", "master-slave"),
    registries: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 4 }),
    content: fc.record({
      projects: fc.oneof(
        { weight: 4, arbitrary: fc.constant(["**"]) },
        { weight: 8, arbitrary: patterns },
        { weight: 1, arbitrary: fc.constant(MANY) },
      ),
      repositories: fc.oneof(fc.constant(["**"]), patterns),
      tags: fc.oneof(fc.constant("**"), component),
      excludeTags: fc.uniqueArray(fc.constantFrom("tmp-*", "nightly", "{q,w}"), { maxLength: 2 }),
    }),
    trigger: fc.constantFrom<ReplicatedTopology["trigger"][]>(
      { kind: "event" },
      { kind: "manual" },
      { kind: "cron", cron: "0 0 2 * * *" },
    ),
    replication: fc.record({
      override: fc.boolean(),
      deletions: fc.boolean(),
      speedKbps: fc.constantFrom(0, 1000),
    }),
  })
  .map((chosen) => ({ ...TOPOLOGY, ...chosen }));
