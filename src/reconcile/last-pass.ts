import type { Instant } from "../clock.ts";
import type { PassStore } from "../store/store.ts";
import type { TopologyName } from "../topology/model.ts";

/**
 * When the last pass over a topology began, by our clock: what happened while it was at work it need not have seen. Undefined where none is kept.
 */
export async function lastPassBegan(passes: PassStore, topology: TopologyName): Promise<Instant | undefined> {
  const last = await passes.latest(topology);
  if (last === undefined) return undefined;
  const { report } = last;
  const began: unknown =
    typeof report === "object" && report !== null ? Reflect.get(report, "startedAt") : undefined;
  const at = typeof began === "string" ? Date.parse(began) : Number.NaN;
  return Number.isNaN(at) ? last.at : at;
}
