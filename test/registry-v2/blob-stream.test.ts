import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { BlobStream } from "../../src/registry-v2/port.ts";
import { collect } from "../support/harbor-at.ts";
import { refusal, scriptedServer, type Answering, type ScriptedServer } from "../support/scripted-server.ts";
import { IMAGE, registryV2At } from "./registry-at.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(answering: Answering): Promise<ScriptedServer> {
  const server = await scriptedServer(answering);
  open.push(server);
  return server;
}

const DIGEST = `sha256:${createHash("sha256").update(IMAGE.layer).digest("hex")}`;

async function textOf(stream: BlobStream | undefined): Promise<string | undefined> {
  return stream === undefined ? undefined : Buffer.concat(await collect(stream.parts)).toString();
}

async function* chunks(...texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) {
    await Promise.resolve();
    yield Buffer.from(text);
  }
}

describe("a blob as a stream", () => {
  test("is the range that was asked for, with the size of the whole", async () => {
    const server = await start((seen) => ({
      status: 206,
      headers: { "Content-Range": "bytes 6-8/20" },
      body: seen.headers.range === "bytes=6-8" ? "of " : "wrong range",
    }));
    const stream = await registryV2At(server.url).readBlobRange("library/app", DIGEST, { from: 6, to: 8 });
    expect(stream).toMatchObject({ from: 6, size: 20 });
    expect(await textOf(stream)).toBe("of ");
  });

  test("is the whole of it where something in front gives no ranges, and says where it begins", async () => {
    const server = await start(() => ({ body: Buffer.from("all of it") }));
    const stream = await registryV2At(server.url).readBlobRange("library/app", DIGEST, { from: 4, to: 5 });
    expect(stream).toMatchObject({ from: 0, size: 9 });
    expect(await textOf(stream)).toBe("all of it");
  });

  test("has no parts where the blob ends before the range", async () => {
    const server = await start(() => ({
      ...refusal(416, "BLOB_UNKNOWN", "requested range not satisfiable"),
      headers: { "Content-Range": "bytes */5" },
    }));
    const stream = await registryV2At(server.url).readBlobRange("library/app", DIGEST, { from: 7, to: 8 });
    expect(stream?.size).toBe(5);
    expect(await textOf(stream)).toBe("");
  });

  test("is not there when the storage behind the registry says so, in its own words", async () => {
    const storage = await start(() => ({ status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" }));
    const server = await start(() => ({
      status: 307,
      headers: { Location: `${storage.url}/bucket/x?sig=1` },
    }));
    expect(await registryV2At(server.url).readBlobRange("library/app", DIGEST)).toBeUndefined();
    expect(await registryV2At(server.url).serveBlob("library/app", DIGEST)).toBeUndefined();
  });

  test("is no absence when an ingress says 404", async () => {
    const server = await start(() => ({ status: 404, body: "<html>default backend</html>" }));
    await expect(registryV2At(server.url).readBlobRange("library/app", DIGEST)).rejects.toMatchObject({
      code: "HARBOR_NONSENSE",
    });
  });
});

describe("an upload as a stream", () => {
  const taking: Answering = (seen) => {
    const headers = { Location: "/v2/library/app/blobs/uploads/1?_state=s", "Docker-Content-Digest": DIGEST };
    if (seen.method === "PUT") return { status: 201, headers, body: "" };
    return { status: seen.method === "DELETE" ? 204 : 202, headers, body: "" };
  };

  test("goes chunk by chunk, and asks nothing of what may be there already", async () => {
    const server = await start(taking);
    const text = Buffer.from(IMAGE.layer).toString();
    await registryV2At(server.url).uploadBlobFrom(
      "library/app",
      DIGEST,
      chunks(text.slice(0, 10), text.slice(10)),
    );
    expect(server.seen.map(({ method, headers }) => [method, headers["content-range"]])).toEqual([
      ["POST", undefined],
      ["PATCH", "0-9"],
      ["PATCH", `10-${text.length - 1}`],
      ["PUT", undefined],
    ]);
    expect(server.seen.at(-1)?.query.get("digest")).toBe(DIGEST);
  });

  test("of other bytes than the digest's is taken back, never ended", async () => {
    const server = await start(taking);
    const upload = registryV2At(server.url).uploadBlobFrom("library/app", DIGEST, chunks("something else"));
    await expect(upload).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
    expect(server.seen.map(({ method }) => method)).toEqual(["POST", "PATCH", "DELETE"]);
  });

  test("that fails is taken back, and fails for its own reason", async () => {
    const server = await start((seen, response) =>
      seen.method === "PATCH" ? refusal(413, "SIZE", "too big") : taking(seen, response),
    );
    const upload = registryV2At(server.url).uploadBlobFrom("library/app", DIGEST, chunks("text"));
    await expect(upload).rejects.toMatchObject({ code: "HARBOR_REJECTED" });
    expect(server.seen.at(-1)?.method).toBe("DELETE");
  });
});
