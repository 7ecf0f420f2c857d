import { createHash } from "node:crypto";
import type { Core } from "./core.ts";
import type { EndpointRow } from "./state.ts";

/** The endpoint as it is stored: its secret encrypted with the node's secretkey. */
export function sealed(core: Core, plain: EndpointRow): EndpointRow {
  return { ...plain, sealedBy: core.settings.secretKey };
}

/**
 * The endpoint as this node reads it. Another key makes garbage of the secret, without any error (goharbor/harbor
 * src/common/utils/encrypt.go).
 */
export function unsealed(core: Core, stored: EndpointRow): EndpointRow {
  if (stored.sealedBy === "" || stored.accessSecret === "") return { ...stored, sealedBy: "" };
  const fits = stored.sealedBy === core.settings.secretKey;
  const garbage = createHash("sha256")
    .update(`${core.settings.secretKey} ${stored.accessSecret}`)
    .digest("base64");
  return { ...stored, sealedBy: "", accessSecret: fits ? stored.accessSecret : garbage };
}
