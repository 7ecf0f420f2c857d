import type { DesiredEndpoint } from "../desired/model.ts";
import type { Capabilities, Endpoint } from "../observed/model.ts";
import { normalUrl } from "../topology/registry-url.ts";
import type { Difference } from "./model.ts";

type Fields = readonly (readonly [field: string, text: string])[];

/** What a PUT would have to change; only fields that this version of Harbor keeps. */
export function compareEndpoint(desired: DesiredEndpoint, found: Endpoint, can: Capabilities): Difference[] {
  const before = new Map(fieldsOf({ ...found, url: normalUrl(found.url) ?? found.url }, can));
  return fieldsOf(desired, can)
    .filter(([field, wanted]) => before.get(field) !== wanted)
    .map(([field, wanted]) => ({ field, found: before.get(field) ?? "", wanted }));
}

/** All fields of an endpoint that is to be made. */
export function newEndpointFields(desired: DesiredEndpoint, can: Capabilities): Difference[] {
  return fieldsOf(desired, can).map(([field, wanted]) => ({ field, found: "", wanted }));
}

type Comparable = Pick<DesiredEndpoint, "url" | "username" | "insecure" | "caCertificate" | "description">;

function fieldsOf(endpoint: Comparable, can: Capabilities): Fields {
  return [
    ["url", endpoint.url],
    ["username", endpoint.username],
    ["insecure", String(endpoint.insecure)],
    ["description", endpoint.description],
    ...(can.endpointCa ? ([["caCertificate", normalPem(endpoint.caCertificate)]] as const) : []),
  ];
}

/** Spaces at the ends and the kind of line ends mean nothing in PEM. */
function normalPem(text: string): string {
  return text.trim().replaceAll("\r\n", "\n");
}
