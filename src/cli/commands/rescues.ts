import type { App } from "../../compose.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Rescue } from "../../store/store.ts";
import type { RegistryName, ReplicatedTopology } from "../../topology/model.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { rescueJson, rescueLines } from "../render/rescue.ts";
import { chosenTopologies } from "./passes.ts";
import { withLease } from "./with-lease.ts";

export interface RescuesFlags {
  /** The digest of an image whose rescue tags are to go. */
  readonly remove?: string;
}

/** Images that were kept under a rescue tag before something was put over them; with `remove`, those of one digest lose that tag again. */
export async function rescues(
  app: App,
  name: string | undefined,
  flags: RescuesFlags,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const topologies = chosenTopologies(app, name === undefined ? undefined : [name]);
  if (flags.remove !== undefined) return removeAll(app, topologies, flags.remove, io, { output });
  const found = (await Promise.all(topologies.map((one) => app.store.rescues.of(one.name)))).flat();
  if (output === "json") io.out(JSON.stringify({ rescues: found.map(rescueJson) }));
  else if (found.length === 0) io.out("no image is kept under a rescue tag");
  else found.flatMap((rescue) => rescueLines(rescue, app.clock.now())).forEach((line) => io.out(line));
  return EXIT.ok;
}

/** One rescue tag in one registry, and what became of it. */
interface Removal {
  readonly registry: RegistryName;
  readonly repository: string;
  readonly rescueTag: string;
  readonly outcome: "removed" | "was not there" | "failed";
  readonly reason?: string;
}

async function removeAll(
  app: App,
  topologies: readonly ReplicatedTopology[],
  digest: string,
  io: CliIo,
  { output }: Pick<GlobalFlags, "output">,
): Promise<number> {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new AppError("USAGE", `"${digest}" is no digest`, {
      hint: "tidelock rescues lists them; write it whole, as sha256:…",
    });
  }
  const removals: Removal[] = [];
  for (const topology of topologies) {
    const found = (await app.store.rescues.of(topology.name)).filter((one) => one.digest === digest);
    if (found.length > 0) removals.push(...(await removeFrom(app, topology, found, io)));
  }
  if (removals.length === 0) {
    throw new AppError("USAGE", `no image ${digest} is kept under a rescue tag`, {
      hint: "tidelock rescues lists them",
    });
  }
  if (output === "json") io.out(JSON.stringify({ removals }));
  else removals.map(removalLine).forEach((line) => io.out(line));
  return removals.some(({ outcome }) => outcome === "failed") ? EXIT.error : EXIT.ok;
}

async function removeFrom(
  app: App,
  topology: ReplicatedTopology,
  found: readonly Rescue[],
  io: CliIo,
): Promise<Removal[]> {
  if (app.readOnly || topology.mode === "observe") {
    const why = app.readOnly ? "TIDELOCK_READ_ONLY is set" : `${topology.name} only observes`;
    throw new AppError("READ_ONLY", `removing rescue tags of ${topology.name} was refused: ${why}`, {
      hint: `${found.length === 1 ? "one image keeps" : `${found.length} images keep`} its tag until something may be written`,
    });
  }
  return withLease(app, topology.name, async (beforeWrite) => {
    const removals: Removal[] = [];
    for (const rescue of found) {
      const ofOne: Removal[] = [];
      for (const registry of topology.registries) {
        await beforeWrite();
        ofOne.push(await removeOne(app, registry, rescue, io.signal));
      }
      // What could not be removed is listed on, so that it can be tried again.
      if (ofOne.every(({ outcome }) => outcome !== "failed")) await app.store.rescues.remove(rescue);
      removals.push(...ofOne);
    }
    return removals;
  });
}

async function removeOne(
  app: App,
  registry: RegistryName,
  { repository, digest, rescueTag }: Rescue,
  signal: AbortSignal,
): Promise<Removal> {
  const about = { registry, repository, rescueTag };
  try {
    const removed = await app.portOf(registry).deleteTag(repository, digest, rescueTag, signal);
    return { ...about, outcome: removed ? "removed" : "was not there" };
  } catch (thrown) {
    signal.throwIfAborted();
    return { ...about, outcome: "failed", reason: toAppError(thrown).message };
  }
}

function removalLine({ registry, repository, rescueTag, outcome, reason }: Removal): string {
  return `${outcome}: ${registry} ${repository}:${rescueTag}${reason === undefined ? "" : `: ${reason}`}`;
}
