import type { Millis } from "../clock.ts";
import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { fieldOf, isGood, jsonOf, numberFieldOf, textFieldOf } from "./answered.ts";
import type { RemovalTime } from "./cleanup.ts";
import type { ProbeContext } from "./context.ts";
import { findObjects, PATHS, refusalText, type ObjectKind, type OwnObject } from "./own-objects.ts";

/** A status lags by up to 30 s (goharbor/harbor src/pkg/task/dao/execution.go), and until it is final a policy stays. */
const STATUS_LAG_MS = 45_000;
const AGAIN_AFTER_MS = 2_000;
/** What logs in somewhere, or copies, goes before what is of no use without it; the password in an endpoint is mostly such a robot's. */
const RANKS: Readonly<Record<ObjectKind, readonly ["first"] | readonly []>> = {
  robot: ["first"],
  policy: ["first"],
  endpoint: [],
};
const EXECUTIONS = "/api/v2.0/replication/executions";

type Removing = Pick<ProbeContext, "installation" | "project" | "clock">;

const WORDS: Readonly<Record<ObjectKind, string>> = {
  endpoint: "endpoint",
  policy: "replication policy",
  robot: "robot",
};

/**
 * Has an object removed when the probe is over, through the node that is to make it or, should that be silent then, another. `cancel` is for
 * one that was plainly refused: who may make none may often not even list them.
 */
export function removeAtEnd(
  context: ProbeContext,
  maker: NodePort,
  kind: ObjectKind,
  name: string,
): { cancel(): void } {
  const nodes = [maker, ...context.nodes.filter((one) => one !== maker)];
  let isRefused = false;
  const remove = async (time: RemovalTime): Promise<void> => {
    if (!isRefused) await removeObject(context, nodes, kind, name, time);
  };
  context.cleanup.add(`${WORDS[kind]} ${name}`, remove, ...RANKS[kind]);
  return { cancel: () => (isRefused = true) };
}

/**
 * Removes what bears our mark and this very name, looked up on the first of these nodes that answers and deleted through the same. Nothing
 * of that name is as good as removed. Rejects when it stays, saying why.
 */
async function removeObject(
  removing: Removing,
  nodes: readonly NodePort[],
  kind: ObjectKind,
  name: string,
  time: RemovalTime,
): Promise<void> {
  // what can't be deleted in half of the time is not waited for any longer: the rest has to go, too
  const patienceMs = time.mayWait ? Math.min(STATUS_LAG_MS, time.leftMs / 2) : 0;
  let refused: NodeAnswer | undefined;
  for (const node of nodes.map((one) => time.within(one))) {
    const found = await findObjects(removing, node, kind, name);
    if (Array.isArray(found)) {
      const wanted = found.find((one) => isNamed(one, name));
      if (wanted !== undefined) await removeFound(removing, node, wanted, patienceMs, time.signal);
      return;
    }
    refused ??= found.refused;
    if (found.refused.kind === "reply") break;
  }
  const why = refused === undefined ? "no node is left to ask" : refusalText(refused);
  throw new Error(`could not be looked up: ${why}`);
}

/**
 * Deletes an object that was just looked up on this very node. Rejects when it stays; a replication policy that does is disabled, unless the signal was
 * aborted.
 */
export async function removeFound(
  { clock }: Pick<Removing, "clock">,
  node: NodePort,
  object: OwnObject,
  patienceMs: Millis,
  signal?: AbortSignal,
): Promise<void> {
  const until = clock.monotonic() + patienceMs;
  for (;;) {
    if (object.kind === "policy") await stopExecutions(node, object.id);
    const path = `${PATHS[object.kind]}/${object.id}`;
    const answer = await node.ask({ method: "DELETE", path, as: "account" });
    if (isGood(answer) || (answer.kind === "reply" && answer.status === 404)) return;
    const isWaiting = answer.kind === "reply" && answer.status === 412 && object.kind === "policy";
    if (isWaiting && clock.monotonic() + AGAIN_AFTER_MS <= until) {
      await clock.sleep(AGAIN_AFTER_MS, signal);
      continue;
    }
    const disarmed = object.kind === "policy" && (await disarm(node, object));
    throw new Error(
      `${node.name} refused to delete it: ${refusalText(answer)}${disarmed ? "; it is disabled until then" : ""}`,
    );
  }
}

/** A robot of a project is called by more than what it was made with. */
function isNamed({ kind, name }: OwnObject, wanted: string): boolean {
  return kind === "robot" ? name.endsWith(`+${wanted}`) : name === wanted;
}

/** A task that failed is tried again for minutes, and would keep its execution from ever being final. */
async function stopExecutions(node: NodePort, policyId: number): Promise<void> {
  const path = `${EXECUTIONS}?policy_id=${policyId}&page=1&page_size=100`;
  const listed = jsonOf(await node.ask({ method: "GET", path, as: "account" }));
  if (!Array.isArray(listed)) return;
  for (const row of listed as unknown[]) {
    const id = numberFieldOf(row, "id");
    if (id === undefined || textFieldOf(row, "status") !== "InProgress") continue;
    if (isOver(row)) continue;
    await node.ask({ method: "PUT", path: `${EXECUTIONS}/${id}`, as: "account" });
  }
}

/** By its counters, since the status lags. */
function isOver(execution: unknown): boolean {
  const count = (name: string): number => numberFieldOf(execution, name) ?? 0;
  return count("total") > 0 && count("succeed") + count("stopped") === count("total");
}

/** A PUT replaces all of a policy, so what was read goes back but for what is to change. */
async function disarm(node: NodePort, { id }: OwnObject): Promise<boolean> {
  const path = `${PATHS.policy}/${id}`;
  const read: unknown = jsonOf(await node.ask({ method: "GET", path, as: "account" }));
  if (fieldOf(read, "name") === undefined || typeof read !== "object") return false;
  const body = Buffer.from(JSON.stringify({ ...read, enabled: false }));
  const headers = { "Content-Type": "application/json" };
  return isGood(await node.ask({ method: "PUT", path, as: "account", headers, body }));
}
