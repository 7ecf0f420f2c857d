import type { Answer } from "../harbor/answer.ts";
import { MANIFEST_TYPES } from "../harbor/tag-digest.ts";
import { undefinedIfAbsent } from "../harbor/undefined-if-absent.ts";
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
    const digest = digestOf(answer.body);
    const wanted = isDigest(reference) ? reference : digestIn(answer);
    if (wanted.startsWith("sha256:") && wanted !== digest) {
      throw answer.nonsense(`the manifest has the digest ${digest} and not ${wanted}`);
    }
    return { digest: wanted, mediaType: answer.header("content-type") ?? "", bytes: answer.body };
  });
}

export async function putManifest(
  send: Send,
  repository: string,
  reference: string,
  manifest: Pick<Manifest, "mediaType" | "bytes">,
  signal: Signal,
): Promise<string> {
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
  const digest = digestOf(manifest.bytes);
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
