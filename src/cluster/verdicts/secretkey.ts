import { isSuccess, said } from "../answers.ts";
import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { EndpointPing } from "../evidence.ts";
import { notShared } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/**
 * Nodes that encrypt what they store with different keys. A wrong key makes no error but garbage (goharbor/harbor src/common/utils/encrypt.go), so
 * the peer refuses a password that is right in the node that stored it.
 */
export const secretkey: PairFault = {
  name: "secretkey",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "secretkey")}: passwords of endpoints, LDAP and OIDC that one has stored are garbage to the other`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const { pings } = seen.evidence;
  const crossed = pings.filter(
    ({ madeBy, askedOf }) => (madeBy === one && askedOf === other) || (madeBy === other && askedOf === one),
  );
  // Who can read what the other has written has its key; then a ping that fails the other way has another reason.
  if (crossed.some(({ answer }) => isSuccess(answer))) return SAME;
  const refused = crossed.filter(({ answer }) => answer.status === 400);
  const wayOut = [one, other].filter((node) => reaches(pings, node));
  if (refused.length > 0 && wayOut.length === 2) {
    const bothWays = [one, other].every((node) => refused.some(({ madeBy }) => madeBy === node));
    return { is: "apart", confidence: bothWays ? "certain" : "likely", evidence: refused.map(text) };
  }
  const [first] = crossed;
  if (first === undefined) return unknown(whyMissing(seen, "ping", [one, other]));
  const own = pings.find(
    ({ madeBy, askedOf, answer }) =>
      madeBy === askedOf && [one, other].includes(madeBy) && !isSuccess(answer),
  );
  return unknown(
    own === undefined ? text(first) : `${text(own)}: it does not reach the peer, or the peer refuses it`,
  );
}

/** The node pings the endpoint that it has stored itself: its way to the peer is open, and the peer takes the account. */
function reaches(pings: readonly EndpointPing[], node: string): boolean {
  return pings.some(
    ({ madeBy, askedOf, answer }) => madeBy === node && askedOf === node && isSuccess(answer),
  );
}

function text({ madeBy, askedOf, answer }: EndpointPing): string {
  return `an endpoint stored through ${madeBy}, pinged by ${askedOf}: ${said(answer)}`;
}
