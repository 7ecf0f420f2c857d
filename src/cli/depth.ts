import { AppError } from "../errors.ts";

/** How deep content is compared: tags and digests, or the bytes behind them too. */
export type Depth = "digest" | "bytes";

/** What `--depth` and `--sample` say. */
export interface DepthFlags {
  readonly depth?: Depth;
  /** More than 0, at most 1. */
  readonly sample?: number;
}

/** The share of images to be read in a pass; nothing at depth `digest`. Throws `USAGE` for a sample of nothing. */
export function bytesShareOf({ depth, sample }: DepthFlags): { readonly bytesShare?: number } {
  if (depth === "bytes") return { bytesShare: sample ?? 1 };
  if (sample === undefined) return {};
  throw new AppError("USAGE", "--sample says how much to read, but no bytes are read", {
    hint: "add --depth bytes",
  });
}
