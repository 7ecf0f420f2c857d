import { createRequire } from "node:module";
import type { Readable } from "node:stream";
import type { AxiosAdapter, AxiosStatic, InternalAxiosRequestConfig } from "axios";
import { afterRealTime, type Millis } from "../clock.ts";
import { createAgents, type Agents } from "./agents.ts";
import type { Limits } from "./limits.ts";
import { proxyFor, type Environment } from "./proxy-choice.ts";

/** One request as it goes over the wire. */
export interface Outgoing {
  readonly method: string;
  /** Absolute, with its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Hands the body out as it comes; else it is held in memory, up to `maxAnswerBytes`. */
  readonly streamed: boolean;
  /** With `streamed`: bodies of refusals come as a stream too. */
  readonly streamsRefusals?: boolean;
  readonly totalMs: Millis;
  readonly signal?: AbortSignal;
}

/** What came back, whatever its status. */
export interface Incoming {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Each `Set-Cookie` by itself, in order. */
  readonly cookies?: readonly string[];
  /** Empty when streamed; a refusal is streamed only on demand. */
  readonly body: Uint8Array;
  /** Only when streamed; must be read to its end or left by `return`, which frees the connection. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** Why nothing came back. Says nothing of axios: a code as Node or axios gives it and a text. */
export interface NoAnswer {
  readonly code: string;
  readonly text: string;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
}

/** A streamed body broke off. */
export class BrokenStream extends Error {
  readonly failed: NoAnswer;

  constructor(failed: NoAnswer) {
    super("the body broke off");
    this.failed = failed;
  }
}

export interface TransportOptions {
  readonly url: string;
  readonly ca?: string;
  readonly insecureSkipVerify: boolean;
  /** The name that a certificate must be for, where it is not the one of the URL. */
  readonly publicName?: string;
  readonly environment: Environment;
  readonly limits: Limits;
  /** Takes the place of the network. Must give `data` as Buffer, string or, for `responseType: "stream"`, as a stream. */
  readonly adapter?: AxiosAdapter;
}

export interface Transport {
  /** Resolves with any status; what failed before an answer comes as `NoAnswer`. */
  send(outgoing: Outgoing): Promise<Incoming | { readonly failed: NoAnswer }>;
  close(): void;
}

const LONGEST_REFUSAL = 64 * 1024;

/** The only user of axios. It is loaded with the first request, since that takes 0.1 s. */
export function createTransport(options: TransportOptions): Transport {
  const { limits } = options;
  const address = new URL(options.url);
  const proxy = proxyFor(address, options.environment);
  const agents = createAgents({
    sockets: limits.concurrency * 2,
    connectMs: limits.connectMs,
    insecureSkipVerify: options.insecureSkipVerify,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(options.publicName === undefined ? {} : { publicName: options.publicName }),
  });
  let ask: Ask | undefined;
  return {
    async send(outgoing) {
      ask ??= load(options, agents, address.protocol === "http:" ? proxy : undefined);
      const stop = stopOf(outgoing);
      if (stop.signal.aborted) {
        stop.release();
        return { failed: noAnswer(new Error("aborted"), stop) };
      }
      try {
        const answer = await ask(outgoing, stop.signal);
        const received = await incoming(answer.status, answer.headers, answer.data, outgoing);
        if (received.stream === undefined) stop.release();
        return received.stream === undefined
          ? received
          : {
              ...received,
              stream: guarded(received.stream, stop.release, (thrown) => noAnswer(thrown, stop)),
            };
      } catch (thrown) {
        stop.release();
        return { failed: noAnswer(thrown, stop) };
      }
    },
    close: () => agents.destroy(),
  };
}

/** The form of axios that is one file: as modules it is sixty, which take twice as long to load. */
const loadAxios = (): AxiosStatic => createRequire(import.meta.url)("axios") as AxiosStatic;

type Ask = (outgoing: Outgoing, signal: AbortSignal) => ReturnType<AxiosAdapter>;

/**
 * The adapter of axios alone, which sends and receives. What axios does around it (merging of configurations, interceptors, transformations) is of no
 * use here and took an eighth of the processor time of a request (ADR 0018).
 */
function load(options: TransportOptions, agents: Agents, proxy: URL | undefined): Ask {
  const { AxiosHeaders, getAdapter } = loadAxios();
  const adapter = options.adapter ?? getAdapter("http");
  const always = {
    httpAgent: agents.http,
    httpsAgent: agents.https,
    // Never axios' own reading of the environment; plain HTTP goes to the proxy in absolute form, HTTPS by our agent.
    proxy: proxy === undefined ? (false as const) : forwardProxy(proxy),
    maxRedirects: 0,
    timeout: options.limits.idleMs,
    maxContentLength: options.limits.maxAnswerBytes,
    maxBodyLength: Infinity,
    validateStatus: () => true,
  };
  return (outgoing, signal) =>
    adapter({
      ...always,
      ...requestConfig(outgoing),
      headers: new AxiosHeaders({ ...outgoing.headers, ...headersFor(outgoing) }),
      signal,
    });
}

function forwardProxy(proxy: URL): Exclude<InternalAxiosRequestConfig["proxy"], false | undefined> {
  const port = proxy.port === "" ? (proxy.protocol === "https:" ? 443 : 80) : Number(proxy.port);
  const auth = {
    username: decodeURIComponent(proxy.username),
    password: decodeURIComponent(proxy.password),
  };
  return {
    protocol: proxy.protocol.slice(0, -1),
    host: proxy.hostname,
    port,
    ...(proxy.username === "" ? {} : { auth }),
  };
}

function requestConfig(outgoing: Outgoing): Omit<InternalAxiosRequestConfig, "headers"> {
  return {
    method: outgoing.method,
    url: outgoing.url,
    responseType: outgoing.streamed ? "stream" : "arraybuffer",
    // A streamed body is counted by who reads it, and is worth counting only as it was stored.
    ...(outgoing.streamed ? { decompress: false, maxContentLength: -1 } : {}),
    ...(outgoing.body === undefined ? {} : { data: Buffer.from(outgoing.body) }),
  };
}

/** What axios would say of a body or its coding by itself. */
function headersFor({ streamed }: Outgoing): Record<string, string> {
  return streamed ? { "Accept-Encoding": "identity" } : {};
}

/** Ends a request by its deadline, or as soon as its caller wants that. */
interface Stop {
  readonly signal: AbortSignal;
  readonly isLate: () => boolean;
  readonly isCancelled: () => boolean;
  readonly release: () => void;
}

/** `AbortSignal.any` would keep a trace of each request on a long-lived signal in Node 20. */
function stopOf({ totalMs, signal: caller }: Outgoing): Stop {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  let late = false;
  const forget = afterRealTime(totalMs, () => {
    late = true;
    stop();
  });
  if (caller?.aborted === true) stop();
  caller?.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    isLate: () => late,
    isCancelled: () => caller?.aborted === true,
    release: () => {
      forget();
      caller?.removeEventListener("abort", stop);
    },
  };
}

