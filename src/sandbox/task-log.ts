import type { Core } from "./core.ts";
import type { TaskRow } from "./state.ts";
import { timeText } from "./times.ts";

const FILE = "transfer.go";

/** Adds a line to the log of a task, in the shape of the job service's. */
export function logLine(core: Core, task: TaskRow, level: "INFO" | "WARNING" | "ERROR", text: string): void {
  task.log.push(`${timeText(core.now()).slice(0, 19)}Z [${level}] [/${FILE}]: ${text}`);
}
