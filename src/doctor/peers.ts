import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Endpoint, EndpointHealth } from "../observed/model.ts";
import { ownedBy } from "../topology/mark.ts";
import type { Registry } from "../topology/model.ts";
import type { Check } from "./model.ts";

/**
 * Lets a Harbor dial its peers, with what is declared and with what its endpoints of ours hold. Not to be done while accounts are tried: a
 * refused password locks its user for a moment (goharbor/harbor src/core/auth/authenticator.go:151-160).
 */
export async function tryPeers(
  harbor: HarborPort,
  peers: readonly Registry[],
  installation: string,
  signal: AbortSignal,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const peer of peers) checks.push(await tryDeclared(harbor, peer, signal));
  for (const endpoint of await endpointsOf(harbor, installation, signal)) {
    checks.push(await tryStored(harbor, endpoint, signal));
  }
  return checks;
}

async function tryDeclared(harbor: HarborPort, peer: Registry, signal: AbortSignal): Promise<Check> {
  const about = { registry: harbor.registry.name, subject: `reaches ${peer.name}` };
  const { username, password } = peer.replicationAccount;
  const asking = harbor.pingPeer(
    {
      url: peer.endpointUrl,
      username,
      password: password.reveal(),
      insecure: peer.insecureSkipVerify,
      caCertificate: peer.ca ?? "",
    },
    signal,
  );
  return await told(about, asking, signal, {
    healthy: `${peer.endpointUrl} lets ${username} in`,
    refused: `${peer.endpointUrl} answers from there, and does not let ${username} in`,
    unreachable: `${peer.endpointUrl} can't be reached from there`,
    hint: `endpointUrl is how the other registries reach ${peer.name}; look at the network between them, name servers and certificates`,
  });
}

async function tryStored(harbor: HarborPort, endpoint: Endpoint, signal: AbortSignal): Promise<Check> {
  const about = { registry: harbor.registry.name, subject: `endpoint ${endpoint.name}` };
  return await told(about, harbor.pingEndpoint(endpoint.id, signal), signal, {
    healthy: `${endpoint.url} lets ${endpoint.username} in, with the password kept there`,
    refused: `${endpoint.url} does not let ${endpoint.username} in with the password kept there`,
    unreachable: `${endpoint.url} can't be reached from there`,
    hint: "tidelock reconcile --no-heal puts an endpoint right whose password or address changed",
  });
}

interface Sentences {
  readonly healthy: string;
  readonly refused: string;
  readonly unreachable: string;
  readonly hint: string;
}

async function told(
  about: Pick<Check, "registry" | "subject">,
  asking: Promise<EndpointHealth>,
  signal: AbortSignal,
  sentences: Sentences,
): Promise<Check> {
  try {
    const { kind } = await asking;
    if (kind === "healthy") return { ...about, state: "ok", text: sentences.healthy };
    return { ...about, state: "fault", text: sentences[kind], hint: sentences.hint };
  } catch (thrown) {
    signal.throwIfAborted();
    return { ...about, state: "not-tried", text: `not found out: ${toAppError(thrown).message}` };
  }
}

/** None where they can't be listed: the right to do so is tried elsewhere. */
async function endpointsOf(
  harbor: HarborPort,
  installation: string,
  signal: AbortSignal,
): Promise<Endpoint[]> {
  try {
    const endpoints = await harbor.endpoints(signal);
    return endpoints.filter(({ description }) => ownedBy(description) === installation);
  } catch {
    signal.throwIfAborted();
    return [];
  }
}
