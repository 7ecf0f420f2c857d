import type { HarborPort } from "../harbor/port.ts";
import type { Action } from "../plan/model.ts";
import { ownedBy } from "../topology/mark.ts";
import type { ActionOutcome } from "./result.ts";

type PolicyWrite = Extract<Action, { kind: "create-policy" | "update-policy" }>;

/** Which endpoints one run made, and which it could not write, for the policies that need them. */
export class EndpointsMade {
  readonly #ids = new Map<string, number>();
  readonly #unwritten = new Set<string>();

  add({ registry, name }: Action, id: number): void {
    this.#ids.set(keyOf(registry, name), id);
  }

  /** Notes the endpoints that are not as declared after their turn. */
  remember(action: Action, outcome: ActionOutcome): void {
    const write = action.kind === "create-endpoint" || action.kind === "update-endpoint";
    if (write && outcome.kind !== "done") this.#unwritten.add(keyOf(action.registry, action.name));
  }

  /**
   * Why a policy can't be written before its endpoint is; undefined if it can. A policy that pushes there already is not
   * held back: what else changes of it may be urgent while the peer is down.
   */
  obstacleTo(action: PolicyWrite): string | undefined {
    const { registry, desired, kind, differences } = action;
    if (!this.#unwritten.has(keyOf(registry, desired.endpoint))) return undefined;
    const turnsThere = kind === "create-policy" || differences.some(({ field }) => field === "endpoint");
    return turnsThere ? `its endpoint ${desired.endpoint} could not be written` : undefined;
  }

  /** As planned, or made by this run, or found by name if it carries our mark. */
  async idFor(action: PolicyWrite, port: HarborPort, installation: string): Promise<number | undefined> {
    const known = action.endpointId ?? this.#ids.get(keyOf(action.registry, action.desired.endpoint));
    if (known !== undefined) return known;
    const found = (await port.endpoints()).find(({ name }) => name === action.desired.endpoint);
    return found !== undefined && ownedBy(found.description) === installation ? found.id : undefined;
  }
}

function keyOf(registry: string, name: string): string {
  return `${registry} ${name}`;
}
