import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import { listed } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { storageBetween } from "../storage-between.ts";

/**
 * Nodes that show late what another one took: a storage that is copied instead of shared, or a file system that caches what is not there
 * (goharbor/harbor#22417, #15234).
 */
export const storageStale: PairFault = {
  name: "storage-stale",
  relate,
  sentence: (at, all) =>
    at.length < all.length
      ? `the storage of ${listed(at)} lags behind or is a copy: what the others take is not there at once, or what it takes stays there`
      : `the storages of ${listed(at)} lag behind each other, or are copies: what one takes is not at once at the other`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const found = storageBetween(seen, one, other);
  if (found.is === "shared") return SAME;
  if (found.is === "unknown") return unknown(found.why);
  if (found.is === "separate") return unknown("what never arrives is called storage");
  const { confidence, evidence, blames } = found;
  return { is: "apart", confidence, evidence, ...(blames === undefined ? {} : { blames }) };
}
