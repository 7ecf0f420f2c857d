import { AppError } from "../../errors.ts";
import type { Store } from "../../store/store.ts";

/**
 * Writes what a person decided. A pass bears a store that fails, but a decision that is not kept is none: rejects with `STORE_UNUSABLE`
 * when it could not be written.
 */
export async function kept<Result>(
  store: Store,
  doing: string,
  write: () => Promise<Result>,
): Promise<Result> {
  const result = await write();
  if (store.impaired === undefined) return result;
  throw new AppError("STORE_UNUSABLE", `${doing} failed, as it can't be remembered: ${store.impaired}`, {
    hint: "make the store usable, then decide again; tidelock status names its place",
  });
}
