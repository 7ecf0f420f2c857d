import { createLog, type Log } from "../../src/log.ts";

/** A log whose lines are kept, parsed. */
export function collectingLog(): { readonly log: Log; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = createLog("debug", {
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { log, lines };
}
