import type { ErrorCode } from "../errors.ts";
import type { Reached } from "./harbor-error.ts";
import type { NoAnswer } from "./transport.ts";

/** What a failure means for a person. */
export interface Explanation {
  readonly code: ErrorCode;
  /** Ends the sentence "reading x on registry a failed: …". */
  readonly why: string;
  readonly hint: string;
  readonly reached: Reached;
}

const NEVER_SENT = "no";

const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    code: "HARBOR_UNREACHABLE",
    why: "the connection was refused",
    hint: "check that Harbor runs there and that host and port are right",
    reached: NEVER_SENT,
  },
  ENOTFOUND: {
    code: "HARBOR_UNREACHABLE",
    why: "the host name is unknown",
    hint: "check the host of the url and the name servers of this machine",
    reached: NEVER_SENT,
  },
  EAI_AGAIN: {
    code: "HARBOR_UNREACHABLE",
    why: "the host name could not be looked up",
    hint: "check the name servers of this machine",
    reached: NEVER_SENT,
  },
  EHOSTUNREACH: {
    code: "HARBOR_UNREACHABLE",
    why: "there is no route to the host",
    hint: "check the network between this machine and the registry",
    reached: NEVER_SENT,
  },
  ENETUNREACH: {
    code: "HARBOR_UNREACHABLE",
    why: "there is no route to the network",
    hint: "check the network between this machine and the registry",
    reached: NEVER_SENT,
  },
  EPROXY: {
    code: "HARBOR_UNREACHABLE",
    why: "the proxy did not let the connection through",
    hint: "check HTTPS_PROXY and HTTP_PROXY, or name the registry in NO_PROXY",
    reached: NEVER_SENT,
  },
  EPROTO: {
    code: "HARBOR_TLS",
    why: "the two sides could not agree on TLS",
    hint: "check that the port speaks https, or write http:// in the url",
    reached: NEVER_SENT,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: "HARBOR_TLS",
    why: "the certificate is for another name",
    hint: "use the name that the certificate is for in the url",
    reached: NEVER_SENT,
  },
  CERT_HAS_EXPIRED: {
    code: "HARBOR_TLS",
    why: "the certificate has expired",
    hint: "renew the certificate of the registry",
    reached: NEVER_SENT,
  },
};

const UNTRUSTED: Explanation = {
  code: "HARBOR_TLS",
  why: "the certificate is not trusted",
  hint: "name the certificate of its authority in caFile",
  reached: NEVER_SENT,
};
const RESET: Explanation = {
  code: "HARBOR_UNREACHABLE",
  why: "the connection broke before the answer was complete",
  hint: "check Harbor, and the load balancer in front of it",
  reached: "maybe",
};
const TOO_BIG: Explanation = {
  code: "HARBOR_NONSENSE",
  why: "the answer is larger than any that Harbor gives",
  hint: "check that the url leads to a Harbor",
  reached: "maybe",
};
const LATE: Explanation = {
  code: "HARBOR_TIMEOUT",
  why: "no answer came in time",
  hint: "check the load of Harbor and its database, and the network",
  reached: "maybe",
};
const LATE_CONNECTION: Explanation = {
  code: "HARBOR_UNREACHABLE",
  why: "no connection came about in time",
  hint: "check that the host is up and that no firewall swallows the connection",
  reached: NEVER_SENT,
};
const CANCELLED: Explanation = {
  code: "CANCELLED",
  why: "it was stopped",
  hint: "run it again to go on",
  reached: "maybe",
};

const UNTRUSTED_CODES =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_|INVALID_CA)/;

/** Tells why no answer came, from the codes of Node and what its libraries write. */
export function explainFailure(failed: NoAnswer): Explanation {
  if (failed.cancelled) return CANCELLED;
  const known = BY_CODE[failed.code];
  if (known !== undefined) return known;
  if (failed.code === "ETIMEDOUT" && failed.text.includes("no connection")) return LATE_CONNECTION;
  if (failed.timedOut) return LATE;
  if (UNTRUSTED_CODES.test(failed.code)) return UNTRUSTED;
  if (failed.code === "ERR_BAD_RESPONSE" && failed.text.includes("maxContentLength")) return TOO_BIG;
  // Node says "wrong version number" with an ERR_SSL_ code where plain HTTP answers a TLS greeting.
  if (failed.code.startsWith("ERR_SSL_")) return BY_CODE["EPROTO"] ?? UNTRUSTED;
  return RESET;
}
