import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { Identity, TokenUse } from "../evidence.ts";
import { isRefusal } from "../answers.ts";
import { lengthText, listed } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

type Reading = NonNullable<Identity["clock"]>;

/**
 * From here on tokens are refused for sure: Harbor checks `nbf` without any leeway, in whole seconds. That is a measure of ours and no sharp edge, so
 * what is this far apart by all we can tell counts.
 */
const FAR_MS = 2000;
/** From here on they may be, when a token happens to be made late in a second. */
const NEAR_MS = 1000;

/** Nodes whose clocks differ: a token of the one ahead is not valid yet at the other (goharbor/harbor#18971). */
export const clock: PairFault = {
  name: "clock",
  relate,
  sentence: (at, all) =>
    at.length < all.length
      ? `the clock of ${listed(at)} is wrong: tokens of the node that is ahead are refused by the others until their time has come`
      : `the clocks of ${listed(at)} differ: tokens of the one that is ahead are refused by the other until their time has come`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const [left, right] = [readingOf(seen, one), readingOf(seen, other)];
  const waited = heldBack(seen, one, other);
  if (left === undefined || right === undefined) return byTokens(seen, one, other, waited);
  const differenceMs = Math.abs(left.aheadMs - right.aheadMs);
  const uncertainMs = left.uncertainMs + right.uncertainMs;
  const evidence = [clockText(one, left), clockText(other, right), ...waited.map(waitedText)];
  const isFar = differenceMs >= FAR_MS && differenceMs - uncertainMs >= NEAR_MS;
  const isFelt = waited.length > 0 && isNear(differenceMs, uncertainMs, longestOf(waited));
  if (isFar || isFelt) {
    const blames = blamed(one, left, other, right);
    return {
      is: "apart",
      // Among three or more the nodes themselves say who is wrong; of two, only we do.
      confidence:
        differenceMs - uncertainMs >= FAR_MS && (blames === undefined || seen.nodes.length > 2)
          ? "certain"
          : "likely",
      evidence,
      ...(blames === undefined ? {} : { blames }),
    };
  }
  if (differenceMs + uncertainMs < FAR_MS || acceptedBothWays(seen, one, other)) return SAME;
  const size = `${lengthText(differenceMs)} ± ${lengthText(uncertainMs)}`;
  return unknown(`the clocks of ${one} and ${other} could only be compared roughly (${size})`);
}

/** A second for sure; or maybe, and a token had to wait for as long. */
function isNear(differenceMs: number, uncertainMs: number, waitedMs: number): boolean {
  if (differenceMs - uncertainMs >= NEAR_MS) return true;
  return differenceMs + uncertainMs >= NEAR_MS && waitedMs >= NEAR_MS;
}

function longestOf(waited: readonly TokenUse[]): number {
  return Math.max(0, ...waited.map(({ acceptedAfterMs }) => acceptedAfterMs ?? 0));
}

/** Without the times that nodes tell: what became of their tokens. */
function byTokens(seen: Seen, one: string, other: string, waited: readonly TokenUse[]): Relation {
  if (longestOf(waited) >= NEAR_MS)
    return { is: "apart", confidence: "likely", evidence: waited.map(waitedText) };
  if (acceptedBothWays(seen, one, other)) return SAME;
  return unknown(whyMissing(seen, "identity", [one, other]));
}

/** Our own clock is one more witness: who agrees with it is right. */
function blamed(one: string, left: Reading, other: string, right: Reading): readonly string[] | undefined {
  const isOff = ({ aheadMs, uncertainMs }: Reading): boolean => Math.abs(aheadMs) - uncertainMs >= NEAR_MS;
  const isRight = ({ aheadMs, uncertainMs }: Reading): boolean => Math.abs(aheadMs) + uncertainMs < NEAR_MS;
  if (isOff(left) && isRight(right)) return [one];
  if (isOff(right) && isRight(left)) return [other];
  return undefined;
}

function usesBetween({ evidence }: Seen, one: string, other: string): TokenUse[] {
  return evidence.tokens.filter(
    ({ from, to }) => (from === one && to === other) || (from === other && to === one),
  );
}

/** Tokens that were refused at once and taken later: nothing was wrong with them but their time. */
function heldBack(seen: Seen, one: string, other: string): TokenUse[] {
  return usesBetween(seen, one, other).filter(
    ({ answer, acceptedAfterMs }) =>
      acceptedAfterMs !== undefined && acceptedAfterMs > 0 && (isRefusal(answer) || answer.status === 200),
  );
}

function acceptedBothWays(seen: Seen, one: string, other: string): boolean {
  const atOnce = usesBetween(seen, one, other).filter(
    ({ answer, acceptedAfterMs }) => answer.status === 200 && acceptedAfterMs === undefined,
  );
  return [one, other].every((node) => atOnce.some(({ from }) => from === node));
}

function readingOf({ evidence }: Seen, node: string): Reading | undefined {
  return evidence.identities.find((identity) => identity.node === node)?.clock;
}

function clockText(node: string, { aheadMs, uncertainMs }: Reading): string {
  const where = aheadMs < 0 ? "behind" : "ahead of";
  return `${node} is ${lengthText(aheadMs)} ${where} the clock here (± ${lengthText(uncertainMs)})`;
}

function waitedText({ from, to, acceptedAfterMs }: TokenUse): string {
  return `a token of ${from} was refused by ${to} at once, and accepted after ${lengthText(acceptedAfterMs ?? 0)}`;
}