async function incoming(
  status: number,
  headers: unknown,
  data: unknown,
  { streamed, streamsRefusals = false }: Outgoing,
): Promise<Incoming> {
  const head = { status, ...plainHeaders(headers) };
  const isHandedOut = streamed && (streamsRefusals || (status >= 200 && status < 300));
  if (isHandedOut && isStream(data)) return { ...head, body: new Uint8Array(), stream: data };
  const body = isStream(data) ? await collected(data) : bytesOf(data);
  return isHandedOut ? { ...head, body: new Uint8Array(), stream: once(body) } : { ...head, body };
}

/** Cookies are the one header that may come several times and can't be joined. */
function plainHeaders(from: unknown): Required<Pick<Incoming, "headers" | "cookies">> {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  if (typeof from !== "object" || from === null) return { headers, cookies };
  for (const [given, value] of Object.entries(from) as [string, unknown][]) {
    const name = given.toLowerCase();
    if (typeof value === "string" || typeof value === "number") headers[name] = String(value);
    if (name === "set-cookie") cookies.push(...linesOf(value));
  }
  return { headers, cookies };
}

function linesOf(value: unknown): string[] {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value];
  return lines.filter((line) => typeof line === "string");
}

function isStream(data: unknown): data is Readable {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

/** The beginning of a refusal; leaving the loop frees the connection. */
async function collected(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stream) {
    parts.push(part);
    bytes += part.length;
    if (bytes > LONGEST_REFUSAL) break;
  }
  return Buffer.concat(parts);
}

async function* guarded(
  stream: AsyncIterable<Uint8Array>,
  release: () => void,
  why: (thrown: unknown) => NoAnswer,
): AsyncIterable<Uint8Array> {
  try {
    yield* stream;
  } catch (thrown) {
    throw new BrokenStream(why(thrown));
  } finally {
    release();
  }
}

async function* once(body: Uint8Array): AsyncIterable<Uint8Array> {
  await Promise.resolve();
  if (body.length > 0) yield body;
}

function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (typeof data === "string") return Buffer.from(data);
  if (data === undefined || data === null) return new Uint8Array();
  return Buffer.from(JSON.stringify(data));
}

const TIMEOUT_CODES = new Set(["ECONNABORTED", "ETIMEDOUT", "ESOCKETTIMEDOUT"]);

/** axios says a deadline as ERR_CANCELED, silence as ECONNABORTED, and a reset in a body as ERR_BAD_RESPONSE. */
function noAnswer(thrown: unknown, stop: Stop): NoAnswer {
  const code = codeOf(thrown);
  const cancelled = stop.isCancelled();
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return { code, text, cancelled, timedOut: !cancelled && (stop.isLate() || TIMEOUT_CODES.has(code)) };
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "";
  if ("code" in thrown && typeof thrown.code === "string" && thrown.code !== "") return thrown.code;
  return "cause" in thrown ? codeOf(thrown.cause) : "";
}
