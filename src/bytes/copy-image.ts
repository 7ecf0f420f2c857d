import type { Manifest } from "../registry-v2/port.ts";
import type { Source } from "./blob-bytes.ts";
import { copyBlob } from "./copy-blob.ts";
import { manifestParts, type Part } from "./manifest-parts.ts";
import { sizeOf, verifyBlob } from "./verify-blob.ts";

/** A tag that is to stand for the image afterwards. */
export interface TagReference {
  readonly tag: string;
  /** What it must stand for right before it is set; undefined: it must not be there. What already stands there as wanted is left alone. */
  readonly expected: string | undefined;
}

export interface ImageCopy {
  readonly donor: Source;
  readonly target: Source;
  /** With the project, the same on both. */
  readonly repository: string;
  /** Of the manifest or index. */
  readonly digest: string;
  /** Empty: the image is to be there by its digest, e.g. a signature that names its subject, or one whose tags stand already. */
  readonly tags: readonly TagReference[];
  /** Sends every blob, also one that the target serves. Its registry keeps the file that it has in either case. */
  readonly rewrite?: boolean;
  /** Brings an image that this one is about (its `subject`) first, where the target lacks it. */
  readonly withSubject?: boolean;
  /** Called right before each write; rejects when we may no longer write. */
  beforeWrite(): Promise<void>;
}

export type CopyResult =
  /** All of it is there, and what was sent is served. */
  | {
      readonly kind: "copied";
      readonly blobs: number;
      readonly bytes: number;
      readonly manifests: number;
      readonly tags: number;
    }
  /** Somebody moved or removed this tag meanwhile, and it was not touched; the tags before it were set. */
  | { readonly kind: "changed"; readonly tag: string; readonly found: string | undefined }
  | { readonly kind: "donor lacks"; readonly what: string }
  /** The target said yes, and does not serve it: a damaged file stands in the way. */
  | { readonly kind: "not taken"; readonly what: string };

/**
 * Brings a whole image from one registry to another, or what of it the target does not serve: images of an index first, blobs before their
 * manifest, tags last. So it can be stopped anywhere and begun again. What the target serves is found by reading bytes, never by asking, since
 * that is what Harbor's own replication relies on and why it repairs nothing. A manifest that is served under its tags is not put again:
 * that would be refused for an immutable tag, and tell everybody of a push. Rejects with an `AppError` of either registry.
 */
export async function copyImage(copy: ImageCopy, signal: AbortSignal): Promise<CopyResult> {
  const work: Work = { copy, signal, sum: { blobs: 0, bytes: 0, manifests: 0, tags: 0 } };
  try {
    const manifest = await bringContent(work, copy.digest);
    if (copy.tags.length === 0 && !(await isServed(work, manifest))) await putByDigest(work, manifest);
    for (const reference of copy.tags) await setTag(work, manifest, reference);
    return { kind: "copied", ...work.sum };
  } catch (thrown) {
    if (thrown instanceof Stopped) return thrown.result;
    throw thrown;
  }
}

interface Work {
  readonly copy: ImageCopy;
  readonly signal: AbortSignal;
  readonly sum: { blobs: number; bytes: number; manifests: number; tags: number };
}

/** Ends the copy with a result that is no failure. */
class Stopped extends Error {
  readonly result: CopyResult;

  constructor(result: CopyResult) {
    super(result.kind);
    this.result = result;
  }
}

/** Brings all that a manifest names, but not the manifest. */
async function bringContent(work: Work, digest: string): Promise<Manifest> {
  const { copy, signal } = work;
  signal.throwIfAborted();
  const manifest = await copy.donor.distribution.manifest(copy.repository, digest, signal);
  if (manifest === undefined) throw new Stopped({ kind: "donor lacks", what: `manifest ${digest}` });
  const { subject, children, blobs } = manifestParts(manifest);
  if (subject !== undefined && copy.withSubject === true) await bringWhole(work, subject);
  for (const child of children) await bringWhole(work, child.digest);
  for (const blob of blobs) if (!blob.foreign) await bringBlob(work, blob);
  return manifest;
}

