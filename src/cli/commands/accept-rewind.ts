import type { App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { RegistryName, ReplicatedTopology, TopologyName } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { kept } from "./kept.ts";
import { withLease } from "./with-lease.ts";

/**
 * Takes a registry that came back from a backup for what it is now: what was remembered of it is forgotten, and what it lacks is copied to it again as at
 * the first contact. No pass may run meanwhile, as it would remember what was read before.
 */
export async function acceptRewind(
  app: App,
  topology: ReplicatedTopology,
  registry: string,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  if (!topology.registries.includes(registry)) {
    throw new AppError("USAGE", `${topology.name} has no registry ${registry}`, {
      hint: `its registries are: ${topology.registries.join(", ")}`,
    });
  }
  const rewinds = await app.store.memory.rewinds(registry);
  if (rewinds.length === 0 && !(await wasFoundRewound(app, registry))) {
    throw new AppError("UNDECIDABLE", `accepting ${registry} as it is failed: nothing of it is rewound`, {
      hint: "reconcile or diff say so when a registry came back older than it was seen",
    });
  }
  const topologies = topologiesOf(app, registry);
  const accept = (): Promise<void> =>
    kept(app.store, `accepting ${registry} as it is`, () => app.store.memory.accept(registry));
  await asTheOnlyOne(app, topologies, accept);
  if (output === "json") io.out(JSON.stringify({ accepted: registry, rewinds, topologies }));
  else {
    io.out(
      `${registry}: accepted as it is; what was remembered of it in ${topologies.join(", ")} is forgotten`,
    );
    io.out(
      `  then: the next pass, or tidelock heal --only ${topology.name}, copies what it lacks as at first contact`,
    );
  }
  return EXIT.ok;
}

function topologiesOf({ declared }: App, registry: RegistryName): TopologyName[] {
  return declared.topologies
    .filter(isReplicated)
    .filter(({ registries }) => registries.includes(registry))
    .map(({ name }) => name);
}

function asTheOnlyOne(
  app: App,
  topologies: readonly TopologyName[],
  work: () => Promise<void>,
): Promise<void> {
  const [first, ...rest] = topologies;
  return first === undefined ? work() : withLease(app, first, () => asTheOnlyOne(app, rest, work));
}

/** One tag can be found rewound though its registry as a whole is not known to be. */
async function wasFoundRewound(app: App, registry: RegistryName): Promise<boolean> {
  for (const name of topologiesOf(app, registry)) {
    const findings = await lastFindings(app, name);
    if (findings.some(({ kind, pair }) => kind === "rewound" && pair.includes(registry))) return true;
  }
  return false;
}

/** A finding of the last pass as the store keeps it. */
export interface KeptFinding {
  readonly kind: string;
  /** `project/repository:tag` */
  readonly subject: string;
  readonly pair: readonly string[];
}

/** What the last pass over a topology found, as far as the store keeps it. */
export async function lastFindings({ store }: App, topology: TopologyName): Promise<KeptFinding[]> {
  const report = (await store.passes.latest(topology))?.report;
  const findings = field(field(report, "content"), "findings");
  if (!Array.isArray(findings)) return [];
  return findings.map((one: unknown) => {
    const pair = field(one, "pair");
    return {
      kind: String(field(one, "kind")),
      subject: `${String(field(one, "repository"))}:${String(field(one, "tag"))}`,
      pair: Array.isArray(pair) ? pair.map(String) : [],
    };
  });
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
