import type { Core } from "./core.ts";
import type { Request } from "./exchange.ts";

/** Where the client thinks it is: a `Location` of the registry names the host that was asked for, whoever that is. */
export function publicUrl(core: Core, request: Request): string {
  const host = request.headers["host"];
  return host === undefined ? core.url : `${new URL(externalUrl(core)).protocol}//${host}`;
}

/** Where the installation says that clients reach it: challenges and the system's description name this one. */
export function externalUrl(core: Core): string {
  return core.settings.externalUrl ?? core.url;
}
