import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import { notShared } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";
import { uploadsBetween, whyNoUpload } from "../uploads-between.ts";

/** Registries that sign the state of uploads with different secrets, so that an upload fails when the balancer changes the node within it. */
export const uploadSecret: PairFault = {
  name: "upload-secret",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "registry secret")}: an upload begun on one is refused by the other`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const uploads = uploadsBetween(seen, one, other);
  if (uploads.recognised) return SAME;
  if (uploads.badlySigned.length > 0) {
    const bothWays = [one, other].every((node) => uploads.badlySigned.some(({ from }) => from === node));
    return {
      is: "apart",
      confidence: bothWays ? "certain" : "likely",
      evidence: uploads.badlySigned.map(({ text }) => text),
    };
  }
  const [lost] = uploads.notStored;
  if (lost !== undefined) return unknown(lost.text);
  return unknown(whyNoUpload(uploads) ?? whyMissing(seen, "upload", [one, other]));
}
