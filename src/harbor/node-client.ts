import { reasonOf } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Account } from "../topology/model.ts";
import type { ConnectionDeps } from "./connection.ts";
import { explainFailure } from "./explain-failure.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { AskAs, NodeAnswer, NodePort, NodeRequest, NodeSilence } from "./node-port.ts";
import { refuseToWrite } from "./read-only.ts";
import { printable, redactedUrl } from "./redact.ts";
import { UNCOUNTED_AGENT } from "./tag-digest.ts";
import { BrokenStream, createTransport, type NoAnswer, type Outgoing, type Transport } from "./transport.ts";

/** A node, or the front, and how it is reached. */
export interface NodeAddress {
  readonly name: string;
  /** Its own address: scheme, host, port and path. */
  readonly url: string;
  /** The public name (with its port, if it has one) to ask for in `Host` and in TLS, where the address has another. */
  readonly host?: string;
  /** PEM of a private authority. */
  readonly ca?: string;
  readonly insecureSkipVerify: boolean;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const LARGEST_BODY = 4 * 1024 * 1024;
/** Balancers and firewalls drop what was silent for longer, which would look like a node that breaks connections. */
const LONGEST_REST_MS = 10_000;

/**
 * The way to one node of a cluster. The certificate is verified against the public name, and the account's password goes to this address
 * only: a path is all that a request can name. `elsewhere` sends nothing that proves who asks.
 */
export function createNodeClient(node: NodeAddress, account: Account, deps: ConnectionDeps): NodePort {
  return new NodeLine(node, account, deps);
}

class NodeLine implements NodePort {
  readonly name: string;
  readonly url: string;
  readonly #node: NodeAddress;
  readonly #account: Account;
  readonly #deps: ConnectionDeps;
  readonly #own: Pool;
  readonly #elsewhere: Pool;
  #sent = 0;

  constructor(node: NodeAddress, account: Account, deps: ConnectionDeps) {
    this.name = node.name;
    this.url = node.url;
    this.#node = node;
    this.#account = account;
    this.#deps = deps;
    const name = node.host === undefined ? undefined : new URL(`http://${node.host}`).hostname;
    this.#own = new Pool(node, deps, name?.replace(/^\[|\]$/g, ""));
    this.#elsewhere = new Pool(node, deps, undefined);
  }

  async ask(request: NodeRequest, signal?: AbortSignal): Promise<NodeAnswer> {
    const doing = `asking for ${request.method} ${request.path}`;
    if (!request.path.startsWith("/")) throw new AppError("BUG", `${doing}: not a path`);
    if (this.#deps.readOnly === true) {
      refuseToWrite({ method: request.method, url: request.path, doing: "a probe" }, this.name);
    }
    const headers = { ...this.#ownHeaders(), ...provenBy(request.as, this.#account), ...request.headers };
    return await this.#send(this.#own, { ...request, url: this.url + request.path, headers }, signal);
  }

  async elsewhere(url: string, signal?: AbortSignal): Promise<NodeAnswer> {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return this.#unusable();
    const headers = { "User-Agent": UNCOUNTED_AGENT };
    return await this.#send(this.#elsewhere, { method: "GET", url, headers }, signal);
  }

  requestCount(): number {
    return this.#sent;
  }

  close(): void {
    this.#own.close();
    this.#elsewhere.close();
  }

  #ownHeaders(): Record<string, string> {
    return {
      Accept: "application/json",
      "User-Agent": UNCOUNTED_AGENT,
      ...(this.#node.host === undefined ? {} : { Host: this.#node.host }),
    };
  }

  async #send(
    pool: Pool,
    request: Pick<NodeRequest, "method" | "body" | "timeoutMs"> & {
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    },
    signal: AbortSignal | undefined,
  ): Promise<NodeAnswer> {
    this.#refuseIfStopped(signal);
    this.#sent += 1;
    const { clock } = this.#deps;
    const sentAt = clock.now();
    const started = clock.monotonic();
    const outgoing: Outgoing = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      streamed: true,
      streamsRefusals: true,
      totalMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(signal === undefined ? {} : { signal }),
    };
    const received = await pool.use((transport) => collectAnswer(transport, outgoing));
    const tookMs = Math.round(clock.monotonic() - started);
    this.#refuseIfStopped(signal);
    const answer: NodeAnswer =
      "failed" in received
        ? { kind: "silence", ...silenceOf(received.failed, this.#secrets()), sentAt, tookMs }
        : { kind: "reply", ...received, sentAt, tookMs };
    this.#note(outgoing, answer);
    return answer;
  }

  #note({ method, url }: Outgoing, answer: NodeAnswer): void {
    this.#deps.log?.({
      registry: this.name,
      method,
      url: redactedUrl(url),
      ms: answer.tookMs,
      tries: 1,
      ...(answer.kind === "reply" ? { status: answer.status } : { code: answer.why }),
    });
  }

  #secrets(): string[] {
    return [this.#account.password.reveal(), basic(this.#account)];
  }

  #unusable(): NodeSilence {
    const sentAt = this.#deps.clock.now();
    return { kind: "silence", why: "other", text: "not an address that can be asked", sentAt, tookMs: 0 };
  }

  #refuseIfStopped(signal: AbortSignal | undefined): void {
    if (signal?.aborted !== true) return;
    throw new AppError("CANCELLED", `asking ${this.name} was stopped: ${reasonOf(signal).message}`);
  }
}

