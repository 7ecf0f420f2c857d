import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import { listed } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/** Nodes of one database must be one version: each start of a newer one changes the tables under the older one. */
export const version: PairFault = {
  name: "version",
  relate,
  sentence: (at, all) =>
    at.length < all.length
      ? `${listed(at)} ${at.length === 1 ? "runs" : "run"} another version of Harbor than the rest`
      : `${listed(at)} run different versions of Harbor`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const [left, right] = [versionOf(seen, one), versionOf(seen, other)];
  if (left === undefined || right === undefined) {
    return unknown(whyMissing(seen, "identity", [one, other]));
  }
  if (left === right) return SAME;
  return { is: "apart", confidence: "certain", evidence: [`${one} is ${left}`, `${other} is ${right}`] };
}

function versionOf({ evidence }: Seen, node: string): string | undefined {
  return evidence.identities.find((identity) => identity.node === node)?.version;
}
