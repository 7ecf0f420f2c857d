import { createHash } from "node:crypto";
import type { Answer } from "../harbor/answer.ts";
import type { Connection } from "../harbor/connection.ts";
import { HarborError } from "../harbor/harbor-error.ts";
import { undefinedIfAbsent } from "../harbor/undefined-if-absent.ts";
import type { Send } from "./authorization.ts";
import { digestOf } from "./digest.ts";
import type { BlobRange, BlobStream, ServedBlob } from "./port.ts";

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
  readonly alsoGood?: readonly number[];
}

/** The range begins where the blob has ended. */
const BEYOND_THE_END = 416;

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

export function readBlobRange(
  ways: Ways,
  blob: { readonly repository: string; readonly digest: string; readonly range?: BlobRange | undefined },
  signal: Signal,
): Promise<BlobStream | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await open(ways, { ...blob, alsoGood: [BEYOND_THE_END] }, signal);
    // "bytes 0-65535/1048576", or "bytes */10" with 416.
    const said = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(answer.header("content-range") ?? "");
    const length = answer.status === 200 ? answer.header("content-length") : undefined;
    const size = said?.[2] ?? length;
    return {
      from: said?.[1] === undefined ? 0 : Number(said[1]),
      size: size === undefined ? undefined : Number(size),
      parts: answer.stream ?? nothing(),
    };
  });
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // Nothing to give.
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
  const { repository, digest, range, method = "GET", alsoGood = [] } = wanted;
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
  const url = address(repository, digest);
  const answer = await send({ ...shared, repository, url, alsoGood: [...ELSEWHERE, ...alsoGood] });
  if (!ELSEWHERE.includes(answer.status)) return answer;
  const location = answer.header("location") ?? "";
  if (!/^https?:\/\//.test(location))
    throw answer.nonsense("the registry sends us for the blob to no address");
  // The address is signed by itself: our credentials stay here.
  const elsewhere = { ...shared, url: location, authorization: "none", alsoGood: [404, ...alsoGood] };
  const given = await connection.request(elsewhere);
  // The storage has its own words for it, in XML, which say nothing of Harbor.
  if (given.status === 404) throw lost(connection, shared.doing, method, url);
  return given;
}

function lost({ registry }: Connection, doing: string, method: string, url: string): HarborError {
  const reason = "the storage behind the registry does not have it";
  return new HarborError("HARBOR_NOT_FOUND", `${doing} failed: ${reason}`, {
    registry: registry.name,
    method,
    url,
    reason,
    reached: "yes",
    status: 404,
  });
}

function address(repository: string, digest: string): string {
  return `/v2/${repository}/blobs/${digest}`;
}
