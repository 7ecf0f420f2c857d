import type { Decision } from "../../failback/decision.ts";
import { shortDigest } from "./finding-line.ts";

/** `keep-left library/app:1.0 of a | b (3f… | 9c…)`. */
export function decisionLine({
  choice,
  repository,
  tag,
  left,
  right,
  leftDigest,
  rightDigest,
}: Decision): string {
  const digests = `${shortDigest(leftDigest)} | ${shortDigest(rightDigest)}`;
  return `${choice} ${repository}:${tag} of ${left} | ${right} (${digests})`;
}

/** The stable form for scripts. */
export function decisionJson(decision: Decision): Record<string, unknown> {
  const { topology, left, right, repository, tag, choice, at, leftDigest, rightDigest } = decision;
  return {
    topology,
    pair: [left, right],
    repository,
    tag,
    choice,
    at: new Date(at).toISOString(),
    left: leftDigest ?? null,
    right: rightDigest ?? null,
  };
}
