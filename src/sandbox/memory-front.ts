import { Readable } from "node:stream";
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from "axios";
import type { Clock } from "../clock.ts";
import type { Delivery } from "./delivery.ts";
import { EMPTY, type Request, type Response } from "./exchange.ts";
import type { SandboxWorld } from "./world.ts";

/**
 * An axios adapter that finds the sandbox by the origin of the URL and asks it without a socket. What goes wrong
 * looks as axios shows it; time passes on the world's clock.
 */
export function inMemoryAdapter(world: SandboxWorld): AxiosAdapter {
  return async (config) => {
    const url = urlOf(config);
    const sandbox = world.listenerAt(url.origin);
    if (sandbox === undefined) throw failure(config, "ECONNREFUSED", `connect ECONNREFUSED ${url.host}`);
    const delivery = sandbox.receive(requestOf(config, url));
    const response = await arrive(world.clock, config, url, delivery);
    return settle(config, response);
  };
}

/** Joins base, path and parameters as axios does. */
function urlOf(config: InternalAxiosRequestConfig): URL {
  const path = config.url ?? "";
  const base = config.baseURL ?? "";
  const whole =
    /^https?:\/\//i.test(path) || base === ""
      ? path
      : `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
  const url = new URL(whole);
  const query = queryOf(config);
  if (query !== "") url.search = url.search === "" ? query : `${url.search}&${query}`;
  return url;
}

function queryOf(config: InternalAxiosRequestConfig): string {
  const parameters: unknown = config.params;
  if (typeof parameters !== "object" || parameters === null) return "";
  if (parameters instanceof URLSearchParams) return parameters.toString();
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join("&");
}

function requestOf(config: InternalAxiosRequestConfig, url: URL): Request {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries<unknown>(config.headers)) {
    if (typeof value === "string") headers[name.toLowerCase()] = value;
  }
  if (config.auth !== undefined) {
    const pair = `${config.auth.username}:${config.auth.password}`;
    headers["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  const body: unknown = config.data;
  return {
    method: (config.method ?? "get").toUpperCase(),
    path: url.pathname,
    query: url.search.replace(/^\?/, ""),
    headers,
    body: bytesOf(body),
  };
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return EMPTY;
  if (Buffer.isBuffer(body)) return body;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

/** Waits as long as the network would, and fails as it would. */
async function arrive(
  clock: Clock,
  config: InternalAxiosRequestConfig,
  url: URL,
  delivery: Delivery,
): Promise<Response> {
  switch (delivery.kind) {
    case "refused":
      throw failure(config, "ECONNREFUSED", `connect ECONNREFUSED ${url.host}`);
    case "reset":
      if (delivery.response !== undefined && config.responseType === "stream") {
        return {
          ...delivery.response,
          body: delivery.response.body.subarray(0, delivery.afterBytes),
          breaksOff: true,
        };
      }
      throw failure(config, "ECONNRESET", delivery.response === undefined ? "socket hang up" : "aborted");
    case "hang":
      await wait(clock, config, Infinity);
      throw failure(config, "ECONNRESET", "socket hang up");
    case "answer":
      if (delivery.delayMs > 0) await wait(clock, config, delivery.delayMs);
      return delivery.response;
  }
}

/** Not longer than the request's own timeout; without one a hang ends only by its signal. */
async function wait(clock: Clock, config: InternalAxiosRequestConfig, ms: number): Promise<void> {
  const limit = config.timeout !== undefined && config.timeout > 0 ? config.timeout : Infinity;
  const least = Math.min(ms, limit);
  const signal = config.signal instanceof AbortSignal ? config.signal : undefined;
  try {
    // longer than any test runs
    await clock.sleep(least === Infinity ? 86_400_000 : least, signal);
  } catch {
    throw failure(config, "ERR_CANCELED", "canceled");
  }
  if (limit <= ms) throw failure(config, "ECONNABORTED", `timeout of ${limit}ms exceeded`);
}

function settle(config: InternalAxiosRequestConfig, response: Response): AxiosResponse {
  const answer: AxiosResponse = {
    data: bodyOf(config, response),
    status: response.status,
    statusText: "",
    headers: headersOf(response),
    config,
  };
  const accepts = config.validateStatus;
  if (accepts === null || accepts === undefined || accepts(response.status)) return answer;
  const code = response.status >= 500 ? "ERR_BAD_RESPONSE" : "ERR_BAD_REQUEST";
  throw Object.assign(failure(config, code, `Request failed with status code ${response.status}`), {
    response: answer,
  });
}

/** Cookies are a list, as axios has them. */
function headersOf({ headers }: Response): Record<string, string | string[]> {
  const cookies = headers["set-cookie"]?.split("\n");
  return { ...headers, ...(cookies === undefined ? {} : { "set-cookie": cookies }) };
}

function bodyOf(config: InternalAxiosRequestConfig, response: Response): unknown {
  switch (config.responseType) {
    case "arraybuffer":
      return response.body;
    case "stream":
      return Readable.from(partsOf(response));
    default:
      return response.body.toString();
  }
}

async function* partsOf({ body, breaksOff }: Response): AsyncIterable<Buffer> {
  await Promise.resolve();
  if (body.length > 0) yield body;
  if (breaksOff === true) throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
}

/** In the shape of axios' own error, without needing axios here. */
function failure(config: InternalAxiosRequestConfig, code: string, message: string): Error {
  const canceled = code === "ERR_CANCELED";
  return Object.assign(new Error(message), {
    name: canceled ? "CanceledError" : "AxiosError",
    isAxiosError: true,
    code,
    config,
    ...(canceled ? { __CANCEL__: true } : {}),
  });
}
