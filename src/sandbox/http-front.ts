import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import type { Delivery } from "./delivery.ts";
import type { Response } from "./exchange.ts";
import type { Listener } from "./listener.ts";

export interface ServeOptions {
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port?: number;
}

export interface Served {
  readonly url: string;
  /** Resolves once the port is as the last `down` or `up` wants it. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 5000;

/**
 * Serves a sandbox, or the front of a cluster, on a real socket. Its `url` becomes the served one. While it is down the port refuses
 * connections, afterwards the same port listens again.
 */
export async function serveSandbox(sandbox: Listener, options: ServeOptions = {}): Promise<Served> {
  const host = options.host ?? "127.0.0.1";
  const sockets = new Set<Socket>();
  const stop = new AbortController();
  const server = createServer((incoming, outgoing) => {
    take(sandbox, sandbox.clock, stop.signal, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await listen(server, host, options.port ?? 0);
  const port = portOf(server);
  let changing: Promise<void> = Promise.resolve();
  const unsubscribe = sandbox.onReachability((up) => {
    changing = changing.then(() => (up ? listen(server, host, port) : shut(server, sockets)));
    if (!up) for (const socket of sockets) socket.destroy();
  });
  const url = `http://${host}:${port}`;
  sandbox.url = url;
  return {
    url,
    settled: () => changing,
    close: async () => {
      unsubscribe();
      stop.abort();
      await changing;
      await shut(server, sockets);
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

function shut(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}

async function take(
  sandbox: Listener,
  clock: Clock,
  stop: AbortSignal,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    const piece: unknown = chunk;
    if (Buffer.isBuffer(piece)) chunks.push(piece);
  }
  const target = incoming.url ?? "/";
  const at = target.indexOf("?");
  const delivery = sandbox.receive({
    method: incoming.method ?? "GET",
    path: at === -1 ? target : target.slice(0, at),
    query: at === -1 ? "" : target.slice(at + 1),
    headers: headersOf(incoming),
    body: Buffer.concat(chunks),
  });
  await send(sandbox, clock, stop, delivery, incoming.socket, outgoing);
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** Makes the delivery real at the socket. */
async function send(
  sandbox: Listener,
  clock: Clock,
  stop: AbortSignal,
  delivery: Delivery,
  socket: Socket,
  outgoing: ServerResponse,
): Promise<void> {
  switch (delivery.kind) {
    case "refused":
      socket.destroy();
      return;
    case "hang":
      sandbox.onHangOver(() => socket.resetAndDestroy());
      return;
    case "reset":
      if (delivery.response !== undefined) await writePart(outgoing, delivery.response, delivery.afterBytes);
      socket.resetAndDestroy();
      return;
    case "answer":
      if (delivery.delayMs > 0) await clock.sleep(delivery.delayMs, stop);
      write(outgoing, delivery.response);
      outgoing.end();
  }
}

/** A HEAD has the length of what a GET would send. */
function write(outgoing: ServerResponse, response: Response): void {
  outgoing.writeHead(response.status, headersToSend(outgoing, response));
  if (response.body.length > 0) outgoing.write(response.body);
}

function headersToSend(outgoing: ServerResponse, response: Response): Record<string, string | string[]> {
  const isHead = outgoing.req.method === "HEAD";
  const headers = withCookies(response);
  return isHead ? headers : { ...headers, "content-length": String(response.body.length) };
}

/** Each cookie is a header of its own. */
function withCookies(response: Response): Record<string, string | string[]> {
  const cookies = response.headers["set-cookie"]?.split("\n");
  return { ...response.headers, ...(cookies === undefined ? {} : { "set-cookie": cookies }) };
}

function writePart(outgoing: ServerResponse, response: Response, bytes: number): Promise<void> {
  outgoing.writeHead(response.status, withCookies(response));
  return new Promise((resolve) => {
    outgoing.write(response.body.subarray(0, bytes), () => resolve());
  });
}
