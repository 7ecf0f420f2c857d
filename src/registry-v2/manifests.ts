import type { Answer } from "../harbor/answer.ts";
import { MANIFEST_TYPES } from "../harbor/tag-digest.ts";
import { undefinedIfAbsent } from "../harbor/undefined-if-absent.ts";
import { WireObject } from "../harbor/wire-object.ts";
import type { Send } from "./authorization.ts";
import { digestOf, isDigest } from "./digest.ts";
import type { Manifest } from "./port.ts";

type Signal = AbortSignal | undefined;

export function headManifest(
  send: Send,
  repository: string,
  reference: string,
  signal: Signal,
): Promise<{ readonly digest: string; readonly mediaType: string } | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await send({
      doing: `asking for ${named(repository, reference)}`,
      repository,
      method: "HEAD",
      url: address(repository, reference),
      repeatable: "read",
      headers: { Accept: MANIFEST_TYPES },
      signal,
    });
    return { digest: digestIn(answer), mediaType: answer.header("content-type") ?? "" };
  });
}

export function readManifest(
  send: Send,
  repository: string,
  reference: string,
  signal: Signal,
): Promise<Manifest | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await send({
      doing: `reading ${named(repository, reference)}`,
      repository,
      method: "GET",
      url: address(repository, reference),
      repeatable: "read",
      headers: { Accept: MANIFEST_TYPES },
      signal,
    });
    const manifest = { mediaType: answer.header("content-type") ?? "", bytes: answer.body };
    const digest = digestOf(digestedBytes(manifest));
    const wanted = isDigest(reference) ? reference : digestIn(answer);
    if (wanted.startsWith("sha256:") && wanted !== digest) {
      throw answer.nonsense(`the manifest has the digest ${digest} and not ${wanted}`);
    }
    return { digest: wanted, ...manifest };
  });
}

export async function putManifest(
  send: Send,
  repository: string,
  reference: string,
  manifest: Pick<Manifest, "mediaType" | "bytes">,
  signal: Signal,
): Promise<string> {
  const digest = digestOf(digestedBytes(manifest));
  const answer = await send({
    doing: `storing ${named(repository, reference)}`,
    repository,
    method: "PUT",
    url: address(repository, reference),
    // A repetition after a lost answer could take the tag away from somebody who pushed meanwhile.
    repeatable: "once",
    headers: { "Content-Type": manifest.mediaType },
    body: manifest.bytes,
    signal,
  });
  const said = answer.header("docker-content-digest") ?? digest;
  if (said !== digest) throw answer.nonsense(`the registry stored it as ${said} and not as ${digest}`);
  return digest;
}

export async function deleteManifest(
  send: Send,
  repository: string,
  digest: string,
  signal: Signal,
): Promise<void> {
  await send({
    doing: `deleting ${named(repository, digest)}`,
    repository,
    method: "DELETE",
    url: address(repository, digest),
    repeatable: "idempotent",
    signal,
  });
}

const SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";

/** Only what is asked for here of a signed manifest, and of how its payload was cut to take the signatures in. */
interface SignedManifest {
  readonly signatures?: readonly { readonly protected?: string }[];
}

interface Format {
  readonly formatLength?: number;
  readonly formatTail?: string;
}

/**
 * What a digest is of. A registry signs Docker's first format with a key of its own for each who asks, so that only what was signed stays the same
 * (distribution/distribution v2.8.3 registry/storage/signedmanifesthandler.go:27-81, docker/libtrust jsonsign.go:493-574).
 */
function digestedBytes({ mediaType, bytes }: Pick<Manifest, "mediaType" | "bytes">): Uint8Array {
  if (!mediaType.startsWith(SIGNED)) return bytes;
  const [signature] = new WireObject<SignedManifest>(parsed(bytes), "manifest").list("signatures");
  if (signature === undefined) return bytes;
  const encoded = Buffer.from(signature.text("protected"), "base64url");
  const format = new WireObject<Format>(parsed(encoded), "manifest.signatures[0].protected");
  const tail = Buffer.from(format.text("formatTail"), "base64url");
  return Buffer.concat([bytes.subarray(0, format.count("formatLength")), tail]);
}

/** Undefined where it is no JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return value;
  } catch {
    return undefined;
  }
}

function address(repository: string, reference: string): string {
  return `/v2/${repository}/manifests/${isDigest(reference) ? reference : encodeURIComponent(reference)}`;
}

function named(repository: string, reference: string): string {
  return `${repository}${isDigest(reference) ? "@" : ":"}${reference}`;
}

function digestIn(answer: Answer): string {
  const digest = answer.header("docker-content-digest") ?? "";
  if (!isDigest(digest)) throw answer.nonsense("the answer names no digest");
  return digest;
}
