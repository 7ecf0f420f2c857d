import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  /** As it came over the wire, still encoded. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** What a server does with a request: a reply, or, for misbehaviour, whatever it likes with the response. */
export type Answering = (seen: Seen, response: ServerResponse) => Reply | "answered";

export interface ScriptedServer {
  readonly url: string;
  readonly seen: Seen[];
  /** Connections that are open now, and the most that were at once. */
  readonly connections: { now: number; most: number; opened: number };
  close(): Promise<void>;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A real HTTP server on loopback that answers as a test says. */
export async function scriptedServer(answering: Answering, tls?: Certificate): Promise<ScriptedServer> {
  const seen: Seen[] = [];
  const connections = { now: 0, most: 0, opened: 0 };
  const sockets = new Set<Socket>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void receive(request, response, answering, seen);
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    connections.now += 1;
    connections.opened += 1;
    connections.most = Math.max(connections.most, connections.now);
    socket.once("close", () => {
      sockets.delete(socket);
      connections.now -= 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  answering: Answering,
  seen: Seen[],
): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of request as AsyncIterable<Uint8Array>) parts.push(part);
  const url = new URL(request.url ?? "/", "http://server");
  const one: Seen = {
    method: request.method ?? "",
    url: request.url ?? "",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(parts).toString("utf8"),
  };
  seen.push(one);
  const reply = answering(one, response);
  if (reply !== "answered") send(response, reply, one.method);
}

function send(response: ServerResponse, reply: Reply, method: string): void {
  const { status = 200, body = "", headers = {} } = reply;
  const bytes =
    body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const type = typeof body === "string" ? {} : { "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(status, { ...type, "Content-Length": String(bytes.length), ...headers });
  response.end(method === "HEAD" ? undefined : bytes);
}

/** A refusal as Harbor words it. */
export function refusal(status: number, code: string, message: string): Reply {
  return { status, body: { errors: [{ code, message }] } };
}
