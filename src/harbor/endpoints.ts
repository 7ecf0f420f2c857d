import type { Endpoint } from "../observed/model.ts";
import type { Answer } from "./answer.ts";
import type { Api } from "./api.ts";
import { createdId } from "./created-id.ts";
import { createOnce } from "./create-once.ts";
import type { Dialect } from "./capabilities.ts";
import type { components } from "./generated/harbor.ts";
import { HarborError, reinterpreted } from "./harbor-error.ts";
import { allRows } from "./listing.ts";
import type { NewEndpoint } from "./port.ts";
import { listOf, type WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
type Signal = AbortSignal | undefined;

export function listEndpoints(api: Api, dialect: Dialect, signal: Signal): Promise<Endpoint[]> {
  return allRows({
    of: "the endpoints",
    key: dialect.sortedListings ? "id" : undefined,
    ask: (query) => api.call("get", "/registries", { doing: "listing the endpoints", query, signal }),
    // 2.1 says null where there is none (seen on 2.1.6).
    decode: (wire) => listOf<Schemas["Registry"]>(wire ?? [], "registries").map(decodeEndpoint),
    id: (endpoint) => endpoint.id,
  });
}

/** Harbor dials the peer before it creates, so it fails while the peer is down. Rejects with `HARBOR_PRECONDITION` then. */
export async function createEndpoint(
  api: Api,
  dialect: Dialect,
  endpoint: NewEndpoint,
  signal: Signal,
): Promise<number> {
  const body = {
    name: endpoint.name,
    url: endpoint.url,
    type: "harbor",
    description: endpoint.description,
    insecure: endpoint.insecure,
    credential: { type: "basic", access_key: endpoint.username, access_secret: endpoint.password },
    ...(endpoint.caCertificate === "" ? {} : { ca_certificate: endpoint.caCertificate }),
  };
  return await createOnce({
    send: async () =>
      createdId(
        await ofPeer(endpoint, () =>
          api.call("post", "/registries", {
            doing: `creating the endpoint ${endpoint.name}`,
            body,
            patience: "patient",
            secrets: [endpoint.password],
            signal,
          }),
        ),
      ),
    find: async () =>
      (await listEndpoints(api, dialect, signal)).find((found) => found.name === endpoint.name)?.id,
  });
}

/** Flat fields here, unlike the creation; the secret goes along always, since 2.16 forgets it when the URL changes. */
export async function updateEndpoint(
  api: Api,
  id: number,
  endpoint: NewEndpoint,
  withCa: boolean,
  signal: Signal,
): Promise<void> {
  const body = {
    name: endpoint.name,
    url: endpoint.url,
    description: endpoint.description,
    credential_type: "basic",
    access_key: endpoint.username,
    access_secret: endpoint.password,
    insecure: endpoint.insecure,
    ...(withCa ? { ca_certificate: endpoint.caCertificate } : {}),
  };
  await ofPeer(endpoint, () =>
    api.call("put", "/registries/{id}", {
      doing: `updating the endpoint ${endpoint.name}`,
      path: { id },
      body,
      patience: "patient",
      secrets: [endpoint.password],
      signal,
    }),
  );
}

/** What a PUT of an endpoint leaves out stays as it is (goharbor/harbor src/server/v2.0/handler/registry.go:133-158), unlike that of a policy. */
export async function relabelEndpoint(
  api: Api,
  id: number,
  { name, description }: Pick<NewEndpoint, "name" | "description">,
  signal: Signal,
): Promise<void> {
  await ofPeer({ url: "its peer", username: "the stored account" }, () =>
    api.call("put", "/registries/{id}", {
      doing: `naming the endpoint ${id} ${name}`,
      path: { id },
      body: { name, description },
      patience: "patient",
      signal,
    }),
  );
}

export async function deleteEndpoint(api: Api, id: number, signal: Signal): Promise<void> {
  await api.call("delete", "/registries/{id}", {
    doing: `deleting the endpoint ${id}`,
    path: { id },
    signal,
  });
}

/** 400 "the registry is unhealthy", a masked 500, and a status of the peer that is passed through: it does not let this Harbor in now. */
async function ofPeer(
  endpoint: Pick<NewEndpoint, "url" | "username">,
  send: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    const isAboutPeer =
      error instanceof HarborError &&
      ((error.status === 400 && error.reason.includes("unhealthy")) ||
        ((error.status ?? 0) >= 500 && error.harborCode !== undefined));
    if (!isAboutPeer) throw error;
    const hint = `from inside that Harbor ${endpoint.url} must answer and accept ${endpoint.username}; try again when it does`;
    throw reinterpreted(error, "HARBOR_PRECONDITION", hint);
  }
}

function decodeEndpoint(wire: WireObject<Schemas["Registry"]>): Endpoint {
  return {
    id: wire.id("id"),
    name: wire.text("name"),
    url: wire.text("url"),
    type: wire.text("type"),
    description: wire.text("description"),
    username: wire.object("credential")?.text("access_key") ?? "",
    insecure: wire.flag("insecure"),
    caCertificate: wire.text("ca_certificate"),
    status: wire.text("status"),
  };
}
