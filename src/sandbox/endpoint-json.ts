import type { Json } from "./json.ts";
import type { Context } from "./router.ts";
import type { EndpointRow } from "./state.ts";
import { legacyTimeText, timeText } from "./times.ts";

/** The object with which Harbor describes an endpoint; what is empty or false is left out, secrets are masked. */
export function endpointJson(context: Context, row: EndpointRow): Json {
  const secret = row.accessSecret === "" ? "" : "*****";
  if (context.legacy) {
    return {
      ...legacyEndpoint(row.id, row.name, row.url, row.status, row.insecure),
      description: row.description,
      token_service_url: "",
      credential: { type: row.credentialType, access_key: row.accessKey, access_secret: secret },
      creation_time: legacyTimeText(row.createdAt),
      update_time: legacyTimeText(row.updatedAt),
    };
  }
  return {
    ca_certificate: row.caCertificate === "" ? undefined : row.caCertificate,
    creation_time: timeText(row.createdAt),
    credential:
      row.accessKey === "" && secret === ""
        ? undefined
        : {
            access_key: row.accessKey,
            access_secret: secret === "" ? undefined : secret,
            type: row.credentialType,
          },
    description: row.description === "" ? undefined : row.description,
    id: row.id,
    insecure: row.insecure ? true : undefined,
    name: row.name,
    status: row.status,
    type: row.type,
    update_time: timeText(row.updatedAt),
    url: row.url,
  };
}

/** Number 0: this Harbor itself. */
export function localEndpointJson(context: Context): Json {
  const { url } = context.core;
  if (context.legacy) {
    return {
      ...legacyEndpoint(0, "Local", url, "healthy", true),
      description: "",
      token_service_url: `${url}/service/token`,
      credential: { type: "secret", access_key: "", access_secret: "*****" },
      creation_time: legacyTimeText(0),
      update_time: legacyTimeText(0),
    };
  }
  return {
    creation_time: timeText(0),
    credential: { access_secret: "*****", type: "secret" },
    id: 0,
    insecure: true,
    name: "Local",
    status: "healthy",
    type: "harbor",
    update_time: timeText(0),
    url,
  };
}

function legacyEndpoint(
  id: number,
  name: string,
  url: string,
  status: string,
  insecure: boolean,
): { readonly [key: string]: Json } {
  return { id, name, type: "harbor", url, insecure, status };
}
