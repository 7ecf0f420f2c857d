import { applyPlan } from "../../src/apply/apply-plan.ts";
import type { ApplyReport } from "../../src/apply/result.ts";
import { readDeclared } from "../../src/config/read-declared.ts";
import { desiredState } from "../../src/desired/desired-state.ts";
import { createHarborClient } from "../../src/harbor/client.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import { observe } from "../../src/observed/observe.ts";
import type { ObservedState } from "../../src/observed/state.ts";
import type { Plan } from "../../src/plan/model.ts";
import { planOf } from "../../src/plan/plan.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import type { Declared, ReplicatedTopology } from "../../src/topology/model.ts";
import { isReplicated } from "../../src/topology/flows.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { ownAddress } from "../support/own-address.ts";

/** Endpoints that topologies here have. */
const OURS = new Set(["tidelock.t.a", "tidelock.t.b"]);

export const INSTALLATION = "test";
export type Profile = Parameters<SandboxWorld["add"]>[0]["profile"];
export const PROFILES: readonly Profile[] = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"];

/** Two sandboxes `a` and `b` over real HTTP, and what it takes to configure them as users do. */
export interface SandboxPair extends AsyncDisposable {
  readonly a: Sandbox;
  readonly b: Sandbox;
  readonly clock: AutoClock;
  /** Waits until the ports follow what was done to the sandboxes. */
  settled(): Promise<void>;
  /** Reads a declaration; `TOPOLOGY` is indented by four. */
  declare(topology: string, accounts?: { readonly b?: string }): Promise<void>;
  topology(): ReplicatedTopology;
  declared(): Declared;
  ports(): ReadonlyMap<string, HarborPort>;
  observe(): Promise<ObservedState>;
  plan(options?: { readonly prune?: boolean }): Promise<Plan>;
  apply(plan: Plan): Promise<ApplyReport>;
  /** Plans and applies; the answer is one word an action. */
  configure(options?: { readonly prune?: boolean }): Promise<string[]>;
}

export async function sandboxPair(profile: Profile, other: Profile = profile): Promise<SandboxPair> {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock, seed: 1 });
  const a = world.add({ name: "a", profile });
  const b = world.add({ name: "b", profile: other });
  const fronts = [await serveSandbox(a, ownAddress()), await serveSandbox(b, ownAddress())];
  let declared: Declared | undefined;
  let ports: Map<string, HarborPort> = new Map();
  const close = (): void => {
    for (const port of ports.values()) port.close();
  };
  const pair: SandboxPair = {
    a,
    b,
    clock,
    settled: async () => {
      await Promise.all(fronts.map((front) => front.settled()));
    },
    declare: async (topology, { b: account = "username: admin, password: Harbor12345" } = {}) => {
      const text = `
apiVersion: tidelock/v1
registries:
  a: { url: "${a.url}", username: admin, password: Harbor12345 }
  b: { url: "${b.url}", ${account} }
topologies:
  - name: t
${topology}`;
      const reader = { listFiles: () => Promise.resolve(["x.yaml"]), readFile: () => Promise.resolve(text) };
      declared = (await readDeclared("policies", { environment: {}, reader })).declared;
      close();
      ports = new Map(
        [...declared.registries].map(([name, registry]) => [
          name,
          createHarborClient(registry, { clock, random: () => 0.5, environment: {} }),
        ]),
      );
    },
    declared: () => declared!,
    ports: () => ports,
    topology: () => declared!.topologies.find(isReplicated)!,
    observe: () => observe(ports.values(), { clock, installation: INSTALLATION, pinged: OURS }),
    plan: async ({ prune = false } = {}) => {
      const observed = await pair.observe();
      const capabilities = new Map(
        [...observed].flatMap(([name, one]) =>
          one.kind === "read" ? [[name, one.capabilities] as const] : [],
        ),
      );
      return planOf(desiredState(declared!, pair.topology(), INSTALLATION, capabilities), observed, {
        prune,
      });
    },
    apply: (plan) => applyPlan(plan, { ports, clock }),
    configure: async (options) => {
      const { results } = await pair.apply(await pair.plan(options));
      return results.map(({ action, outcome }) => {
        const why = outcome.kind === "failed" ? ` ${outcome.error.message}` : "";
        return `${action.registry} ${action.kind} ${action.name}: ${outcome.kind}${why}`;
      });
    },
    [Symbol.asyncDispose]: async () => {
      close();
      await Promise.all(fronts.map((front) => front.close()));
    },
  };
  return pair;
}
