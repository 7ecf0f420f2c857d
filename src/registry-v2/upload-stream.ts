import { createHash } from "node:crypto";
import type { Answer } from "../harbor/answer.ts";
import type { Send } from "./authorization.ts";
import { beginUpload, finishUpload, nextAddress, sendChunk } from "./uploads.ts";

type Signal = AbortSignal | undefined;

export interface StreamedUpload {
  readonly repository: string;
  readonly digest: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Uploads chunk by chunk, hashing what goes by. An upload that does not come to its end is taken back, as far as the registry lets us. */
export async function uploadBlobFrom(send: Send, upload: StreamedUpload, signal: Signal): Promise<void> {
  const { repository, digest } = upload;
  let last = await beginUpload(send, repository, digest, signal);
  const hash = createHash("sha256");
  let from = 0;
  try {
    for await (const chunk of upload.chunks) {
      hash.update(chunk);
      last = await sendChunk(send, last, { repository, digest, from, chunk }, signal);
      from += chunk.length;
    }
    const given = `sha256:${hash.digest("hex")}`;
    // Of other algorithms the registry itself verifies what came.
    if (digest.startsWith("sha256:") && given !== digest)
      throw last.nonsense(`the bytes to upload have the digest ${given}`);
    await finishUpload(send, last, { repository, digest, rest: new Uint8Array() }, signal);
  } catch (thrown) {
    if (signal?.aborted !== true) await takeBack(send, repository, last, signal);
    throw thrown;
  }
}

/** What stays of it, the registry clears away after a week (its `uploadpurging`). */
async function takeBack(send: Send, repository: string, last: Answer, signal: Signal): Promise<void> {
  try {
    await send({
      doing: `taking back an upload to ${repository}`,
      repository,
      method: "DELETE",
      url: nextAddress(last),
      repeatable: "once",
      single: true,
      signal,
    });
  } catch {
    signal?.throwIfAborted();
  }
}
