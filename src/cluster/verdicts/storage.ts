import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import { notShared } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { storageBetween } from "../storage-between.ts";

/**
 * Nodes whose registries store into different places. Listings, HEAD of a blob, even status and length of a GET are right there all the same, out
 * of the database and Redis; only bytes tell.
 */
export const storage: PairFault = {
  name: "storage",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "storage")}: what is pushed to one can't be pulled from the other`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const found = storageBetween(seen, one, other);
  if (found.is === "shared") return SAME;
  if (found.is === "unknown") return unknown(found.why);
  if (found.is === "behind") return unknown("what arrives late, or one way only, is called storage-stale");
  return { is: "apart", confidence: found.confidence, evidence: found.evidence };
}
