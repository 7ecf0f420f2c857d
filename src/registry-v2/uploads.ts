import type { Answer } from "../harbor/answer.ts";
import { createOnce } from "../harbor/create-once.ts";
import type { Send } from "./authorization.ts";
import { headBlob, type Ways } from "./blobs.ts";
import { digestOf } from "./digest.ts";

type Signal = AbortSignal | undefined;

/** True when mounted; else an upload was begun that nobody goes on with, and the registry clears it away later. */
export async function mountBlob(
  send: Send,
  blob: { readonly repository: string; readonly digest: string; readonly from: string },
  signal: Signal,
): Promise<boolean> {
  const { repository, digest, from } = blob;
  const answer = await send({
    doing: `mounting the blob ${digest} of ${from} into ${repository}`,
    repository,
    method: "POST",
    url: `/v2/${repository}/blobs/uploads/?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`,
    repeatable: "idempotent",
    signal,
  });
  return answer.status === 201;
}

/** A lost answer is looked up by a HEAD before the upload begins anew. */
export async function uploadBlob(
  ways: Ways,
  repository: string,
  bytes: Uint8Array,
  options: { readonly chunkBytes?: number | undefined; readonly signal?: Signal },
): Promise<string> {
  const digest = digestOf(bytes);
  await createOnce({
    send: async () => {
      await uploadOnce(
        ways.send,
        { repository, digest, bytes, chunkBytes: options.chunkBytes },
        options.signal,
      );
      return true;
    },
    find: async () => {
      const size = await headBlob(ways, repository, digest, options.signal);
      return size === bytes.length ? true : undefined;
    },
  });
  return digest;
}

interface Upload {
  readonly repository: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
  readonly chunkBytes: number | undefined;
}

async function uploadOnce(send: Send, upload: Upload, signal: Signal): Promise<void> {
  const { repository, digest, bytes, chunkBytes } = upload;
  const begun = await beginUpload(send, repository, digest, signal);
  const ready =
    chunkBytes === undefined ? begun : await sendChunks(send, begun, { ...upload, chunkBytes }, signal);
  const rest = chunkBytes === undefined ? bytes : new Uint8Array();
  await finishUpload(send, ready, { repository, digest, rest }, signal);
}

/** Ends an upload that `ready` is the last answer of. */
export async function finishUpload(
  send: Send,
  ready: Answer,
  {
    repository,
    digest,
    rest,
  }: { readonly repository: string; readonly digest: string; readonly rest: Uint8Array },
  signal: Signal,
): Promise<void> {
  const next = nextAddress(ready);
  const done = await send({
    doing: `uploading the blob ${digest} to ${repository}`,
    repository,
    method: "PUT",
    url: `${next}${next.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`,
    // The upload is gone once it succeeded, so a repetition would be refused.
    repeatable: "once",
    headers: { "Content-Type": "application/octet-stream" },
    body: rest,
    patience: "patient",
    signal,
  });
  const said = done.header("docker-content-digest") ?? digest;
  if (said !== digest) throw done.nonsense(`the registry stored the blob as ${said} and not as ${digest}`);
}

export function beginUpload(send: Send, repository: string, digest: string, signal: Signal): Promise<Answer> {
  return send({
    doing: `uploading the blob ${digest} to ${repository}`,
    repository,
    method: "POST",
    url: `/v2/${repository}/blobs/uploads/`,
    repeatable: "idempotent",
    signal,
  });
}

async function sendChunks(
  send: Send,
  begun: Answer,
  upload: Upload & { readonly chunkBytes: number },
  signal: Signal,
): Promise<Answer> {
  let answer = begun;
  for (let from = 0; from < upload.bytes.length; from += upload.chunkBytes) {
    const chunk = upload.bytes.subarray(from, from + upload.chunkBytes);
    answer = await sendChunk(send, answer, { ...upload, from, chunk }, signal);
  }
  return answer;
}

/** Adds bytes to an upload; gives the answer that says where the next ones go. */
export function sendChunk(
  send: Send,
  before: Answer,
  part: {
    readonly repository: string;
    readonly digest: string;
    readonly from: number;
    readonly chunk: Uint8Array;
  },
  signal: Signal,
): Promise<Answer> {
  const { repository, digest, from, chunk } = part;
  return send({
    doing: `uploading bytes from ${from} of the blob ${digest} to ${repository}`,
    repository,
    method: "PATCH",
    url: nextAddress(before),
    repeatable: "once",
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Range": `${from}-${from + chunk.length - 1}`,
    },
    body: chunk,
    patience: "patient",
    signal,
  });
}

/** Path and query only: the registry may name itself by an address that we were not told to trust with the password. */
export function nextAddress(answer: Answer): string {
  const location = answer.header("location") ?? "";
  const url = URL.canParse(location, "http://registry") ? new URL(location, "http://registry") : undefined;
  if (location === "" || url === undefined)
    throw answer.nonsense("the registry does not say where to upload to");
  return url.pathname + url.search;
}
