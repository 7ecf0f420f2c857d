import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import type { components } from "./generated/harbor.ts";
import { HarborError } from "./harbor-error.ts";
import type { NewEndpoint } from "./port.ts";
import type { EndpointHealth } from "../observed/model.ts";

type Signal = AbortSignal | undefined;

/** Lets a Harbor dial its peer now, with the stored credentials. What it keeps as status is no evidence. */
export async function pingEndpoint(
  api: Api,
  dialect: Dialect,
  id: number,
  signal: Signal,
): Promise<EndpointHealth> {
  const health = await ping(api, { id }, signal);
  if (health.kind !== "refused" || dialect.tellingPing) return health;
  // Before 2.3 both causes are 400. Without credentials Harbor only looks whether the peer answers
  // (goharbor/harbor v2.1.6 src/replication/adapter/native/adapter.go:117-130).
  const bare = await ping(api, { id, access_key: "", access_secret: "" }, signal);
  return bare.kind === "healthy" ? health : { kind: "unreachable", text: health.text };
}

/** The same for values that no endpoint holds yet; Harbor keeps nothing of them. */
export async function pingPeer(
  api: Api,
  dialect: Dialect,
  peer: Omit<NewEndpoint, "name" | "description">,
  signal: Signal,
): Promise<EndpointHealth> {
  const body = {
    type: "harbor",
    url: peer.url,
    credential_type: "basic",
    access_key: peer.username,
    access_secret: peer.password,
    insecure: peer.insecure,
    ...(peer.caCertificate === "" ? {} : { ca_certificate: peer.caCertificate }),
  };
  const health = await ping(api, body, signal);
  if (health.kind !== "refused" || dialect.tellingPing) return health;
  const bare = await ping(api, { ...body, access_key: "", access_secret: "" }, signal);
  return bare.kind === "healthy" ? health : { kind: "unreachable", text: health.text };
}

type PingBody = components["schemas"]["RegistryPing"];

async function ping(api: Api, body: PingBody, signal: Signal): Promise<EndpointHealth> {
  try {
    const doing = `pinging the peer ${body.url ?? `of endpoint ${body.id ?? 0}`}`;
    const secrets =
      body.access_secret === undefined || body.access_secret === null ? [] : [body.access_secret];
    await api.call("post", "/registries/ping", { doing, body, patience: "patient", secrets, signal });
    return { kind: "healthy" };
  } catch (error) {
    const health = error instanceof HarborError ? meaningOf(error) : undefined;
    if (health === undefined) throw error;
    return health;
  }
}

/** A status of the peer is passed through as Harbor's own (goharbor/harbor src/lib/http/error.go:82-86); then Harbor's words are in it. */
function meaningOf(error: HarborError): EndpointHealth | undefined {
  if (error.harborCode === undefined) return undefined;
  if (error.status === 400 && error.reason.includes("unhealthy")) {
    return { kind: "refused", text: error.reason };
  }
  return (error.status ?? 0) >= 500 ? { kind: "unreachable", text: error.reason } : undefined;
}
