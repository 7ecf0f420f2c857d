import type { Clock } from "../clock.ts";
import { AppError, toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Action, Plan } from "../plan/model.ts";
import type { RegistryName } from "../topology/model.ts";
import { deletePolicy } from "./delete-policy.ts";
import { EndpointsMade } from "./endpoints-made.ts";
import type { ActionOutcome, ActionResult, ApplyReport } from "./result.ts";
import { whyWaiting } from "./waiting.ts";
import { createEndpoint, deleteEndpoint, updateEndpoint } from "./write-endpoint.ts";
import { createPolicy, updatePolicy } from "./write-policy.ts";

export interface ApplyDeps {
  readonly ports: ReadonlyMap<RegistryName, HarborPort>;
  readonly clock: Clock;
  /** Ends the work between two actions; the one that was begun is finished. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: ActionResult) => void;
}

/**
 * Performs a plan, one action at a time and in its order. One that fails or must wait stops none but those that need it.
 * Cut short anywhere, the next plan contains what was not done.
 */
export async function applyPlan(plan: Plan, deps: ApplyDeps): Promise<ApplyReport> {
  const results: ActionResult[] = [];
  const made = new EndpointsMade();
  const unreachable = new Set<RegistryName>();
  for (const action of plan.actions) {
    if (deps.signal?.aborted === true) return { results, stopped: true };
    const outcome = unreachable.has(action.registry)
      ? waiting(`${action.registry} can't be reached`)
      : await attempt(action, plan.installation, deps, made, unreachable);
    made.remember(action, outcome);
    const result = { action, outcome };
    results.push(result);
    deps.onResult?.(result);
  }
  return { results, stopped: false };
}

async function attempt(
  action: Action,
  installation: string,
  deps: ApplyDeps,
  made: EndpointsMade,
  unreachable: Set<RegistryName>,
): Promise<ActionOutcome> {
  try {
    const port = deps.ports.get(action.registry);
    if (port === undefined)
      throw new AppError("BUG", `there is no connection to the registry ${action.registry}`);
    const { clock, signal = NEVER } = deps;
    return await perform(action, port, installation, made, { clock, signal });
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === "HARBOR_UNREACHABLE") unreachable.add(action.registry);
    const reason = whyWaiting(action, error);
    return reason === undefined ? { kind: "failed", error } : waiting(reason);
  }
}

async function perform(
  action: Action,
  port: HarborPort,
  installation: string,
  made: EndpointsMade,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ActionOutcome> {
  switch (action.kind) {
    case "create-endpoint":
      made.add(action, await createEndpoint(port, action.desired, installation));
      return DONE;
    case "update-endpoint":
    case "rotate-credentials":
      await updateEndpoint(port, action.id, action.desired, installation);
      return DONE;
    case "create-policy":
    case "update-policy": {
      const obstacle = made.obstacleTo(action);
      if (obstacle !== undefined) return waiting(obstacle);
      const endpointId = await made.idFor(action, port, installation);
      if (endpointId === undefined) return waiting(`there is no endpoint ${action.desired.endpoint} yet`);
      const { desired } = action;
      if (action.kind === "create-policy") await createPolicy(port, desired, endpointId, installation);
      else
        await updatePolicy(port, { id: action.id, desired, endpointId, enable: action.enable }, installation);
      return DONE;
    }
    case "delete-policy":
      return await deletePolicy(port, { id: action.id, name: action.name, installation }, clock, signal);
    case "delete-endpoint":
      await deleteEndpoint(port, action.id, action.name, installation);
      return DONE;
  }
}

const NEVER = new AbortController().signal;

const DONE: ActionOutcome = { kind: "done" };

function waiting(reason: string): ActionOutcome {
  return { kind: "waiting", reason };
}
