import type { Core, Reply } from "./core.ts";
import { EMPTY, type Response } from "./exchange.ts";
import { parseJson, type Json } from "./json.ts";
import { unsealed } from "./sealed-secret.ts";
import type { EndpointRow } from "./state.ts";

/** Another Harbor could not be used; the text is what Harbor writes down. */
export class PeerFailure extends Error {
  /** What the peer answered, 0 when nothing came. */
  readonly status: number;

  constructor(text: string, status = 0) {
    super(text);
    this.name = "PeerFailure";
    this.status = status;
  }
}

/** The peer accepted the connection and never answers. */
export class PeerHangs extends Error {
  readonly whenOver: (resume: () => void) => void;

  constructor(whenOver: (resume: () => void) => void) {
    super("no answer");
    this.name = "PeerHangs";
    this.whenOver = whenOver;
  }
}

export interface PeerRequest {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Talks to the Harbor behind an endpoint as replication does, with its credentials and its user agent. */
export class Peer {
  readonly #core: Core;
  readonly #endpoint: EndpointRow;
  /** How long the answers took so far, in milliseconds: nothing but wrong passwords takes long. */
  waitedMs = 0;

  constructor(core: Core, endpoint: EndpointRow) {
    this.#core = core;
    this.#endpoint = unsealed(core, endpoint);
  }

  /** The answer, whatever its status. Throws `PeerFailure` without one, `PeerHangs` while it waits. */
  send(request: PeerRequest): Response {
    const [path, query] = split(request.target);
    const reply: Reply = this.#core.call(this.#endpoint.url, {
      method: request.method,
      path,
      query,
      headers: { ...this.#headers(), ...request.headers },
      body: request.body ?? EMPTY,
      lateMs: this.waitedMs,
    });
    if (reply.kind === "hang") throw new PeerHangs(reply.whenOver);
    if (reply.kind === "failed") {
      const verb = request.method.charAt(0) + request.method.slice(1).toLowerCase();
      throw new PeerFailure(`${verb} "${this.#endpoint.url}${request.target}": ${reply.text}`);
    }
    this.waitedMs += reply.delayMs;
    return reply.response;
  }

  /** As `send`, but any answer outside 2xx is a failure. */
  demand(request: PeerRequest): Response {
    const response = this.send(request);
    if (response.status >= 200 && response.status < 300) return response;
    throw new PeerFailure(
      `http error: code ${response.status}, message ${response.body.toString()}`,
      response.status,
    );
  }

  json(target: string): Json {
    const response = this.demand({ method: "GET", target });
    const value = parseJson(response.body);
    if (value === undefined) throw new PeerFailure("invalid character '<' looking for beginning of value");
    return value;
  }

  /**
   * What making an adapter does: ask for the API version (goharbor/harbor src/pkg/reg/adapter/harbor/base/client.go).
   * A plain registry is not asked.
   */
  open(): void {
    if (this.#endpoint.type === "harbor") this.json("/api/version");
  }

  #headers(): Record<string, string> {
    const headers: Record<string, string> = { "user-agent": "harbor-registry-client" };
    if (this.#endpoint.accessKey !== "") {
      const pair = `${this.#endpoint.accessKey}:${this.#endpoint.accessSecret}`;
      headers["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
    }
    return headers;
  }
}

function split(target: string): [string, string] {
  const at = target.indexOf("?");
  return at === -1 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}
