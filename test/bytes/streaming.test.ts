import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { afterEach, expect, test } from "vitest";
import { blobBytes, PIECE_BYTES } from "../../src/bytes/blob-bytes.ts";
import { copyBlob } from "../../src/bytes/copy-blob.ts";
import { verifyBlob } from "../../src/bytes/verify-blob.ts";
import { registryV2At } from "../registry-v2/registry-at.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { never } from "./world.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** One block, again and again: a blob of any size that takes no memory. */
const BLOCK = Buffer.alloc(64 * 1024, 0x5a);
const SIZE = 160 * 1024 * 1024 + 77;
const REPOSITORY = "big/app";

function digestOfSize(size: number): string {
  const hash = createHash("sha256");
  for (let at = 0; at < size; at += BLOCK.length)
    hash.update(BLOCK.subarray(0, Math.min(BLOCK.length, size - at)));
  return `sha256:${hash.digest("hex")}`;
}

async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const server = createServer((request, response) => void listener(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** Gives out the blob in the range that is asked for, or whole where `ranges` is off; breaks off the first `breaks` answers in the middle. */
function donor({ ranges = true, breaks = 0, size = SIZE } = {}): Promise<string> {
  let breaksLeft = breaks;
  return serve(async (request, response) => {
    const asked = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
    const [from, to] = ranges && asked !== null ? [Number(asked[1]), Number(asked[2])] : [0, size - 1];
    const length = { "Content-Length": String(to - from + 1) };
    response.writeHead(
      ranges ? 206 : 200,
      ranges ? { ...length, "Content-Range": `bytes ${from}-${to}/${size}` } : length,
    );
    breaksLeft -= 1;
    const last = breaksLeft >= 0 ? from + 1_000_000 : to;
    await pipeline(blocks(from, last, last < to), response).catch(() => response.destroy());
  });
}

function* blocks(from: number, to: number, breaksOff: boolean): Iterable<Buffer> {
  for (let at = from; at <= to; at += BLOCK.length)
    yield BLOCK.subarray(0, Math.min(BLOCK.length, to - at + 1));
  if (breaksOff) throw new Error("the line breaks");
}

interface Taken {
  readonly url: string;
  /** The largest body of one request. */
  most(): number;
  bytes(): number;
  digest(): string;
}

/** Takes an upload in, keeps nothing, and afterwards serves it, as far as both ends are asked for. */
async function target(): Promise<Taken> {
  const hash = createHash("sha256");
  const seen = { most: 0, bytes: 0, ended: false };
  const url = await serve(async (request, response) => {
    let length = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      hash.update(part);
    }
    seen.most = Math.max(seen.most, length);
    seen.bytes += length;
    if (request.method === "GET") {
      const [, from = "0", to = "0"] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
      response.writeHead(206, { "Content-Range": `bytes ${from}-${to}/${SIZE}` });
      response.end(BLOCK.subarray(0, Number(to) - Number(from) + 1));
      return;
    }
    response.writeHead(request.method === "PUT" ? 201 : 202, {
      Location: `/v2/${REPOSITORY}/blobs/uploads/1`,
    });
    response.end();
  });
  return {
    url,
    most: () => seen.most,
    bytes: () => seen.bytes,
    digest: () => `sha256:${hash.digest("hex")}`,
  };
}

/** The most memory for buffers while something goes on. */
/** What is still held, not what nobody has swept up yet. */
const sweep = ((): (() => void) => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();
const LOOKS_BETWEEN_SWEEPS = 25;

async function peak(work: Promise<unknown>): Promise<number> {
  let most = 0;
  let isDone = false;
  const watch = async (): Promise<void> => {
    for (let looks = 0; !isDone; looks += 1) {
      if (looks % LOOKS_BETWEEN_SWEEPS !== 0) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      sweep();
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const watching = watch();
  await work.finally(() => (isDone = true));
  await watching;
  return most;
}

function sourceAt(url: string) {
  const clock = new AutoClock();
  return { distribution: registryV2At(url, { clock }), clock };
}

const DIGEST = digestOfSize(SIZE);

test("a big blob goes from one registry to the other piece by piece, through memory that does not grow with it", async () => {
  const to = await target();
  const from = sourceAt(await donor({ breaks: 3 }));
  const beforeWrite = (): Promise<void> => Promise.resolve();
  const copying = copyBlob(
    {
      donor: from,
      target: sourceAt(to.url),
      repository: REPOSITORY,
      digest: DIGEST,
      size: SIZE,
      beforeWrite,
    },
    never,
  );
  const before = process.memoryUsage().arrayBuffers;
  const most = await peak(copying);
  expect(await copying).toBe("copied");
  expect(to.bytes()).toBe(SIZE);
  expect(to.digest()).toBe(DIGEST);
  expect(to.most()).toBe(PIECE_BYTES);
  expect(most - before).toBeLessThan(SIZE * 0.6);
});

test("what gives no ranges is read to its end, once", async () => {
  const size = 3_000_000;
  const source = sourceAt(await donor({ ranges: false, size }));
  const range = { from: size - 100, to: size - 1 };
  let bytes = 0;
  for await (const part of blobBytes(source, { repository: REPOSITORY, digest: DIGEST }, range, never)) {
    bytes += part.length;
  }
  expect(bytes).toBe(100);
  expect(source.distribution.requestCount()).toBe(1);
});

test("a big blob is verified by both of its ends, at the cost of two small answers", async () => {
  const source = sourceAt(await donor());
  const state = await verifyBlob(
    source,
    { repository: REPOSITORY, digest: DIGEST, size: SIZE },
    { whole: false },
    never,
  );
  expect(state).toEqual({ kind: "served", bytes: 2 * 65_536 });
  expect(source.distribution.requestCount()).toBe(2);
});
