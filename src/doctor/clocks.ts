import type { Millis } from "../clock.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { pairsOf } from "../topology/flows.ts";
import type { Check } from "./model.ts";

/** Beyond this, which of two writes came later can't be told from two clocks. */
const MOST_MS: Millis = 2_000;

/** Each registry's clock against ours. `offsets` are theirs minus ours, in milliseconds; undefined where it was not said. */
export function checkClock(registry: RegistryName, offsetMs: number | undefined): Check {
  const check = { registry, subject: "clock" };
  if (offsetMs === undefined) {
    return { ...check, state: "not-tried", text: "not tried: this Harbor does not say what time it has" };
  }
  const text = offsetText(offsetMs);
  if (Math.abs(offsetMs) <= MOST_MS) return { ...check, state: "ok", text };
  return { ...check, state: "warning", text, hint: "let a time service keep the clocks of both machines" };
}

/** Clocks of registries that are compared with each other; only what is too far apart. */
export function checkClocksOf(
  topology: ReplicatedTopology,
  offsets: ReadonlyMap<RegistryName, number>,
): Check[] {
  const decides = topology.heal.conflicts === "newest";
  return pairsOf(topology).flatMap(({ left, right }): Check[] => {
    const apart = (offsets.get(left) ?? NaN) - (offsets.get(right) ?? NaN);
    if (Number.isNaN(apart) || Math.abs(apart) <= MOST_MS) return [];
    const consequence = decides
      ? `, so that conflicts: newest decides nothing in ${topology.name}`
      : `, so that times of pushes can't be compared well in ${topology.name}`;
    return [
      {
        subject: "clocks",
        state: decides ? "fault" : "warning",
        text: `${left} and ${right} are ${seconds(apart)} apart${consequence}`,
        hint: "let a time service keep the clocks of both machines",
      },
    ];
  });
}

function offsetText(offsetMs: number): string {
  if (Math.abs(offsetMs) < 100) return "as ours";
  return `${seconds(offsetMs)} ${offsetMs > 0 ? "ahead of" : "behind"} ours`;
}

function seconds(ms: number): string {
  return `${(Math.abs(ms) / 1000).toFixed(1)} s`;
}