/** An image without a tag of its own, which has to be there before what names it. */
async function bringWhole(work: Work, digest: string): Promise<void> {
  const manifest = await bringContent(work, digest);
  if (!(await isServed(work, manifest))) await putByDigest(work, manifest);
}

async function bringBlob(work: Work, part: Part): Promise<void> {
  const { copy, signal } = work;
  const { donor, target, repository } = copy;
  const { role, digest } = part;
  const what = `${role} ${digest}`;
  if (copy.rewrite !== true) {
    const state = await verifyBlob(target, { ...part, repository }, { whole: false }, signal);
    if (state.kind === "unread") throw state.error;
    if (state.kind === "served") return;
  }
  const size = await sizeOf(donor, { ...part, repository }, signal);
  if (size === undefined) throw new Stopped({ kind: "donor lacks", what });
  const beforeWrite = (): Promise<void> => copy.beforeWrite();
  const copied = await copyBlob({ donor, target, repository, digest, size, beforeWrite }, signal);
  if (copied === "donor lacks it") throw new Stopped({ kind: "donor lacks", what });
  if (copied === "not taken") throw new Stopped({ kind: "not taken", what });
  work.sum.blobs += 1;
  work.sum.bytes += size;
}

async function isServed({ copy, signal }: Work, { digest }: Manifest): Promise<boolean> {
  return (await copy.target.distribution.manifest(copy.repository, digest, signal)) !== undefined;
}

/**
 * Brings back the bytes of a manifest that Harbor knows and its registry lost. A PUT is answered with 201 then, and writes nothing as long as
 * the registry's cache names it (seen on 2.1.6, 2.9.0 and 2.14.4); the end of an upload looks at the file itself.
 */
async function revive({ copy, signal }: Work, manifest: Manifest): Promise<void> {
  await copy.beforeWrite();
  await copy.target.distribution.uploadBlobFrom(
    copy.repository,
    manifest.digest,
    once(manifest.bytes),
    signal,
  );
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

async function putByDigest(work: Work, manifest: Manifest): Promise<void> {
  const { copy, signal, sum } = work;
  await copy.beforeWrite();
  await copy.target.distribution.putManifest(copy.repository, manifest.digest, manifest, signal);
  if (!(await isServed(work, manifest))) await revive(work, manifest);
  if (!(await isServed(work, manifest))) throw notTaken(manifest);
  sum.manifests += 1;
}

async function setTag(work: Work, manifest: Manifest, { tag, expected }: TagReference): Promise<void> {
  const { copy, signal, sum } = work;
  let found = await digestAt(work, tag);
  // Also what is known to stand there is 404 when its bytes are lost.
  if (found === undefined && expected === manifest.digest) {
    await revive(work, manifest);
    found = await digestAt(work, tag);
  }
  if (found === manifest.digest) return;
  if (found !== expected) throw new Stopped({ kind: "changed", tag, found });
  await copy.beforeWrite();
  await copy.target.distribution.putManifest(copy.repository, tag, manifest, signal);
  if (!(await isServed(work, manifest))) await revive(work, manifest);
  const after = await digestAt(work, tag);
  if (after === undefined) throw notTaken(manifest);
  if (after !== manifest.digest) throw new Stopped({ kind: "changed", tag, found: after });
  sum.tags += 1;
}

async function digestAt({ copy, signal }: Work, tag: string): Promise<string | undefined> {
  return (await copy.target.distribution.headManifest(copy.repository, tag, signal))?.digest;
}

function notTaken({ digest }: Manifest): Stopped {
  return new Stopped({ kind: "not taken", what: `manifest ${digest}` });
}

/** Why a copy did not bring everything, as half a sentence; undefined when it did. */
export function whyNotCopied(result: CopyResult, donor: string, target: string): string | undefined {
  switch (result.kind) {
    case "copied":
      return undefined;
    case "changed":
      return `${result.tag} changed on ${target} meanwhile`;
    case "donor lacks":
      return `${donor} does not serve ${result.what} either`;
    case "not taken":
      return `${target} said that it stored ${result.what}, and does not serve it: a damaged file stands in the way; remove it from the storage of its registry, then heal again`;
  }
}
