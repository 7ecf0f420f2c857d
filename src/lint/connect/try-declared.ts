import { declaredDatabases } from "../declared-databases.ts";
import { hasExternalRedis } from "../declared-redis.ts";
import type { HarborFile } from "../harbor-file.ts";
import { groupBy } from "../../group-by.ts";
import { together, type Tried } from "./outcome.ts";
import type { DatabaseToTry } from "./database-to-try.ts";
import { tryDatabase } from "./try-database.ts";
import { tryVolume } from "./try-volume.ts";
import { tryRedis } from "./try-redis.ts";

/**
 * Connects to what the nodes declare, from this machine. What several nodes declare alike is tried once and told at the
 * first of them. Nothing is left behind; what fails is a finding or untested, and nothing is thrown.
 * @param token unique to this run: names the keys that are written to Redis
 */
export async function tryDeclared(files: readonly HarborFile[], token: string): Promise<Tried> {
  const redis = alike(
    files.filter(({ values }) => hasExternalRedis(values)),
    "external_redis",
  );
  const volumes = alike(files, "data_volume");
  const tried = await Promise.all([
    ...databases(files).map(tryDatabase),
    ...redis.map((file) => tryRedis(file, token)),
    ...volumes.map(tryVolume),
  ]);
  return together(tried);
}

/** Each declared database once, with the number of nodes that would open connections to it. */
function databases(files: readonly HarborFile[]): DatabaseToTry[] {
  const all = files.flatMap((file) => declaredDatabases(file.values).map((declared) => ({ file, declared })));
  const groups = groupBy(all, ({ declared }) => JSON.stringify([declared.name, declared.values]));
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((one) => ({ ...one, nodes: group.length })),
  );
}

/** The first of each group of files that say the same below a key. */
function alike(files: readonly HarborFile[], key: string): HarborFile[] {
  const groups = groupBy(files, ({ values }) => JSON.stringify(values[key]));
  return [...groups.values()].flatMap((group) => group.slice(0, 1));
}
