import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesUnder, ROOT } from "./source-tree.ts";

const LISTENED = ["SIGINT", "SIGTERM", "exit", "uncaughtException", "unhandledRejection"] as const;

/** What a module might start when it is loaded, and would then start in every program that loads it. */
function inUse(): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    // An Immediate ends by itself, and may be of whatever else runs in this process.
    if (/Timeout|TCP|UDP|Server|FSReq|ChildProcess|Worker/.test(kind)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  for (const event of LISTENED) kinds[event] = process.listenerCount(event);
  return kinds;
}

test("loading a file starts nothing: no timer, no connection, no listener", async () => {
  const files = filesUnder("src").filter((path) => path.endsWith(".ts") && path !== "src/main.ts");
  const environment = JSON.stringify(process.env);
  const loud: string[] = [];
  for (const path of files) {
    const before = inUse();
    await import(pathToFileURL(join(ROOT, path)).href);
    for (const [kind, count] of Object.entries(inUse())) {
      if (count > (before[kind] ?? 0)) loud.push(`${path}: ${kind}`);
    }
  }
  expect(files.length).toBeGreaterThan(150);
  expect(loud).toEqual([]);
  expect(JSON.stringify(process.env)).toBe(environment);
});
