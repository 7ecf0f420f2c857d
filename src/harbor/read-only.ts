import { AppError } from "../errors.ts";

/** A Harbor that is told to ping a peer keeps nothing of it (goharbor/harbor v2.9.0 src/server/v2.0/handler/registry.go:211-262). */
const LOOKS = /^\/api\/v2\.0\/registries\/ping$/;

/** Throws `READ_ONLY` for a request that may change something in a Harbor, before it leaves. */
export function refuseToWrite(
  { method, url, doing }: { readonly method: string; readonly url: string; readonly doing: string },
  registry: string,
): void {
  if (method === "GET" || method === "HEAD") return;
  if (method === "POST" && LOOKS.test(url)) return;
  throw new AppError("READ_ONLY", `${doing} on ${registry} was refused: TIDELOCK_READ_ONLY is set`, {
    hint: "unset TIDELOCK_READ_ONLY where Tidelock is to act",
  });
}