/** Connections that are kept while they are used, and made anew after a rest. */
class Pool {
  readonly #make: () => Transport;
  readonly #now: () => number;
  #transport: Transport | undefined;
  #inUse = 0;
  #restingSince = 0;

  constructor(node: NodeAddress, deps: ConnectionDeps, publicName: string | undefined) {
    const limits: Limits = { ...DEFAULT_LIMITS, ...deps.limits };
    this.#now = () => deps.clock.monotonic();
    this.#make = () =>
      createTransport({
        url: node.url,
        insecureSkipVerify: node.insecureSkipVerify,
        environment: deps.environment,
        limits,
        ...(node.ca === undefined ? {} : { ca: node.ca }),
        ...(publicName === undefined ? {} : { publicName }),
        ...(deps.adapter === undefined ? {} : { adapter: deps.adapter }),
      });
  }

  async use<T>(work: (transport: Transport) => Promise<T>): Promise<T> {
    if (this.#inUse === 0 && this.#now() - this.#restingSince > LONGEST_REST_MS) this.close();
    this.#transport ??= this.#make();
    this.#inUse += 1;
    try {
      return await work(this.#transport);
    } finally {
      this.#inUse -= 1;
      this.#restingSince = this.#now();
    }
  }

  close(): void {
    this.#transport?.close();
    this.#transport = undefined;
  }
}

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Uint8Array;
  readonly cut: boolean;
}

/** A body that breaks off is an answer with `cut`: a registry that lacks the bytes says 200 and the right length all the same. */
async function collectAnswer(
  transport: Transport,
  outgoing: Outgoing,
): Promise<Received | { readonly failed: NoAnswer }> {
  const received = await transport.send(outgoing);
  if ("failed" in received) return received;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let isCut = false;
  try {
    for await (const part of received.stream ?? []) {
      parts.push(part.subarray(0, LARGEST_BODY - bytes));
      bytes += part.length;
      if (bytes >= LARGEST_BODY) break;
    }
  } catch (thrown) {
    if (!(thrown instanceof BrokenStream)) throw thrown;
    isCut = true;
  }
  const { status, headers, cookies = [] } = received;
  const promised = outgoing.method === "HEAD" ? 0 : Number(headers["content-length"] ?? 0);
  const isShort = bytes < Math.min(promised, LARGEST_BODY) && status !== 304;
  return { status, headers, cookies, body: Buffer.concat(parts), cut: isCut || isShort };
}

function provenBy(as: AskAs, account: Account): Record<string, string> {
  if (as === "nobody") return {};
  if (as === "account") return { Authorization: `Basic ${basic(account)}` };
  if ("bearer" in as) return { Authorization: `Bearer ${as.bearer}` };
  return {
    Cookie: as.cookies,
    ...(as.csrfToken === undefined ? {} : { "X-Harbor-CSRF-Token": as.csrfToken }),
    ...(as.withAccount === true ? { Authorization: `Basic ${basic(account)}` } : {}),
  };
}

function basic({ username, password }: Account): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString("base64");
}

const WHY_BY_CODE: Readonly<Record<string, NodeSilence["why"]>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ERR_BAD_RESPONSE: "reset",
  ENOTFOUND: "unknown-host",
  EAI_AGAIN: "unknown-host",
};

function silenceOf(failed: NoAnswer, secrets: readonly string[]): Pick<NodeSilence, "why" | "text"> {
  const explained = explainFailure(failed);
  const detail = failed.code === "" ? "" : ` (${failed.code})`;
  return {
    why: whyOf(failed, explained.code === "HARBOR_TLS"),
    text: printable(explained.why + detail, secrets),
  };
}

function whyOf(failed: NoAnswer, isTls: boolean): NodeSilence["why"] {
  if (failed.timedOut) return "timeout";
  return isTls ? "tls" : (WHY_BY_CODE[failed.code] ?? "other");
}
