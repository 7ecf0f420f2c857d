import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { filesUnder, ROOT } from "./source-tree.ts";

const run = promisify(execFile);

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

test("every import goes in an allowed direction, and none in a circle", async () => {
  const program = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const options = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", "--no-progress", "src"];
  const { stdout } = await run(process.execPath, [program, ...options], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((thrown: unknown) => thrown as { stdout: string });
  const { modules, summary } = JSON.parse(stdout) as Cruise;
  const seen = new Set(modules.map(({ source }) => source));
  expect(filesUnder("src").filter((path) => path.endsWith(".ts") && !seen.has(path))).toEqual([]);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
});
