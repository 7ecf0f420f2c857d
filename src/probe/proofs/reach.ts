import type { Millis } from "../../clock.ts";
import type { Reach } from "../../cluster/evidence.ts";
import type { NodeAnswer, NodePort, NodeRequest } from "../../harbor/node-port.ts";
import { answered, fieldOf, isGood, jsonOf, textFieldOf } from "../answered.ts";
import type { ProbeContext, Proven } from "../context.ts";

/** Harbor answers in plain text there, and 422 to who takes nothing but JSON. */
const PING: NodeRequest = {
  method: "GET",
  path: "/api/v2.0/ping",
  as: "nobody",
  headers: { Accept: "text/plain" },
};

/** Three requests a node: whether Harbor's core is there, whether the registry behind it is, and what Harbor says of its own parts. */
export async function proveReach(
  { nodes }: Pick<ProbeContext, "nodes">,
  signal: AbortSignal,
): Promise<Proven<Reach>> {
  const rows = await Promise.all(nodes.map((node) => reachOf(node, signal)));
  return { rows, skipped: [] };
}

/** Whether anything else of a node is worth asking for. */
export function isCoreUp({ core }: Reach): boolean {
  return core.status >= 200 && core.status < 500;
}

/** Core answers 502 with nothing in it while its registry is gone; whatever else it says was said by a registry, or of an account. */
export function isRegistryUp({ registry }: Reach): boolean {
  return registry.status > 0 && registry.status < 500;
}

/** Harbor looks at its parts every 10 s and tells what it saw last (seen: up to 7.8 s late). */
const HEALTH_LAG_MS: Millis = 11_000;

/**
 * The rows with what Harbor says of its parts now, no sooner than it must have noticed what was so at `since`, by the clock that never goes
 * back.
 */
export async function readHealthAgain(
  rows: readonly Reach[],
  { nodes, clock, limits }: Pick<ProbeContext, "nodes" | "clock" | "limits">,
  since: Millis,
  signal: AbortSignal,
): Promise<Reach[]> {
  const restMs = since + (limits.healthLagMs ?? HEALTH_LAG_MS) - clock.monotonic();
  if (restMs > 0) await clock.sleep(restMs, signal);
  return await Promise.all(
    rows.map(async (row) => {
      const node = nodes.find(({ name }) => name === row.node);
      const health = node === undefined ? undefined : componentsOf(await askHealth(node, signal));
      return health === undefined ? row : { ...row, health };
    }),
  );
}

async function reachOf(node: NodePort, signal: AbortSignal): Promise<Reach> {
  const [core, registry, health] = await Promise.all([
    askTwice(node, PING, signal),
    askTwice(node, { method: "GET", path: "/v2/", as: "account" }, signal),
    askHealth(node, signal),
  ]);
  return {
    node: node.name,
    core: answered(core),
    registry: answered(registry),
    health: componentsOf(health),
  };
}

/** A connection that was kept may have been closed a moment ago, which says nothing of the node. */
async function askTwice(node: NodePort, request: NodeRequest, signal: AbortSignal): Promise<NodeAnswer> {
  const first = await node.ask(request, signal);
  return first.kind === "silence" && first.why === "reset" ? await node.ask(request, signal) : first;
}

function askHealth(node: NodePort, signal: AbortSignal): Promise<NodeAnswer> {
  return node.ask({ method: "GET", path: "/api/v2.0/health", as: "nobody" }, signal);
}

function componentsOf(answer: NodeAnswer): Record<string, string> | undefined {
  const components = fieldOf(jsonOf(answer), "components");
  if (!isGood(answer) || !Array.isArray(components)) return undefined;
  const entries = components.map((row: unknown): [string, string] => [
    textFieldOf(row, "name") ?? "",
    textFieldOf(row, "status") ?? "",
  ]);
  return Object.fromEntries(entries.filter(([name]) => name !== ""));
}
