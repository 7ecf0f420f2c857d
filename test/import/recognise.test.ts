import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recognise, type Recognition } from "../../src/import/recognise.ts";
import { literalOverlaps } from "../../src/topology/overlap.ts";
import { readDeclared } from "../../src/config/read-declared.ts";
import { passwordVariable, renderDeclaration } from "../../src/config/write-declaration.ts";
import { isReplicated } from "../../src/topology/flows.ts";
import type { ObservedState, ReadRegistry } from "../../src/observed/state.ts";
import type { Declared, ReplicatedTopology } from "../../src/topology/model.ts";
import { planOf } from "../../src/plan/plan.ts";
import { planAdoption } from "../../src/import/adoption.ts";
import { filesReader } from "../config/declare.ts";
import { NEWEST, OLDEST } from "../plan/state-of.ts";
import { anyTopology, declaredOf, desiredOf, givenOf, keptFor, NAMES, TOPOLOGY } from "./as-kept.ts";

function found(observed: ObservedState, declared = declaredOf([])): Recognition {
  return recognise({ given: givenOf(declared), observed, declared, registriesDeclared: false });
}

/** The objects as somebody would have made them by hand: other names, no mark, one endpoint a peer. */
function byHand(observed: Map<string, ReadRegistry>): Map<string, ReadRegistry> {
  return new Map(
    [...observed].map(([name, one]) => [
      name,
      {
        ...one,
        endpoints: one.endpoints.map((endpoint) => ({
          ...endpoint,
          name: `to ${endpoint.url}`,
          description: "",
          url: `${endpoint.url}/`,
        })),
        policies: one.policies.map((policy) => ({
          ...policy,
          name: `by hand ${policy.id}`,
          description: "",
        })),
      },
    ]),
  );
}

/** `name: kind of registries`, without the names that were made up. */
function shapes({ topologies }: Recognition): string[] {
  return topologies.map(({ topology: { kind, registries } }) => `${kind} ${registries.join(" ")}`).toSorted();
}

/** The declaration as it is written, and read again. */
async function readBack({ access, topologies }: Recognition, declared: Declared): Promise<Declared> {
  const text = renderDeclaration({
    head: ["head"],
    registries: givenOf(declared).map((one) => ({ ...one, ...(access.get(one.name) ?? {}) })),
    topologies: topologies.map(({ topology, sources }) => ({ topology, comments: sources })),
  });
  const environment = Object.fromEntries(
    NAMES.flatMap((name) => [passwordVariable(name), passwordVariable(name, "replication")]).map((one) => [
      one,
      "p",
    ]),
  );
  const reader = filesReader({ "imported.yaml": text });
  return (await readDeclared("policies", { environment, reader })).declared;
}

