import type { ExecutionSeen, FrontSeen } from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import { LOG_HEADERS } from "./watch-execution.ts";

/** With two nodes taken by chance, one of them is missed about once in four thousand probes. */
const TRIES_A_NODE = 6;

/**
 * Which nodes the front leads to. Nothing in the answers of sound nodes tells them apart, but for the log of a task: it lies at the node that ran
 * it, and is 404 at all others. Undefined where no such log is known.
 */
export async function proveFrontReach(
  front: NodePort,
  nodes: readonly string[],
  executions: readonly ExecutionSeen[],
  signal: AbortSignal,
): Promise<Pick<FrontSeen, "reached" | "tries">> {
  const logs = new Map(
    executions.flatMap(({ ranOn, logPath }) =>
      ranOn === undefined || logPath === undefined ? [] : [[ranOn, logPath] as const],
    ),
  );
  if (logs.size === 0) return { reached: undefined };
  const reached = new Set<string>();
  const most = TRIES_A_NODE * nodes.length;
  let tries = 0;
  while (tries < most && reached.size < nodes.length) {
    for (const [node, path] of logs) {
      tries += 1;
      const status = await statusOf(front, path, signal);
      if (status === 200) reached.add(node);
      // Where there are but two, who has not the log is the other one.
      if (status === 404 && nodes.length === 2) nodes.forEach((one) => one !== node && reached.add(one));
    }
  }
  return { reached: nodes.filter((node) => reached.has(node)), tries };
}

async function statusOf(front: NodePort, path: string, signal: AbortSignal): Promise<number> {
  const answer = await front.ask({ method: "GET", path, as: "account", headers: LOG_HEADERS }, signal);
  return answer.kind === "reply" ? answer.status : 0;
}
