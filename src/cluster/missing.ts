import type { Seen } from "./decision.ts";
import type { Proof } from "./evidence.ts";
import { unique } from "./in-words.ts";

const IN_SMALL_FORM: ReadonlySet<Proof> = new Set(["reach", "identity", "token", "content", "upload"]);

/** Why nothing was seen of a proof at these nodes, as far as the probe said so. */
export function whyMissing({ evidence }: Seen, proof: Proof, nodes: readonly string[]): string {
  const reasons = evidence.skipped
    .filter((skipped) => skipped.proof === proof)
    .filter((skipped) => skipped.nodes.length === 0 || nodes.some((node) => skipped.nodes.includes(node)))
    .map(({ reason }) => reason);
  if (reasons.length > 0) return unique(reasons).join("; ");
  return evidence.form === "small" && !IN_SMALL_FORM.has(proof)
    ? "not part of the small form"
    : `too little was seen of it (${proof})`;
}
