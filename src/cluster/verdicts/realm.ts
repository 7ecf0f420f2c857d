import { said } from "../answers.ts";
import { SAME, unknown, type Decision, type Relation, type Seen } from "../decision.ts";
import type { Confidence } from "../faults.ts";
import { listed, unique } from "../in-words.ts";
import { judgePairs, type PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";
import { whereToLook } from "../where-to-look.ts";

/**
 * Where clients are sent for tokens: the external URL of the node that they ask. It must be one in the whole cluster, and lead to the address that
 * clients use (goharbor/harbor#8243, #13504).
 */
const different: PairFault = {
  name: "realm",
  relate,
  sentence: (at) =>
    `${listed(at)} ${at.length === 1 ? "sends" : "send"} clients somewhere else for their tokens`,
};

/** First whether the nodes agree, then whether what they agree on leads back to the cluster. */
export function judgeRealm(seen: Seen): Decision {
  const decision = judgePairs(seen, different);
  const realms = unique(seen.nodes.map((node) => realmOf(seen, node)).filter((realm) => realm !== undefined));
  const [realm] = realms;
  if (decision.outcome === "found" || realm === undefined || realms.length > 1) return decision;
  const way = wayOf(seen, realm);
  if (way === "back") return decision;
  // Who may try nothing else only knows that another address was declared; that may well be a second name.
  if (way.confidence === undefined) {
    return { outcome: "untested", untested: { name: "realm", nodes: [], reason: way.evidence } };
  }
  const at = seen.nodes.filter((node) => realmOf(seen, node) !== undefined);
  return {
    outcome: "found",
    fault: {
      name: "realm",
      nodes: at,
      confidence: way.confidence,
      sentence: `${listed(at)} ${at.length === 1 ? "sends" : "send"} clients to ${realm} for their tokens, which does not lead back to this cluster`,
      evidence: [way.evidence],
      look: whereToLook("realm"),
    },
    between: (one, other) => at.includes(one) || at.includes(other),
  };
}

/** Where a realm leads: back, or elsewhere with the reason to think so; without a confidence nothing is concluded. */
type Way = "back" | { readonly evidence: string; readonly confidence: Confidence | undefined };

function wayOf(seen: Seen, realm: string): Way {
  const { front, form, publicAddresses = [] } = seen.evidence;
  const answer = front?.realmAnswers;
  // A 5xx was said by somebody who has his own troubles.
  if (answer !== undefined && answer.status < 500) {
    const asked = `asking ${realm} for a token: ${said(answer)}`;
    if (answer.status === 0) return { evidence: asked, confidence: "likely" };
    const isStrange = answer.code === "OTHER_KEY" && areAllKeysKnown(seen);
    return answer.status === 404 || isStrange ? { evidence: asked, confidence: "certain" } : "back";
  }
  if (publicAddresses.length === 0 || publicAddresses.some((address) => isAt(realm, address))) return "back";
  const evidence = `the realm is ${realm}, and clients are declared to use ${listed(publicAddresses)}`;
  return { evidence, confidence: form === "full" ? "likely" : undefined };
}

/** Only who knows the keys of all nodes can call another one strange. */
function areAllKeysKnown({ evidence, nodes, decided }: Seen): boolean {
  const core = decided.get("core-down");
  const down = core?.outcome === "found" ? core.fault.nodes : [];
  return nodes.every(
    (node) =>
      down.includes(node) || evidence.tokens.some(({ from, keyId }) => from === node && keyId !== undefined),
  );
}

function relate(seen: Seen, one: string, other: string): Relation {
  const [left, right] = [realmOf(seen, one), realmOf(seen, other)];
  if (left === undefined || right === undefined) {
    return unknown(whyMissing(seen, "identity", [one, other]));
  }
  if (left === right) return byExternalUrl(seen, one, other);
  const known = seen.evidence.publicAddresses ?? [];
  const astray = [one, other].filter(
    (node) => !known.some((address) => isAt(node === one ? left : right, address)),
  );
  return {
    is: "apart",
    confidence: "certain",
    evidence: [`${one} names the realm ${left}`, `${other} names the realm ${right}`],
    ...(astray.length === 1 ? { blames: astray } : {}),
  };
}

/**
 * Newer Harbors build the realm from the host that they were asked under, and take only the scheme from their external URL (goharbor/harbor v2.14.4
 * src/server/middleware/v2auth/auth.go:122-139). Everything else that they send to others still names the external URL.
 */
function byExternalUrl({ evidence }: Seen, one: string, other: string): Relation {
  const [left, right] = [one, other].map(
    (node) => evidence.identities.find((each) => each.node === node)?.externalUrl,
  );
  if (left === undefined || right === undefined || originOf(left) === originOf(right)) return SAME;
  return {
    is: "apart",
    confidence: "likely",
    evidence: [
      `both name one realm, but the external URL of ${one} is ${left}, and that of ${other} is ${right}`,
    ],
  };
}

/** Where the node sends clients: scheme, host and port, since only those come from its external URL. */
function realmOf({ evidence }: Seen, node: string): string | undefined {
  const identity = evidence.identities.find((each) => each.node === node);
  const address = identity?.realm ?? identity?.externalUrl;
  return address === undefined ? undefined : originOf(address);
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

/** Whether an origin is at an address: a URL, or a bare host name with or without a port. */
function isAt(origin: string, address: string): boolean {
  if (address.includes("://")) return originOf(address) === origin;
  if (!URL.canParse(origin)) return origin === address;
  const { host, hostname } = new URL(origin);
  return [host, hostname].includes(address.toLowerCase());
}