describe("recognise", () => {
  it("finds what was declared, whatever it was, by our own names", async () => {
    await fc.assert(
      fc.asyncProperty(anyTopology, async (topology) => {
        const declared = declaredOf([topology]);
        const recognition = found(keptFor(declared));
        expect(recognition.notices).toEqual([]);
        const again = await readBack(recognition, declared);
        const [one] = again.topologies.filter(isReplicated);
        expect({ ...one, content: 0, registries: 0 }).toEqual({ ...topology, content: 0, registries: 0 });
        // The order of equal masters means nothing, and neither does how a selection is written that compiles to the same.
        expect(new Set(one?.registries)).toEqual(new Set(topology.registries));
        const policies = (of: Declared): unknown =>
          [...desiredOf(of)[0]!.registries.values()].flatMap((registry) => registry.policies);
        const sorted = (of: Declared): string[] =>
          (policies(of) as object[]).map((policy) => JSON.stringify(policy)).toSorted();
        expect(sorted(again)).toEqual(sorted(declared));
      }),
      { numRuns: 60 },
    );
  });

  it("finds what was made by hand, and after adopting it the plan is empty", async () => {
    const capabilities = fc.constantFrom(NEWEST, OLDEST);
    await fc.assert(
      fc.asyncProperty(anyTopology, capabilities, async (topology, can) => {
        const plain = can === NEWEST ? topology : withoutNews(topology);
        const observed = byHand(keptFor(declaredOf([plain]), can));
        // Several policies for one flow are a selection only by our names.
        fc.pre(
          [...observed.values()].every(({ policies, endpoints }) => policies.length <= endpoints.length),
        );
        const recognition = found(observed);
        expect(shapes(recognition)).toHaveLength(1);
        const declared = await readBack(recognition, declaredOf([]));
        const [desired] = desiredOf(declared, can);
        expect(planOf(desired!, adopted(declared, observed, can), { prune: false })).toMatchObject({
          actions: [],
          findings: [],
        });
        expect(recognition.notices).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("never recognises what could not be declared together", () => {
    fc.assert(
      fc.property(fc.array(anyTopology, { minLength: 2, maxLength: 3 }), (topologies) => {
        const named = topologies.map((one, at) => ({ ...one, name: `t${at}` }));
        const recognition = found(byHand(keptFor(declaredOf(named))));
        expect(literalOverlaps(recognition.topologies.map(({ topology }) => topology))).toEqual([]);
        const names = recognition.topologies.map(({ topology }) => topology.name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.every((name) => /^[a-z0-9-]{1,16}$/.test(name))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("loses no policy: each is in a topology or in a notice", () => {
    fc.assert(
      fc.property(fc.array(anyTopology, { minLength: 1, maxLength: 3 }), (topologies) => {
        const observed = byHand(
          keptFor(declaredOf(topologies.map((one, at) => ({ ...one, name: `t${at}` })))),
        );
        const recognition = found(observed);
        const told = new Set([
          ...recognition.topologies.flatMap(({ sources }) => sources),
          ...recognition.notices.map(({ registry, name }) => `${registry}: ${name}`),
        ]);
        const all = [...observed].flatMap(([name, { policies }]) =>
          policies.map((policy) => `${name}: ${policy.name}`),
        );
        expect(all.filter((one) => !told.has(one))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

/** What an old Harbor can't keep is not declared for it. */
function withoutNews(topology: ReplicatedTopology): ReplicatedTopology {
  return {
    ...topology,
    content: { ...topology.content, excludeTags: [] },
    replication: { ...topology.replication, speedKbps: 0 },
  };
}

/** The registries after everything was adopted that can be. */
function adopted(
  declared: Declared,
  observed: Map<string, ReadRegistry>,
  can = NEWEST,
): Map<string, ReadRegistry> {
  const after = new Map(observed);
  for (const desired of desiredOf(declared, can)) {
    for (const adoption of planAdoption(desired, observed, new Set()).adoptions) {
      const one = after.get(adoption.registry)!;
      after.set(
        adoption.registry,
        adoption.kind === "policy"
          ? {
              ...one,
              policies: one.policies.map((policy) => (policy.id === adoption.id ? adoption.adopted : policy)),
            }
          : {
              ...one,
              endpoints: one.endpoints.map((endpoint) =>
                endpoint.id === adoption.id
                  ? { ...endpoint, name: adoption.name, description: adoption.description }
                  : endpoint,
              ),
            },
      );
    }
  }
  return after;
}

describe("topologies made by hand", () => {
  const handMade = (...topologies: Partial<ReplicatedTopology>[]): Map<string, ReadRegistry> =>
    byHand(keptFor(declaredOf(topologies.map((one, at) => ({ ...TOPOLOGY, name: `t${at}`, ...one })))));

  it("are one master with its slaves", () => {
    const recognition = found(handMade({ kind: "master-slave", registries: ["b", "a", "c"] }));
    expect(shapes(recognition)).toEqual(["master-slave b a c"]);
  });

  it("are three masters, each to each", () => {
    expect(shapes(found(handMade({ registries: ["a", "b", "c"] })))).toEqual(["dual-master a b c"]);
  });

  it("are a pair of masters of which one has a slave", () => {
    const recognition = found(
      handMade({ registries: ["a", "b"] }, { kind: "master-slave", registries: ["a", "c"] }),
    );
    expect(shapes(recognition)).toEqual(["dual-master a b", "master-slave a c"]);
    expect(recognition.topologies.map(({ topology }) => topology.name)).toEqual(["a-b", "a-c"]);
  });

  it("that differ in their settings are no pair, but a circle that no declaration may hold", () => {
    const recognition = found(
      handMade(
        { kind: "master-slave", registries: ["a", "b"] },
        {
          kind: "master-slave",
          registries: ["b", "a"],
          replication: { ...TOPOLOGY.replication, override: false },
        },
      ),
    );
    expect(shapes(recognition)).toEqual(["master-slave a b"]);
    expect(recognition.notices).toMatchObject([
      { registry: "b", name: "by hand 1", message: expect.stringContaining("in a circle") as string },
    ]);
  });

  it("name the account that the endpoints log in with, and that they verify nothing", async () => {
    const observed = handMade({});
    const a = observed.get("a")!;
    observed.set("a", {
      ...a,
      endpoints: a.endpoints.map((one) => ({ ...one, username: "robot$repl", insecure: true })),
    });
    const declared = await readBack(found(observed), declaredOf([]));
    expect(declared.registries.get("b")).toMatchObject({
      account: { username: "admin" },
      replicationAccount: { username: "robot$repl" },
      insecureSkipVerify: true,
    });
    expect(declared.registries.get("a")).toMatchObject({
      replicationAccount: { username: "admin" },
      insecureSkipVerify: false,
    });
  });

  it("of two over one endpoint, the second is told that it gets one of its own", () => {
    const observed = handMade({ content: { ...TOPOLOGY.content, projects: ["x"] } });
    const twice = new Map(
      [...observed].map(([name, one]) => [
        name,
        {
          ...one,
          policies: one.policies.flatMap((policy) => [
            policy,
            {
              ...policy,
              id: policy.id + 50,
              name: `second ${policy.id}`,
              filters: [{ kind: "name" as const, value: "y/**", excludes: false }],
            },
          ]),
        },
      ]),
    );
    const recognition = found(twice);
    expect(shapes(recognition)).toEqual(["dual-master a b", "dual-master a b"]);
    expect(recognition.notices.map(({ registry, name }) => `${registry} ${name}`)).toEqual([
      "a second 1",
      "b second 1",
      "a tidelock.with-a.b",
      "b tidelock.with-a.a",
    ]);
  });
});
