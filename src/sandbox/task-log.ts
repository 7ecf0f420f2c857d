import type { Core } from "./core.ts";
import type { TaskRow } from "./state.ts";
import { timeText } from "./times.ts";

const FILE = "transfer.go";

/** Adds a line to the log of a task, in the shape of the job service's; it lies on the disk of the node that ran the job. */
export function logLine(core: Core, task: TaskRow, level: "INFO" | "WARNING" | "ERROR", text: string): void {
  const lines = task.logs.get(core.name) ?? [];
  lines.push(`${timeText(core.now()).slice(0, 19)}Z [${level}] [/${FILE}]: ${text}`);
  task.logs.set(core.name, lines);
}
