import type { BaseEntry, Digest, Verdict } from "./model.ts";

/** A tag that came back to what it had just left so often is carried back and forth by somebody: we would only join in. */
const RETURNS = 3;

/** Whether one side of a tag swings between the same digests, as far as its history goes. */
export function swings({ seen }: BaseEntry): boolean {
  return [seen.left, seen.right].some((history) => returns(history) >= RETURNS);
}

function returns(history: readonly Digest[]): number {
  return history.filter((digest, i) => i >= 2 && digest === history[i - 2]).length;
}

/** Takes out of a verdict about such a tag whatever would be put over it: a person must say what it is to be. */
export function frozenWhereItSwings(entry: BaseEntry | undefined, verdict: Verdict): Verdict {
  if (entry === undefined || !swings(entry)) return verdict;
  if (verdict.kind === "regressed" || verdict.kind === "conflict") return { ...verdict, frozen: true };
  if (!("copy" in verdict) || verdict.copy.replaces === undefined) return verdict;
  return {
    kind: "conflict",
    reason: "it was moved back and forth again and again, so nothing is put over it",
    notice: false,
    frozen: true,
  };
}
