import { isAbsence, said } from "../answers.ts";
import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { ForgeryCrossing } from "../evidence.ts";
import { notShared } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/**
 * Nodes whose tokens against forged requests differ: whatever a person does in the portal fails when the balancer changes the node. Harbor checks
 * them before it looks who asks (goharbor/harbor src/core/middlewares/middlewares.go), so any other refusal means that the token was good.
 */
export const csrfKey: PairFault = {
  name: "csrf-key",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "CSRF key")}: changes in the portal fail when a person's requests change the node`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const { forgery } = seen.evidence;
  const crossed = forgery.filter(
    ({ from, to }) => (from === one && to === other) || (from === other && to === one),
  );
  if (crossed.some(isTaken)) return SAME;
  const refused = crossed.filter(
    ({ from, refusedAsForged }) =>
      refusedAsForged && forgery.some((own) => own.from === from && own.to === from && isTaken(own)),
  );
  if (refused.length > 0) {
    const bothWays = [one, other].every((node) => refused.some(({ from }) => from === node));
    return { is: "apart", confidence: bothWays ? "certain" : "likely", evidence: refused.map(text) };
  }
  const [first] = crossed;
  const why = first === undefined ? whyMissing(seen, "forgery", [one, other]) : text(first);
  return unknown(why);
}

function isTaken({ answer, refusedAsForged }: ForgeryCrossing): boolean {
  return !refusedAsForged && !isAbsence(answer) && answer.status < 500;
}

function text({ from, to, answer }: ForgeryCrossing): string {
  return `a CSRF token of ${from} shown to ${to}: ${said(answer)}`;
}
