import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { ConnectionDeps } from "../../src/harbor/connection.ts";
import { createNodeClient, type NodeAddress } from "../../src/harbor/node-client.ts";
import type { NodePort, NodeReply, NodeRequest } from "../../src/harbor/node-port.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { CANARY, registryAt } from "../support/harbor-at.ts";
import {
  scriptedServer,
  type Answering,
  type Certificate,
  type ScriptedServer,
} from "../support/scripted-server.ts";
import { TEST_AUTHORITY, testCertificate } from "../support/test-certificates.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(answering: Answering, tls?: Certificate): Promise<ScriptedServer> {
  const server = await scriptedServer(answering, tls);
  open.push(server);
  return server;
}

function nodeAt(url: string, more: Partial<NodeAddress> = {}, deps: Partial<ConnectionDeps> = {}): NodePort {
  const node = createNodeClient(
    { name: "n1", url, insecureSkipVerify: false, ...more },
    registryAt(url).account,
    { clock: new AutoClock(), random: () => 0.5, environment: {}, ...deps },
  );
  open.push(node);
  return node;
}

const GET: NodeRequest = { method: "GET", path: "/v2/", as: "account" };

async function replyOf(node: NodePort, request: NodeRequest = GET): Promise<NodeReply> {
  const answer = await node.ask(request);
  if (answer.kind === "silence") throw new Error(answer.text);
  return answer;
}

/** Promises more than it sends. */
const cutAfter =
  (text: string, status = 200): Answering =>
  (_, response: ServerResponse) => {
    response.writeHead(status, { "Content-Length": "100" });
    response.write(text, () => response.destroy());
    return "answered";
  };

describe("a node at its own address", () => {
  test("is asked under the public name", async () => {
    const server = await serve(() => ({ body: "yes" }));
    await replyOf(nodeAt(server.url, { host: "hub.example.com:8443" }));
    await replyOf(nodeAt(server.url));
    expect(server.seen.map(({ headers }) => headers.host)).toEqual([
      "hub.example.com:8443",
      new URL(server.url).host,
    ]);
  });

  test("is believed by a certificate for the public name, and by none for another", async () => {
    const server = await serve(() => ({}), testCertificate("wrong-name"));
    const other = { ca: TEST_AUTHORITY, host: "elsewhere.example:8443" };
    expect((await replyOf(nodeAt(server.url, other))).status).toBe(200);
    for (const wrong of [{ host: "hub.example.com" }, { host: "10.1.2.3" }, {}]) {
      const answer = await nodeAt(server.url, { ca: TEST_AUTHORITY, ...wrong }).ask(GET);
      expect(answer).toMatchObject({ kind: "silence", why: "tls" });
    }
    expect(server.seen).toHaveLength(1);
  });

  test("is believed by a certificate for an address that stands for the public name", async () => {
    const server = await serve(() => ({}), testCertificate("right"));
    const named = server.url.replace("127.0.0.1", "localhost");
    expect((await replyOf(nodeAt(named, { ca: TEST_AUTHORITY, host: "127.0.0.1" }))).status).toBe(200);
    expect(await nodeAt(named, { host: "127.0.0.1" }).ask(GET)).toMatchObject({ why: "tls" });
  });

  test.each([
    ["account", { authorization: `Basic ${Buffer.from(`admin:${CANARY}`).toString("base64")}` }],
    ["nobody", {}],
    [{ bearer: "abc" }, { authorization: "Bearer abc" }],
    [
      { cookies: "sid=1", csrfToken: "t" },
      { cookie: "sid=1", "x-harbor-csrf-token": "t" },
    ],
    [
      { cookies: "sid=1", withAccount: true },
      { cookie: "sid=1", authorization: `Basic ${Buffer.from(`admin:${CANARY}`).toString("base64")}` },
    ],
  ] as const)("is shown who asks: %j", async (as, expected) => {
    const server = await serve(() => ({}));
    await replyOf(nodeAt(server.url), { ...GET, as });
    const { authorization, cookie, "x-harbor-csrf-token": csrf } = server.seen[0]?.headers ?? {};
    const shown = { authorization, cookie, "x-harbor-csrf-token": csrf };
    expect(Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))).toEqual(
      expected,
    );
  });

  test("gives each cookie by itself, in order", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { "Set-Cookie": ["sid=1; Path=/", "sid=2; Path=/; HttpOnly"] });
      response.end();
      return "answered";
    });
    expect((await replyOf(nodeAt(server.url))).cookies).toEqual(["sid=1; Path=/", "sid=2; Path=/; HttpOnly"]);
  });

  test("is not followed elsewhere by itself", async () => {
    const server = await serve(() => ({ status: 307, headers: { Location: "http://other.example/x" } }));
    const { status, headers } = await replyOf(nodeAt(server.url));
    expect([status, headers["location"]]).toEqual([307, "http://other.example/x"]);
  });

  test.each(["http://other.example/", "@other.example/", ""])("is asked for paths only: %j", async (path) => {
    const server = await serve(() => ({}));
    await expect(nodeAt(server.url).ask({ ...GET, path })).rejects.toMatchObject({ code: "BUG" });
    expect(server.seen).toEqual([]);
  });
});

