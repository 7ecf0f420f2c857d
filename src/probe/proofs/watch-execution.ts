import type { Clock, Millis } from "../../clock.ts";
import type { ExecutionSeen } from "../../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../../harbor/node-port.ts";
import { isGood, jsonOf, numberFieldOf, textFieldOf, textOf } from "../answered.ts";

export const EXECUTIONS = "/api/v2.0/replication/executions";

/** An execution of ours that Harbor took on. */
export interface Started {
  readonly id: number;
  readonly startedBy: NodePort;
  /** Monotonic. */
  readonly startedAt: Millis;
}

interface Watching {
  readonly clock: Clock;
  readonly nodes: readonly NodePort[];
  /** Whether it is told as it is, finished or not. */
  readonly isLast: boolean;
}

type Result = ExecutionSeen["result"];

const RESULTS: Readonly<Record<string, Result>> = {
  Succeed: "succeeded",
  Failed: "failed",
  Stopped: "failed",
};
const LONGEST_REASON = 300;

/**
 * What became of an execution; undefined while that is open. Its task decides, for the status of the execution lags by up to 30 s
 * (goharbor/harbor src/pkg/task/dao/execution.go). A task that failed is tried again by Harbor, but how it failed is known at once.
 */
export async function lookAt(
  watching: Watching,
  started: Started,
  signal: AbortSignal,
): Promise<ExecutionSeen | undefined> {
  const { startedBy, startedAt, id } = started;
  const ask = async (path: string): Promise<unknown> =>
    jsonOf(await startedBy.ask({ method: "GET", path, as: "account" }, signal));
  const tasks = await ask(`${EXECUTIONS}/${id}/tasks?page=1&page_size=10`);
  const task: unknown = Array.isArray(tasks) ? tasks[0] : undefined;
  const row: unknown = task ?? (await ask(`${EXECUTIONS}/${id}`));
  const result = RESULTS[textFieldOf(row, "status") ?? ""];
  if (result === undefined && !watching.isLast) return undefined;
  const taskId = numberFieldOf(task, "id");
  const logs =
    taskId === undefined || result === undefined ? [] : await readLogs(watching, id, taskId, signal);
  const [only, ...others] = logs;
  const isSure = only !== undefined && others.length === 0;
  return {
    startedBy: startedBy.name,
    result: result ?? "unfinished",
    ranOn: isSure ? only.node : undefined,
    ...(isSure && taskId !== undefined ? { logPath: logPath(id, taskId) } : {}),
    hasTask: task !== undefined,
    reason: reasonOf(result, row, only?.text),
    tookMs: watching.clock.monotonic() - startedAt,
  };
}

/** A log is no JSON, and 2.9 says 422 to who wants nothing else. */
export const LOG_HEADERS = { Accept: "text/plain, application/json" };

function logPath(execution: number, task: number): string {
  return `${EXECUTIONS}/${execution}/tasks/${task}/log`;
}

interface TaskLog {
  readonly node: string;
  readonly text: string;
}

/**
 * The log of a task lies at the node that ran it: 404 on the others (seen on 2.9.0 and 2.14.4). Where all nodes keep their logs in one
 * place all have it, and nothing tells who ran it.
 */
async function readLogs(
  { nodes }: Watching,
  execution: number,
  task: number,
  signal: AbortSignal,
): Promise<TaskLog[]> {
  const path = logPath(execution, task);
  const logs: TaskLog[] = [];
  for (const node of nodes) {
    const answer: NodeAnswer = await node.ask(
      { method: "GET", path, as: "account", headers: LOG_HEADERS },
      signal,
    );
    if (isGood(answer) && answer.kind === "reply") {
      logs.push({ node: node.name, text: textOf(answer.body) });
    }
  }
  return logs;
}

function reasonOf(result: Result | undefined, row: unknown, log: string | undefined): string {
  const status = textFieldOf(row, "status_text") ?? "";
  if (result === "succeeded") return status;
  const why = (log === undefined ? undefined : errorLine(log)) ?? status;
  return why.length > LONGEST_REASON ? `${why.slice(0, LONGEST_REASON)}…` : why;
}

/** What the first error of a log says, without when and where in Harbor's source it was said. */
function errorLine(log: string): string | undefined {
  const line = log.split("\n").find((one) => /\[(ERROR|FATAL)\]/.test(one));
  return line?.replace(/^.*?\[(?:ERROR|FATAL)\]\s*(?:\[[^\]]*\]:?\s*)*/, "").trim();
}
