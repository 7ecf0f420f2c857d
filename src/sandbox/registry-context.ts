import type { Core } from "./core.ts";
import { Refusal, type Request } from "./exchange.ts";
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

/** While its registry is dead, Harbor's proxy answers 502 without a word (seen on 2.9.0). */
export function refuseWithoutRegistry(core: Core): void {
  if (core.faults.registryStopped) throw new Refusal(502, "", "");
}
