import type { Clock, Millis } from "../clock.ts";
import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { RegistryName } from "../topology/model.ts";
import { ownedBy } from "../topology/mark.ts";
import type { Endpoint, EndpointHealth } from "./model.ts";
import type { ObservedRegistry, ObservedState } from "./state.ts";

export interface ObserveDeps {
  readonly clock: Clock;
  readonly installation: string;
  /**
   * Names of the endpoints to ping where they are ours, to find credentials that are refused; none where nobody asks. A ping of a peer that is away takes
   * Harbor 3 s and more.
   */
  readonly pinged: ReadonlySet<string>;
  readonly signal?: AbortSignal;
}

/**
 * After a wrong password Harbor refuses even the right one of that user for 1.5 s (goharbor/harbor
 * src/core/auth/authenticator.go:151-160), and a ping with stale credentials is just that.
 */
const LOCKED_OUT_MS: Millis = 1700;

/**
 * Reads endpoints and replication policies of all registries at once, then pings; a registry that fails
 * becomes unread and stops no other. Rejects only when the signal was aborted.
 */
export async function observe(ports: Iterable<HarborPort>, deps: ObserveDeps): Promise<ObservedState> {
  const all = [...ports];
  const read = await Promise.all(
    all.map(async (port): Promise<[RegistryName, ObservedRegistry]> => [
      port.registry.name,
      await readRegistry(port, deps),
    ]),
  );
  // Not before everything was read: a refused ping locks the account that we may be reading the peer with.
  const pinged = await Promise.all(
    read.map(async ([name, found], at): Promise<[RegistryName, ObservedRegistry]> => {
      const port = all[at];
      if (port === undefined || found.kind === "unread") return [name, found];
      return [name, { ...found, health: await pingOurs(port, found.endpoints, deps) }];
    }),
  );
  const refused = pinged.some(
    ([, found]) => found.kind === "read" && [...found.health.values()].some(({ kind }) => kind === "refused"),
  );
  if (refused) await deps.clock.sleep(LOCKED_OUT_MS, deps.signal);
  return new Map(pinged);
}

async function readRegistry(port: HarborPort, { clock, signal }: ObserveDeps): Promise<ObservedRegistry> {
  const at = clock.now();
  try {
    // Harbor answers as to anybody when credentials are wrong, so they are proven before anything is believed.
    await port.identify({ again: true, ...(signal === undefined ? {} : { signal }) });
    const capabilities = await port.capabilities(signal);
    const endpoints = await port.endpoints(signal);
    const policies = await port.replicationPolicies(signal);
    return { kind: "read", capabilities, endpoints, health: new Map(), policies, at };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: "unread", error: toAppError(thrown) };
  }
}

async function pingOurs(
  port: HarborPort,
  endpoints: readonly Endpoint[],
  { installation, pinged, signal }: ObserveDeps,
): Promise<ReadonlyMap<number, EndpointHealth>> {
  const ours = endpoints.filter(
    ({ description, name }) => pinged.has(name) && ownedBy(description) === installation,
  );
  const health = await Promise.all(
    ours.map(async ({ id }) => [id, await pingEndpoint(port, id, signal)] as const),
  );
  return new Map(health);
}

/** A ping that could not be made says nothing about credentials, and must not hide the rest of the registry. */
async function pingEndpoint(
  port: HarborPort,
  id: number,
  signal: AbortSignal | undefined,
): Promise<EndpointHealth> {
  try {
    return await port.pingEndpoint(id, signal);
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: "unreachable", text: toAppError(thrown).message };
  }
}
