import type { AppError, ErrorCode } from "../errors.ts";
import type { Action } from "../plan/model.ts";

/**
 * Harbor makes or changes an endpoint only while its peer answers (goharbor/harbor src/controller/registry/controller.go:88-110),
 * and says so badly: 500 where the peer can't be reached, 400 where it is unhealthy or refuses the credentials, else
 * whatever status the peer itself answered. A black-holed peer keeps the request hanging.
 */
const PEER: Partial<Readonly<Record<ErrorCode, string>>> = {
  HARBOR_FAILED: "can't be reached from there",
  HARBOR_TIMEOUT: "does not answer there in time",
  HARBOR_REJECTED: "is not healthy or refuses the declared credentials",
  HARBOR_PRECONDITION: "is not healthy or refuses the declared credentials",
  HARBOR_UNAUTHORIZED: "answers that it does not accept the declared credentials",
  HARBOR_NOT_FOUND: "does not answer as a Harbor",
  HARBOR_BUSY: "asks to slow down",
};

/** Why an action that failed is only to be waited with; undefined if waiting cures nothing. */
export function whyWaiting(action: Action, error: AppError): string | undefined {
  if (error.code === "HARBOR_UNREACHABLE") return `${action.registry} can't be reached`;
  switch (action.kind) {
    case "create-endpoint":
    case "update-endpoint":
    case "rotate-credentials": {
      const peer = PEER[error.code];
      return peer === undefined ? undefined : `${action.desired.to} ${peer}: ${error.message}`;
    }
    case "delete-policy":
      return error.code === "HARBOR_PRECONDITION" ? "its executions are not over yet" : undefined;
    case "delete-endpoint":
      return error.code === "HARBOR_PRECONDITION" ? "a replication policy still uses it" : undefined;
    case "create-policy":
    case "update-policy":
      return undefined;
  }
}
