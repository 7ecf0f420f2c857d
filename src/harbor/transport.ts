import type { Readable } from "node:stream";
import type { AxiosAdapter, AxiosInstance, AxiosRequestConfig, AxiosStatic } from "axios";
import type { Millis } from "../clock.ts";
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
  let loading: Promise<AxiosInstance> | undefined;
  return {
    async send(outgoing) {
      loading ??= load(options, agents, address.protocol === "http:" ? proxy : undefined);
      const http = await loading;
      const deadline = AbortSignal.timeout(outgoing.totalMs);
      const stop = joined(deadline, outgoing.signal);
      try {
        const answer = await http.request<unknown>({
          ...requestConfig(outgoing),
          signal: stop.signal,
        });
        const received = await incoming(answer.status, answer.headers, answer.data, outgoing);
        if (received.stream === undefined) stop.release();
        return received.stream === undefined
          ? received
          : {
              ...received,
              stream: guarded(received.stream, stop.release, (thrown) =>
                noAnswer(thrown, deadline, outgoing.signal),
              ),
            };
      } catch (thrown) {
        stop.release();
        return { failed: noAnswer(thrown, deadline, outgoing.signal) };
      }
    },
    close: () => agents.destroy(),
  };
}

/** Once a process: even of a module that is there already, an import takes a turn of the event loop. */
let axiosModule: Promise<{ readonly default: AxiosStatic }> | undefined;

async function load(
  options: TransportOptions,
  agents: Agents,
  proxy: URL | undefined,
): Promise<AxiosInstance> {
  axiosModule ??= import("axios");
  const { default: axios } = await axiosModule;
  return axios.create({
    httpAgent: agents.http,
    httpsAgent: agents.https,
    // Never axios' own reading of the environment; plain HTTP goes to the proxy in absolute form, HTTPS by our agent.
    proxy: proxy === undefined ? false : forwardProxy(proxy),
    maxRedirects: 0,
    timeout: options.limits.idleMs,
    maxContentLength: options.limits.maxAnswerBytes,
    maxBodyLength: Infinity,
    validateStatus: () => true,
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    ...(options.adapter === undefined ? { adapter: "http" } : { adapter: options.adapter }),
  });
}

function forwardProxy(proxy: URL): Exclude<AxiosRequestConfig["proxy"], false | undefined> {
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

function requestConfig(outgoing: Outgoing): AxiosRequestConfig {
  return {
    method: outgoing.method,
    url: outgoing.url,
    headers: { ...outgoing.headers, ...(outgoing.streamed ? { "Accept-Encoding": "identity" } : {}) },
    responseType: outgoing.streamed ? "stream" : "arraybuffer",
    // A streamed body is counted by who reads it, and is worth counting only as it was stored.
    ...(outgoing.streamed ? { decompress: false, maxContentLength: -1 } : {}),
    ...(outgoing.body === undefined ? {} : { data: Buffer.from(outgoing.body) }),
  };
}

/** `AbortSignal.any` would keep a trace of each request on a long-lived signal in Node 20. */
function joined(
  deadline: AbortSignal,
  caller: AbortSignal | undefined,
): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const sources = caller === undefined ? [deadline] : [deadline, caller];
  const stop = (): void => controller.abort();
  for (const source of sources) {
    if (source.aborted) stop();
    source.addEventListener("abort", stop, { once: true });
  }
  return {
    signal: controller.signal,
    release: () => {
      for (const source of sources) source.removeEventListener("abort", stop);
    },
  };
}

async function incoming(
  status: number,
  headers: unknown,
  data: unknown,
  { streamed, streamsRefusals = false }: Outgoing,
): Promise<Incoming> {
  const head = { status, headers: plainHeaders(headers), cookies: cookiesOf(headers) };
  const isHandedOut = streamed && (streamsRefusals || (status >= 200 && status < 300));
  if (isHandedOut && isStream(data)) return { ...head, body: new Uint8Array(), stream: data };
  const body = isStream(data) ? await collected(data) : bytesOf(data);
  return isHandedOut ? { ...head, body: new Uint8Array(), stream: once(body) } : { ...head, body };
}

function plainHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== "object" || headers === null) return {};
  const entries = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" || typeof value === "number" ? [[name.toLowerCase(), String(value)]] : [],
  );
  return Object.fromEntries(entries);
}

/** The one header that may come several times and can't be joined. */
function cookiesOf(headers: unknown): string[] {
  if (typeof headers !== "object" || headers === null) return [];
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === "set-cookie");
  const value: unknown = found?.[1];
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
function noAnswer(thrown: unknown, deadline: AbortSignal, caller: AbortSignal | undefined): NoAnswer {
  const code = codeOf(thrown);
  const cancelled = caller?.aborted === true;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return { code, text, cancelled, timedOut: !cancelled && (deadline.aborted || TIMEOUT_CODES.has(code)) };
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "";
  if ("code" in thrown && typeof thrown.code === "string" && thrown.code !== "") return thrown.code;
  return "cause" in thrown ? codeOf(thrown.cause) : "";
}
