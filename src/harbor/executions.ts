import type { Execution, Task } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import { createOnce } from "./create-once.ts";
import { createdId } from "./created-id.ts";
import { decodeExecution, decodeTask } from "./decode-execution.ts";
import type { components } from "./generated/harbor.ts";
import { HarborError, reinterpreted } from "./harbor-error.ts";
import { allRows } from "./listing.ts";
import { PAGE_SIZE } from "./page.ts";
import type { ExecutionQuery } from "./port.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";
import { listOf, WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
type Signal = AbortSignal | undefined;
/** Enough to find one that was started a moment ago among the echoes of pushes. */
const RECENT = 50;

/** Newest first. Offsets are safe here: new ones come in front and push rows to later pages, where they are seen twice and dropped. */
export async function listExecutions(
  api: Api,
  dialect: Dialect,
  query: ExecutionQuery,
  signal: Signal,
): Promise<Execution[]> {
  const found = new Map<number, Execution>();
  const page_size = Math.min(query.limit, PAGE_SIZE);
  for (let page = 1; found.size < query.limit; page += 1) {
    const answer = await api.call("get", "/replication/executions", {
      doing: `listing the executions of replication policy ${query.policyId}`,
      query: {
        policy_id: query.policyId,
        page,
        page_size,
        ...(dialect.sortedListings ? { sort: "-id" } : {}),
      },
      signal,
    });
    const rows = listOf<Schemas["Execution"]>(answer.json(), "executions").map(decodeExecution);
    for (const row of rows) found.set(row.id, row);
    if (rows.length < page_size) break;
  }
  return [...found.values()].sort((a, b) => b.id - a.id).slice(0, query.limit);
}

export function readExecution(api: Api, id: number, signal: Signal): Promise<Execution | undefined> {
  return undefinedIfAbsent(async () => {
    const doing = `reading the execution ${id}`;
    const answer = await api.call("get", "/replication/executions/{id}", { doing, path: { id }, signal });
    return decodeExecution(new WireObject<Schemas["Execution"]>(answer.json(), "execution"));
  });
}

export function listTasks(api: Api, dialect: Dialect, executionId: number, signal: Signal): Promise<Task[]> {
  const doing = `listing the tasks of execution ${executionId}`;
  return allRows({
    of: `the tasks of execution ${executionId}`,
    // Tasks can be sorted from 2.3 on, but not asked for beyond an id: there is no `q` here.
    key: undefined,
    grows: dialect.sortedListings,
    ask: ({ page, page_size }) =>
      api.call("get", "/replication/executions/{id}/tasks", {
        doing,
        path: { id: executionId },
        query: { page, page_size, ...(dialect.sortedListings ? { sort: "id" } : {}) },
        signal,
      }),
    decode: (wire) => listOf<Schemas["ReplicationTask"]>(wire, "tasks").map(decodeTask),
    id: (task) => task.id,
  });
}

export async function readTaskLog(
  api: Api,
  executionId: number,
  taskId: number,
  signal: Signal,
): Promise<string> {
  const answer = await api.call("get", "/replication/executions/{id}/tasks/{task_id}/log", {
    doing: `reading the log of task ${taskId}`,
    path: { id: executionId, task_id: taskId },
    headers: { Accept: "text/plain, application/json" },
    signal,
  });
  return answer.text();
}

/** Starts a run. When the answer is lost, a manual execution that is newer than all before is taken for ours. */
export async function startExecution(
  api: Api,
  dialect: Dialect,
  policyId: number,
  signal: Signal,
): Promise<number> {
  const [newest] = await listExecutions(api, dialect, { policyId, limit: 1 }, signal);
  const doing = `starting the replication policy ${policyId}`;
  return await createOnce({
    send: async () => {
      try {
        return createdId(
          await api.call("post", "/replication/executions", { doing, body: { policy_id: policyId }, signal }),
        );
      } catch (error) {
        throw asPrecondition(error);
      }
    },
    find: async () => {
      const recent = await listExecutions(api, dialect, { policyId, limit: RECENT }, signal);
      return recent.find((found) => found.trigger === "manual" && found.id > (newest?.id ?? 0))?.id;
    },
  });
}

export async function stopExecution(api: Api, id: number, signal: Signal): Promise<void> {
  await api.call("put", "/replication/executions/{id}", {
    doing: `stopping the execution ${id}`,
    path: { id },
    signal,
  });
}

/** 2.1 says 400 for a disabled policy, later ones 412. */
function asPrecondition(error: unknown): unknown {
  const isDisabled =
    error instanceof HarborError &&
    [400, 412].includes(error.status ?? 0) &&
    error.reason.includes("is disabled");
  return isDisabled
    ? reinterpreted(error, "HARBOR_PRECONDITION", "enable the replication policy first")
    : error;
}
