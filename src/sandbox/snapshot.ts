import type { Core } from "./core.ts";
import type { Json } from "./json.ts";

/** The whole of what is kept, but for the counter of revisions, as plain JSON. */
export function snapshotOf(core: Core): Json {
  return {
    state: plain({ ...core.state, revision: 0 }),
    blobs: core.blobs.digests().sort(),
    uploads: [...core.files.uploads.keys()],
  };
}

function plain(value: unknown): Json {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  ) {
    return value;
  }
  if (value instanceof Map) return [...value].map(([key, one]) => [plain(key), plain(one)]);
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return null;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
