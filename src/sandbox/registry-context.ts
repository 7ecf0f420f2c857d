import type { Core } from "./core.ts";
import type { Request } from "./exchange.ts";
import type { Identity } from "./identity.ts";

/** A request to the distribution side, about one repository. */
export interface RegistryContext {
  readonly core: Core;
  readonly request: Request;
  readonly identity: Identity;
  readonly repository: string;
  /** What follows the kind in the path: a tag, a digest, an upload. */
  readonly reference: string;
}
