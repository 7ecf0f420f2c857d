import { toAppError, type AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Identity } from "../observed/model.ts";
import type { RegistryName } from "../topology/model.ts";

/** A registry of a topology at the beginning of a pass: proven to know us, or not. */
export type RegistryState =
  | { readonly kind: "read"; readonly port: HarborPort; readonly identity: Identity }
  | { readonly kind: "unread"; readonly port: HarborPort; readonly error: AppError };

/** Asks every registry who we are there, but those that were given up; decided within ten seconds each, all at once. */
export async function identifyAll(
  names: readonly RegistryName[],
  portOf: (name: RegistryName) => HarborPort,
  signal: AbortSignal,
  givenUp: ReadonlyMap<RegistryName, AppError> = new Map(),
): Promise<Map<RegistryName, RegistryState>> {
  const states = await Promise.all(
    names.map(async (name): Promise<[RegistryName, RegistryState]> => {
      const port = portOf(name);
      const known = givenUp.get(name);
      if (known !== undefined) return [name, { kind: "unread", port, error: known }];
      try {
        return [name, { kind: "read", port, identity: await port.identify({ again: true, signal }) }];
      } catch (thrown) {
        signal.throwIfAborted();
        return [name, { kind: "unread", port, error: toAppError(thrown) }];
      }
    }),
  );
  return new Map(states);
}
