import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { markOf } from "../topology/mark.ts";
import type { Account } from "../topology/model.ts";
import type { ProbeContext } from "./context.ts";
import { findObjects, madeId, objectName, PATHS, refusalText, type OwnObject } from "./own-objects.ts";
import { makePeerAccount, type PeerAccount } from "./peer-account.ts";
import { removeAtEnd } from "./remove-objects.ts";

/** An endpoint of ours that leads back to the cluster itself. */
export interface OwnEndpoint extends OwnObject {
  readonly madeBy: NodePort;
}

interface Endpoints {
  readonly endpoints: readonly OwnEndpoint[];
  /** Nodes through which none could be made, and why; no nodes: none at all. */
  readonly missing: readonly { readonly nodes: readonly string[]; readonly reason: string }[];
}

/** Harbor pings what it is to store, and a peer that swallows packets lets it wait. */
const SLOW_MS = 30_000;

/**
 * One endpoint through each node, to the front, else to any node that can be reached from inside. Harbor stores none whose peer does not
 * take the credentials, so that each was right at the node that made it.
 */
export async function makeEndpoints(context: ProbeContext, signal: AbortSignal): Promise<Endpoints> {
  const endpoints: OwnEndpoint[] = [];
  const missing: { readonly nodes: readonly string[]; readonly reason: string }[] = [];
  const account = await makePeerAccount(context, signal);
  let addresses = [...(context.front === undefined ? [] : [context.front]), ...context.nodes].map(
    ({ url }) => url,
  );
  for (const [index, node] of context.nodes.entries()) {
    const made = await makeEndpoint(context, { node, number: index + 1, account, addresses }, signal);
    if ("endpoint" in made) {
      endpoints.push(made.endpoint);
      // what one node reached is tried first by the next: all endpoints should lead to one place
      addresses = [made.url, ...addresses.filter((one) => one !== made.url)];
    } else {
      missing.push({ nodes: made.forAll ? [] : [node.name], reason: made.reason });
      if (made.forAll) break;
    }
  }
  return { endpoints, missing };
}

/** The endpoints of this probe that are there already, each at the node that it was made through. */
export async function madeEndpoints(context: ProbeContext, signal: AbortSignal): Promise<OwnEndpoint[]> {
  const endpoints: OwnEndpoint[] = [];
  for (const [index, madeBy] of context.nodes.entries()) {
    const name = objectName(context, index + 1);
    const found = await findObjects(context, madeBy, "endpoint", name, signal);
    const own = Array.isArray(found) ? found.find((one) => one.name === name) : undefined;
    if (own !== undefined) endpoints.push({ ...own, madeBy });
  }
  return endpoints;
}

interface Wanted {
  readonly node: NodePort;
  readonly number: number;
  readonly account: PeerAccount;
  readonly addresses: readonly string[];
}
type Made =
  | { readonly endpoint: OwnEndpoint; readonly url: string }
  | { readonly reason: string; readonly forAll: boolean };

async function makeEndpoint(context: ProbeContext, wanted: Wanted, signal: AbortSignal): Promise<Made> {
  const { node, number, account, addresses } = wanted;
  const name = objectName(context, number);
  const removal = removeAtEnd(context, node, "endpoint", name);
  const refusals: string[] = [];
  for (const url of addresses) {
    await context.beforeWrite();
    const answer = await postEndpoint(context, node, { name, url, account }, signal);
    const id = madeId(answer);
    if (answer.kind === "reply" && answer.status === 201 && id !== undefined) {
      return { endpoint: { kind: "endpoint", id, name, madeBy: node }, url };
    }
    if (answer.kind === "reply" && answer.status === 403) {
      removal.cancel();
      const reason = `the account may make no endpoints: only system administrators may, and robots with registry:create (${node.name} says ${refusalText(answer)})`;
      return { reason, forAll: true };
    }
    refusals.push(`${url}: ${refusalText(answer)}`);
  }
  const reason = `${node.name} can't reach the cluster from inside, or may not log in there (${refusals.join("; ")})`;
  return { reason, forAll: false };
}

function postEndpoint(
  { installation }: ProbeContext,
  node: NodePort,
  { name, url, account }: { name: string; url: string; account: PeerAccount },
  signal: AbortSignal,
): Promise<NodeAnswer> {
  const body = {
    name,
    url,
    type: "harbor",
    // no node is known to trust its own front's authority; a password of a person's is not sent where it can't be sure
    insecure: account.isOwn,
    description: markOf(installation),
    credential: credentialOf(account.account),
  };
  return node.ask(
    {
      method: "POST",
      path: PATHS.endpoint,
      as: "account",
      headers: { "Content-Type": "application/json" },
      body: Buffer.from(JSON.stringify(body)),
      timeoutMs: SLOW_MS,
    },
    signal,
  );
}

function credentialOf({ username, password }: Account): object {
  return { type: "basic", access_key: username, access_secret: password.reveal() };
}
