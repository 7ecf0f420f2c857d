/**
 * Speed and memory as ratios of things measured in the same run, so that a slow or busy machine changes little. Never a test:
 * a number that decides whether a build is good would have to allow for the worst machine. Method: docs/benchmarks.md.
 */
import { parseArgs } from "node:util";
import { measureComparing } from "./compare.ts";
import { Figures } from "./figures.ts";
import { measureLive } from "./live.ts";
import { measureMemory } from "./memory.ts";
import { measureOutage } from "./outage.ts";
import { measureRemedies } from "./remedies.ts";
import { measureStarts } from "./starts.ts";

const PARTS: Readonly<Record<string, (figures: Figures, quick: boolean) => Promise<void>>> = {
  starts: measureStarts,
  compare: measureComparing,
  memory: measureMemory,
  outage: measureOutage,
  remedies: measureRemedies,
  live: measureLive,
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    output: { type: "string", default: "table" },
    only: { type: "string", multiple: true, default: Object.keys(PARTS) },
  },
});
const figures = new Figures();
for (const name of values.only) {
  const measure = PARTS[name];
  if (measure === undefined) throw new Error(`--only takes ${Object.keys(PARTS).join(", ")}`);
  await measure(figures, values.quick);
}
if (values.output === "json") process.stdout.write(`${JSON.stringify(figures.json)}\n`);
else process.stdout.write(`\n${figures.table()}\n`);
