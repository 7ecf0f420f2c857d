import { createHash } from "node:crypto";
import type { Answer } from "../harbor/answer.ts";
import type { Connection } from "../harbor/connection.ts";
import { undefinedIfAbsent } from "../harbor/undefined-if-absent.ts";
import type { Send } from "./authorization.ts";
import { digestOf } from "./digest.ts";
import type { BlobRange, ServedBlob } from "./port.ts";

type Signal = AbortSignal | undefined;

export interface Ways {
  readonly send: Send;
  /** For what lies outside the registry. */
  readonly connection: Connection;
}

interface Wanted {
  readonly repository: string;
  readonly digest: string;
  readonly range?: BlobRange | undefined;
  readonly method?: "HEAD";
}

/** A registry over object storage answers a GET with the address to read from. */
const ELSEWHERE = [301, 302, 303, 307, 308];

export function headBlob(
  ways: Ways,
  repository: string,
  digest: string,
  signal: Signal,
): Promise<number | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await open(ways, { repository, digest, method: "HEAD" }, signal);
    return Number(answer.header("content-length") ?? 0);
  });
}

export function serveBlob(
  ways: Ways,
  blob: { readonly repository: string; readonly digest: string; readonly range?: BlobRange | undefined },
  signal: Signal,
): Promise<ServedBlob | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await open(ways, blob, signal);
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const part of answer.stream ?? []) {
      bytes += part.length;
      hash.update(part);
    }
    const isWhole = answer.status !== 206 && blob.digest.startsWith("sha256:");
    return { bytes, matches: isWhole ? `sha256:${hash.digest("hex")}` === blob.digest : undefined };
  });
}

export function readBlob(
  ways: Ways,
  repository: string,
  digest: string,
  signal: Signal,
): Promise<Uint8Array | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await open(ways, { repository, digest }, signal);
    const parts: Uint8Array[] = [];
    for await (const part of answer.stream ?? []) parts.push(part);
    const bytes = Buffer.concat(parts);
    if (digestOf(bytes) !== digest)
      throw answer.nonsense(`the blob has the digest ${digestOf(bytes)} and not ${digest}`);
    return bytes;
  });
}

async function open({ send, connection }: Ways, wanted: Wanted, signal: Signal): Promise<Answer> {
  const { repository, digest, range, method = "GET" } = wanted;
  const headers: Record<string, string> =
    range === undefined ? {} : { Range: `bytes=${range.from}-${range.to}` };
  const shared = {
    doing: `reading the blob ${digest} of ${repository}`,
    method,
    repeatable: "read",
    streamed: method === "GET",
    patience: "patient",
    headers,
    signal,
  } as const;
  const answer = await send({ ...shared, repository, url: address(repository, digest), alsoGood: ELSEWHERE });
  if (!ELSEWHERE.includes(answer.status)) return answer;
  const location = answer.header("location") ?? "";
  if (!/^https?:\/\//.test(location))
    throw answer.nonsense("the registry sends us for the blob to no address");
  // The address is signed by itself: our credentials stay here.
  return await connection.request({ ...shared, url: location, authorization: "none" });
}

function address(repository: string, digest: string): string {
  return `/v2/${repository}/blobs/${digest}`;
}
