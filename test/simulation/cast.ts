import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { HealSettings, ReplicatedTopology } from "../../src/topology/model.ts";
import { Chance } from "./chance.ts";

const PROFILES = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"] as const;
const NAMES = ["a", "b", "c", "d"] as const;

/** Who takes part in one simulation, and what is declared of them. */
export interface Cast {
  readonly seed: number;
  readonly kind: ReplicatedTopology["kind"];
  /** Name → version; two to four. The first is the master where there is one. */
  readonly registries: Readonly<Record<string, ProfileName>>;
  readonly heal: HealSettings;
  readonly trigger: ReplicatedTopology["trigger"];
  /** How often, out of one, a person acts right before a request of ours. */
  readonly meddling: number;
  /** Tags that both sides have from the beginning and nobody touches. Only where there are many does healing begin before everything is listed. */
  readonly bulk: number;
}

/** In one life of so many. */
const BULKY = 16;
const BULK = 700;

export function castOf(seed: number): Cast {
  const chance = new Chance(seed * 7919 + 13);
  const kind = chance.happens(0.65) ? "dual-master" : "master-slave";
  const count = chance.weighed({ "2": 6, "3": 3, "4": 1 });
  const names = NAMES.slice(0, Number(count));
  return {
    seed,
    kind,
    registries: Object.fromEntries(names.map((name) => [name, chance.of<ProfileName>(...PROFILES)])),
    trigger: { kind: chance.happens(0.85) ? "event" : "manual" },
    meddling: chance.of(0, 0.005, 0.02),
    bulk: seed % BULKY === 0 ? BULK : 0,
    heal: {
      remedy: chance.of("auto", "auto", "scoped", "touch"),
      conflicts: chance.of<HealSettings["conflicts"]>("report", "newest", { prefer: "a" }, { prefer: "b" }),
      deletions: chance.of("report", "replay"),
      regressions: chance.of("report", "repair"),
      slaveDeletions: chance.of("restore", "respect"),
      firstContact: chance.of("copy", "report"),
      settleMs: 240_000,
      remediesPerHour: 10_000,
    },
  };
}
