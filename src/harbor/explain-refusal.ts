import type { ErrorCode } from "../errors.ts";
import { redactedUrl } from "./redact.ts";
import type { Explanation } from "./explain-failure.ts";
import type { Incoming } from "./transport.ts";

/** Harbor's own words in a refusal; undefined where something else than Harbor answered. */
export interface HarborWords {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads `{"errors":[{"code","message"}]}`, which each refusal of Harbor carries (goharbor/harbor src/lib/http/error.go:57-61).
 * Undefined for anything else, e.g. the HTML of a load balancer.
 */
export function harborWords(incoming: Incoming): HarborWords | undefined {
  const text = Buffer.from(incoming.body).toString("utf8");
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return firstError(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function firstError(parsed: unknown): HarborWords | undefined {
  if (typeof parsed !== "object" || parsed === null || !("errors" in parsed)) return undefined;
  if (!Array.isArray(parsed.errors)) return undefined;
  const first: unknown = parsed.errors[0];
  if (typeof first !== "object" || first === null) return undefined;
  const code = "code" in first && typeof first.code === "string" ? first.code : "";
  const message = "message" in first && typeof first.message === "string" ? first.message : "";
  return { code, message };
}

interface Meaning {
  readonly code: ErrorCode;
  readonly why: string;
  readonly hint: string;
}

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  400: { code: "HARBOR_REJECTED", why: "Harbor refuses the request", hint: "see what Harbor says" },
  401: {
    code: "HARBOR_UNAUTHORIZED",
    why: "the credentials are not accepted",
    hint: "check username and password; on /v2 Harbor says the same for a project that is missing or not allowed",
  },
  403: {
    code: "HARBOR_FORBIDDEN",
    why: "the account lacks the right",
    hint: "use an administrator, or give the robot the right (replication needs Harbor 2.10 for that)",
  },
  404: { code: "HARBOR_NOT_FOUND", why: "it is not there", hint: "check the name, it may have been removed" },
  405: { code: "HARBOR_REJECTED", why: "Harbor does not do that here", hint: "see what Harbor says" },
  409: {
    code: "HARBOR_CONFLICT",
    why: "it exists already",
    hint: "use another name or remove the other one",
  },
  412: {
    code: "HARBOR_PRECONDITION",
    why: "Harbor refuses that in its present state",
    hint: "see what Harbor says, and try again when that is over",
  },
  413: {
    code: "HARBOR_REJECTED",
    why: "the request is too large",
    hint: "raise the limit of the proxy in front",
  },
  422: { code: "HARBOR_REJECTED", why: "Harbor can't read the request", hint: "see what Harbor says" },
  429: { code: "HARBOR_BUSY", why: "Harbor asks to slow down", hint: "try again later" },
};

const FAILED: Meaning = {
  code: "HARBOR_FAILED",
  why: "Harbor failed inside",
  hint: "Harbor hides the reason: look for the request id in the log of its core",
};
const IN_FRONT: Meaning = {
  code: "HARBOR_FAILED",
  why: "Harbor does not answer the proxy in front of it",
  hint: "check that Harbor's core runs and is healthy",
};
const GUARDED: Meaning = {
  code: "HARBOR_PRECONDITION",
  why: "the deployment security of the project refuses that",
  hint: "sign or scan the image, or change the deployment security in the configuration of its project",
};
const STRANGER: Meaning = {
  code: "HARBOR_NONSENSE",
  why: "something other than Harbor answered",
  hint: "check that the url leads to a Harbor, and what stands in front of it",
};

/** Tells what a status that is not a success means. */
export function explainRefusal(incoming: Incoming, method: string): Explanation {
  const { status } = incoming;
  if (status >= 300 && status < 400) return redirected(incoming);
  if (status >= 500) {
    const hasWords = harborWords(incoming) !== undefined;
    const meaning = [502, 503, 504].includes(status) && !hasWords ? IN_FRONT : FAILED;
    return { ...meaning, reached: status === 500 ? "yes" : "maybe" };
  }
  // A 404 of an ingress must never pass for the absence of something in Harbor.
  if (status === 404 && !speaksHarbor(incoming, method)) return { ...STRANGER, reached: "yes" };
  const isGuarded = status === 412 && harborWords(incoming)?.code === "PROJECTPOLICYVIOLATION";
  return { ...(isGuarded ? GUARDED : (BY_STATUS[status] ?? STRANGER)), reached: "yes" };
}

/** A HEAD has no body; Harbor still says that it would be JSON. */
function speaksHarbor(incoming: Incoming, method: string): boolean {
  if (method !== "HEAD") return harborWords(incoming) !== undefined;
  const type = incoming.headers["content-type"];
  return type === undefined || type.startsWith("application/json");
}

function redirected(incoming: Incoming): Explanation {
  const target = incoming.headers["location"] ?? "";
  const where = URL.canParse(target) ? redactedUrl(target) : "another place";
  return {
    code: "HARBOR_NONSENSE",
    why: `it was redirected (${incoming.status})`,
    hint: `Harbor never redirects its API; write the address that ${where} belongs to as url`,
    reached: "yes",
  };
}
