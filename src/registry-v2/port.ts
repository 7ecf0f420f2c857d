/** A manifest as it is stored. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface BlobRange {
  /** First byte, from 0. */
  readonly from: number;
  /** Last byte, included. */
  readonly to: number;
}

/** What a registry really served of a blob. A HEAD can lie, since it may be answered from a cache; this can't. */
export interface ServedBlob {
  readonly bytes: number;
  /** Whether the bytes give the digest; undefined for a part of a blob. */
  readonly matches: boolean | undefined;
}

/** Bytes of a blob as they come. */
export interface BlobStream {
  /** Where in the blob the first byte stands: before what was asked for, where something in front gives no ranges. */
  readonly from: number;
  /** What the registry says that the whole blob has. It also says so of bytes that it lost. */
  readonly size: number | undefined;
  /** Rejects with an `AppError` when the connection breaks. Has to be read to its end, or left by `break`. */
  readonly parts: AsyncIterable<Uint8Array>;
}

/**
 * The OCI distribution side of one Harbor. Repositories are named with their project. Every method rejects with an `AppError`;
 * `HARBOR_UNAUTHORIZED` also stands for a project that is missing or not allowed, since Harbor says 401 for both here
 * (goharbor/harbor src/server/middleware/v2auth/auth.go:47-160). Nothing read here counts as a pull.
 */
export interface RegistryV2Port {
  /** Digest and type of what a tag or digest stands for; undefined when it is not there. */
  headManifest(
    repository: string,
    reference: string,
    signal?: AbortSignal,
  ): Promise<{ readonly digest: string; readonly mediaType: string } | undefined>;
  /** The bytes, checked against their digest; undefined when it is not there. */
  manifest(repository: string, reference: string, signal?: AbortSignal): Promise<Manifest | undefined>;
  /** Stores a manifest under a tag or its digest, moving the tag if it exists. Never repeated once it was sent. Gives the digest. */
  putManifest(
    repository: string,
    reference: string,
    manifest: Pick<Manifest, "mediaType" | "bytes">,
    signal?: AbortSignal,
  ): Promise<string>;
  /** Removes an artifact with all its tags. */
  deleteManifest(repository: string, digest: string, signal?: AbortSignal): Promise<void>;

  /** Size in bytes; undefined when it is not there. */
  headBlob(repository: string, digest: string, signal?: AbortSignal): Promise<number | undefined>;
  /** Reads a blob, or a part of it, and throws the bytes away after counting them. Undefined when it is not there. */
  serveBlob(
    repository: string,
    digest: string,
    range?: BlobRange,
    signal?: AbortSignal,
  ): Promise<ServedBlob | undefined>;
  /**
   * A blob, or a part of it, as a stream. Undefined when it is not there; without parts where the blob ends before the range begins. An answer
   * proves nothing: Harbor's registry answers from a cache, and only the bytes that come show what it has.
   */
  readBlobRange(
    repository: string,
    digest: string,
    range?: BlobRange,
    signal?: AbortSignal,
  ): Promise<BlobStream | undefined>;
  /** A small blob in memory, checked against its digest; undefined when it is not there. */
  blob(repository: string, digest: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /** True when the blob could be taken over from another repository of the same registry. */
  mountBlob(repository: string, digest: string, from: string, signal?: AbortSignal): Promise<boolean>;
  /** Uploads at once, or in chunks of `chunkBytes`. Gives the digest. */
  uploadBlob(
    repository: string,
    bytes: Uint8Array,
    options?: { readonly chunkBytes?: number; readonly signal?: AbortSignal },
  ): Promise<string>;

  /**
   * Uploads a blob chunk by chunk, whatever the registry says that it has already; one chunk (of 5 MiB or more, but for the last) is in memory
   * at a time. Rejects with `HARBOR_NONSENSE`, and stores nothing, when the bytes are not those of the digest. Begin anew after a failure.
   */
  uploadBlobFrom(
    repository: string,
    digest: string,
    chunks: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<void>;

  /** Tags of a repository in the order of their names; nothing for one that is not there. */
  tags(repository: string, signal?: AbortSignal): AsyncIterable<string>;

  /** What our account may do in a repository (`pull`, `push`, `delete`), read from a token, whose claims nobody else is asked to believe. */
  granted(repository: string, signal?: AbortSignal): Promise<ReadonlySet<string>>;

  requestCount(): number;
  close(): void;
}