describe("an answer", () => {
  test.each([200, 206, 404, 500])(
    "that is cut off within its body comes as what arrived (%i)",
    async (status) => {
      const server = await serve(cutAfter("four", status));
      const { body, cut, ...rest } = await replyOf(nodeAt(server.url));
      expect(rest.status).toBe(status);
      expect([Buffer.from(body).toString(), cut]).toEqual(["four", true]);
    },
  );

  test("that is cut off before its first byte is still one", async () => {
    const server = await serve(cutAfter(""));
    expect(await replyOf(nodeAt(server.url))).toMatchObject({ status: 200, cut: true });
  });

  test("is whole where its length was told and came, and where HEAD only tells it", async () => {
    const server = await serve(() => ({ body: "all of it" }));
    expect((await replyOf(nodeAt(server.url))).cut).toBe(false);
    const head = await replyOf(nodeAt(server.url), { ...GET, method: "HEAD" });
    expect([head.cut, head.headers["content-length"]]).toEqual([false, "9"]);
  });

  test("is kept up to 4 MiB", async () => {
    const server = await serve(() => ({ body: Buffer.alloc(5 * 1024 * 1024, 1) }));
    const { body, cut } = await replyOf(nodeAt(server.url));
    expect([body.length, cut]).toEqual([4 * 1024 * 1024, false]);
  });
});

describe("silence", () => {
  test("is told by its reason, once, and without the password", async () => {
    const gone = await scriptedServer(() => ({}));
    await gone.close();
    const refused = await nodeAt(gone.url).ask(GET);
    expect(refused).toMatchObject({ kind: "silence", why: "refused" });
    expect(JSON.stringify(refused)).not.toContain(CANARY);

    const reset = await serve((_, response) => {
      response.destroy();
      return "answered";
    });
    const node = nodeAt(reset.url);
    expect(await node.ask(GET)).toMatchObject({ kind: "silence", why: "reset" });
    expect(reset.seen).toHaveLength(1);
    expect(node.requestCount()).toBe(1);

    const hanging = await serve(() => "answered");
    const late = await nodeAt(hanging.url).ask({ ...GET, timeoutMs: 50 });
    expect(late).toMatchObject({ kind: "silence", why: "timeout" });
  });

  test("that we ask for is a rejection", async () => {
    const hanging = await serve(() => "answered");
    const stop = new AbortController();
    const asked = nodeAt(hanging.url).ask(GET, stop.signal);
    stop.abort(new Error("enough"));
    await expect(asked).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(nodeAt(hanging.url).ask(GET, stop.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

test("elsewhere learns nothing of who asks", async () => {
  const storage = await serve(() => ({ body: "bytes" }));
  const node = nodeAt("http://127.0.0.1:1", { host: "hub.example.com" });
  const answer = await node.elsewhere(`${storage.url}/bucket/x?signature=1`);
  expect(answer).toMatchObject({ kind: "reply", status: 200 });
  const { host, authorization, cookie } = storage.seen[0]?.headers ?? {};
  expect([host, authorization, cookie]).toEqual([new URL(storage.url).host, undefined, undefined]);
  for (const strange of ["file:///etc/passwd", "ftp://x/", "nonsense"]) {
    expect(await node.elsewhere(strange)).toMatchObject({ kind: "silence", why: "other" });
  }
});

test("nothing that writes leaves where nothing may be written", async () => {
  const server = await serve(() => ({}));
  const node = nodeAt(server.url, {}, { readOnly: true });
  await expect(node.ask({ ...GET, method: "PUT" })).rejects.toMatchObject({ code: "READ_ONLY" });
  expect((await replyOf(node)).status).toBe(200);
  expect(server.seen).toHaveLength(1);
});

test("connections are kept while the node is asked, and made anew after a rest", async () => {
  const clock = new AutoClock();
  const server = await serve(() => ({}));
  const node = nodeAt(server.url, {}, { clock });
  for (let times = 0; times < 3; times += 1) await replyOf(node);
  expect(server.connections.opened).toBe(1);
  clock.advance(11_000);
  await replyOf(node);
  expect(server.connections.opened).toBe(2);
});
