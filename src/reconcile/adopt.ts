import { adoptObject } from "../apply/adopt-object.ts";
import { desiredState } from "../desired/desired-state.ts";
import { toAppError, type AppError } from "../errors.ts";
import { planAdoption, type Adoption, type AdoptionPlan, type Taken } from "../import/adoption.ts";
import { observe } from "../observed/observe.ts";
import type { ObservedState } from "../observed/state.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { PassDeps } from "./pass-deps.ts";

type Deps = Pick<PassDeps, "declared" | "installation" | "portOf" | "clock">;

/** Endpoints and replication policies of all declared registries; one that can't be read is unread. */
export function observeDeclared(deps: Deps, signal: AbortSignal): Promise<ObservedState> {
  const { declared, portOf, clock, installation } = deps;
  return observe([...declared.registries.keys()].map(portOf), {
    clock,
    installation,
    pinged: new Set(),
    signal,
  });
}

/** What adopting would do for one topology. */
export function adoptionOf(
  { declared, installation }: Deps,
  topology: ReplicatedTopology,
  observed: ObservedState,
  taken: Taken,
): AdoptionPlan {
  const capabilities = new Map(
    [...observed].flatMap(([name, found]) =>
      found.kind === "read" ? [[name, found.capabilities] as const] : [],
    ),
  );
  return planAdoption(desiredState(declared, topology, installation, capabilities), observed, taken);
}

export interface AdoptionResult {
  readonly adoption: Adoption;
  /** Undefined when it is ours now. */
  readonly failure: AppError | undefined;
}

/** Adopts one object after the other; one that fails stops none. */
export async function adoptAll(
  { portOf, beforeWrite }: Pick<PassDeps, "portOf" | "beforeWrite">,
  adoptions: readonly Adoption[],
  signal: AbortSignal,
): Promise<AdoptionResult[]> {
  const results: AdoptionResult[] = [];
  for (const adoption of adoptions) {
    try {
      await beforeWrite();
      await adoptObject(portOf(adoption.registry), adoption, signal);
      results.push({ adoption, failure: undefined });
    } catch (thrown) {
      signal.throwIfAborted();
      results.push({ adoption, failure: toAppError(thrown) });
    }
  }
  return results;
}

/** Registries of a topology that could not be read. */
export function unreadIn(
  { registries }: ReplicatedTopology,
  observed: ObservedState,
): { readonly registry: RegistryName; readonly error: AppError }[] {
  return registries.flatMap((registry) => {
    const found = observed.get(registry);
    return found?.kind === "unread" ? [{ registry, error: found.error }] : [];
  });
}
