import { AppError } from "../errors.ts";
import type { Identity } from "../observed/model.ts";
import type { Api } from "./api.ts";
import { proveIdentity } from "./identity.ts";

/** The proof of who we are, kept for a connection and shared by all who ask at once. */
export interface Proof {
  get(options?: { readonly again?: boolean; readonly signal?: AbortSignal | undefined }): Promise<Identity>;
}

export function createProof(api: Api): Proof {
  let kept: Identity | undefined;
  let asking: Promise<Identity> | undefined;

  const ask = async (signal: AbortSignal | undefined): Promise<Identity> => {
    const provenBefore = kept !== undefined;
    kept = undefined;
    kept = await proveIdentity(api, { provenBefore, signal });
    return kept;
  };

  return {
    async get({ again = false, signal } = {}) {
      if (kept !== undefined && !again) return kept;
      asking ??= ask(signal).finally(() => {
        asking = undefined;
      });
      try {
        return await asking;
      } catch (error) {
        const isOthers = error instanceof AppError && error.code === "CANCELLED" && signal?.aborted !== true;
        if (!isOthers) throw error;
        return await this.get({ again, signal });
      }
    },
  };
}
