import type { Core } from "./core.ts";
import { Peer, PeerFailure, PeerHangs } from "./peer.ts";
import type { EndpointRow } from "./state.ts";

export type Health =
  { readonly kind: "healthy" | "unhealthy" } | { readonly kind: "error"; readonly status: number };

/** Asks the peer as Harbor does: its API version, then `/v2/` with the credentials. */
export function healthOf(core: Core, endpoint: EndpointRow): Health {
  const peer = new Peer(core, endpoint);
  try {
    return askedHealth(peer, endpoint);
  } finally {
    core.waitedMs += peer.waitedMs;
  }
}

function askedHealth(peer: Peer, endpoint: EndpointRow): Health {
  try {
    peer.open();
  } catch (error) {
    if (error instanceof PeerFailure) return { kind: "error", status: error.status };
    if (error instanceof PeerHangs) return { kind: "error", status: 0 };
    throw error;
  }
  try {
    const { status } = peer.send({ method: "GET", target: "/v2/" });
    return { kind: status === 200 || endpoint.accessKey === "" ? "healthy" : "unhealthy" };
  } catch (error) {
    if (error instanceof PeerFailure || error instanceof PeerHangs) return { kind: "unhealthy" };
    throw error;
  }
}

/**
 * The periodic check: where the peer can't be reached at all the stored status is left as it was, so that it
 * says healthy through a whole outage (goharbor/harbor src/controller/registry/controller.go:272-276).
 */
export function checkEndpoints(core: Core): void {
  for (const endpoint of core.state.endpoints.values()) {
    const health = healthOf(core, endpoint);
    if (health.kind !== "error") endpoint.status = health.kind;
    else if (core.profile.minor < 3) endpoint.status = "unknown";
  }
}
