import * as http from "node:http";
import * as https from "node:https";
import type { Duplex } from "node:stream";
import * as net from "node:net";
import * as tls from "node:tls";
import type { Millis } from "../clock.ts";
import { dialThroughProxy } from "./connect-proxy.ts";

export interface AgentOptions {
  /** Connections at once, kept open between requests. */
  readonly sockets: number;
  readonly connectMs: Millis;
  /** PEM of a private authority, trusted beside those that Node ships. */
  readonly ca?: string;
  readonly insecureSkipVerify: boolean;
  /** Asked for and verified instead of the host that is dialled: one node of several behind one name. */
  readonly publicName?: string;
  /** Used by HTTPS through CONNECT. Plain HTTP through a proxy is the transport's part. */
  readonly proxy?: URL;
}

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
  destroy(): void;
}

type Done = (error: Error | null, socket: Duplex) => void;

/** Keep-alive agents whose connections stand within `connectMs` or fail with ETIMEDOUT. */
export function createAgents(options: AgentOptions): Agents {
  const shared = { keepAlive: true, maxSockets: options.sockets, maxFreeSockets: options.sockets };
  const plain = new PlainAgent(shared, options.connectMs);
  const secure = new SecureAgent(
    {
      ...shared,
      rejectUnauthorized: !options.insecureSkipVerify,
      ...(options.ca === undefined ? {} : { ca: [...tls.rootCertificates, options.ca] }),
    },
    options.connectMs,
    options.proxy,
    options.publicName,
  );
  return {
    http: plain,
    https: secure,
    destroy: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

class PlainAgent extends http.Agent {
  readonly #connectMs: Millis;

  constructor(options: http.AgentOptions, connectMs: Millis) {
    super(options);
    this.#connectMs = connectMs;
  }

  override createConnection(options: net.NetConnectOpts): net.Socket {
    const socket = net.connect(options);
    boundConnecting(socket, "connect", this.#connectMs);
    return socket;
  }
}

class SecureAgent extends https.Agent {
  readonly #connectMs: Millis;
  readonly #proxy: URL | undefined;
  readonly #publicName: string | undefined;

  constructor(
    options: https.AgentOptions,
    connectMs: Millis,
    proxy: URL | undefined,
    publicName: string | undefined,
  ) {
    super(options);
    this.#connectMs = connectMs;
    this.#proxy = proxy;
    this.#publicName = publicName;
  }

  override createConnection(options: tls.ConnectionOptions, done: Done): Duplex | undefined {
    if (this.#proxy === undefined) return this.#secured(options);
    const target = { host: options.host ?? "localhost", port: options.port ?? 443 };
    dialThroughProxy(this.#proxy, target, this.#connectMs).then(
      (socket) => done(null, this.#secured({ ...options, socket })),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), new net.Socket()),
    );
    return undefined;
  }

  #secured(options: tls.ConnectionOptions): tls.TLSSocket {
    const socket = tls.connect({ ...options, ...this.#named(options) });
    boundConnecting(socket, "secureConnect", this.#connectMs);
    return socket;
  }

  #named(options: tls.ConnectionOptions): tls.ConnectionOptions {
    const name = this.#publicName;
    if (name === undefined) return { servername: options.servername ?? nameOf(options.host) };
    return {
      servername: nameOf(name),
      checkServerIdentity: (_dialled, certificate) => tls.checkServerIdentity(name, certificate),
    };
  }
}

/** A server name is a name; TLS forbids addresses there. */
function nameOf(host: string | undefined): string {
  return host === undefined || net.isIP(host) !== 0 ? "" : host;
}

/** Not by the socket's own timeout: whoever sends a request resets that, while TLS is still being agreed on. */
function boundConnecting(socket: net.Socket, ready: "connect" | "secureConnect", ms: Millis): void {
  const deadline = AbortSignal.timeout(ms);
  const late = (): void => {
    socket.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
  };
  const forget = (): void => deadline.removeEventListener("abort", late);
  deadline.addEventListener("abort", late, { once: true });
  socket.once(ready, forget);
  socket.once("close", forget);
}
