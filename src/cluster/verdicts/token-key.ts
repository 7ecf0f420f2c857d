import { isRefusal, isSuccess, said } from "../answers.ts";
import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { TokenUse } from "../evidence.ts";
import { notShared } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/**
 * Nodes that sign bearer tokens with different keys. The key's id is its fingerprint and stands in each token, so it tells even where clocks
 * differ and tokens are refused for that.
 */
export const tokenKey: PairFault = {
  name: "token-key",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "key for bearer tokens")}: each refuses what the other has signed`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const { tokens } = seen.evidence;
  const crossed = tokens.filter(
    ({ from, to }) => (from === one && to === other) || (from === other && to === one),
  );
  if (crossed.some(isAccepted)) return SAME;
  const [left, right] = [keyOf(tokens, one), keyOf(tokens, other)];
  const refused = crossed.filter((use) => isRefusal(use.answer) && worksAtHome(tokens, use.from));
  if (left !== undefined && right !== undefined) {
    if (left === right) return SAME;
    const keys = `the key of ${one} has the id ${left}, that of ${other} ${right}`;
    const confidence = refused.length > 0 ? "certain" : "likely";
    return { is: "apart", confidence, evidence: [keys, ...refused.map(refusedText)] };
  }
  const bothWays = [one, other].every((node) => refused.some(({ from }) => from === node));
  if (bothWays && seen.decided.get("clock")?.outcome === "ruled-out") {
    return { is: "apart", confidence: "likely", evidence: refused.map(refusedText) };
  }
  const [first] = crossed.filter(({ answer }) => !isSuccess(answer));
  if (first === undefined) return unknown(whyMissing(seen, "token", [one, other]));
  return unknown(`${refusedText(first)}, and the ids of the keys are not known`);
}

function isAccepted({ answer, acceptedAfterMs }: TokenUse): boolean {
  return isSuccess(answer) || acceptedAfterMs !== undefined;
}

function keyOf(tokens: readonly TokenUse[], node: string): string | undefined {
  return tokens.find(({ from, keyId }) => from === node && keyId !== undefined)?.keyId;
}

function worksAtHome(tokens: readonly TokenUse[], node: string): boolean {
  return tokens.some((use) => use.from === node && use.to === node && isAccepted(use));
}

function refusedText({ from, to, answer }: TokenUse): string {
  return `a token of ${from} shown to ${to}: ${said(answer)}`;
}
