import type { Json } from "./json.ts";

/** A request as the engine takes it: nothing decoded, header names in lower case. */
export interface Request {
  readonly method: string;
  /** As it stands in the request line, still encoded, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How long after now it arrives, in milliseconds: its sender waited for answers before. */
  readonly lateMs?: number;
}

export interface Response {
  readonly status: number;
  /** Where there are several cookies, `set-cookie` has a line for each. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body is shorter than the headers promise: the connection breaks where it ends. */
  readonly breaksOff?: true;
}

/** An answer that is a refusal; thrown anywhere below the router and written out by it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the registry adds to its own errors. */
  readonly detail: Json | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    detail?: Json,
  ) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.detail = detail;
  }
}

export const EMPTY = Buffer.alloc(0);

export function badRequest(message: string): Refusal {
  return new Refusal(400, "BAD_REQUEST", message);
}

export function notFound(message: string): Refusal {
  return new Refusal(404, "NOT_FOUND", message);
}

export function conflict(message: string): Refusal {
  return new Refusal(409, "CONFLICT", message);
}

export function precondition(message: string): Refusal {
  return new Refusal(412, "PRECONDITION", message);
}

/** Harbor masks everything from 500 on (goharbor/harbor src/lib/http/error.go:57-61). */
export function internalError(): Refusal {
  return new Refusal(500, "UNKNOWN", "internal server error");
}

/** Harbor's encoder ends each document with a newline; its old handlers (2.1) do not. */
export function json(status: number, value: Json, headers: Readonly<Record<string, string>> = {}): Response {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(`${JSON.stringify(value)}\n`),
  };
}

export function legacyJson(
  status: number,
  value: Json,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return { status, headers, body: EMPTY };
}

/** The error document that every part of Harbor shares. */
export function refusalResponse(refusal: Refusal): Response {
  const { code, message, detail } = refusal;
  if (code === "") return empty(refusal.status, refusal.headers);
  const document = { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] };
  return {
    status: refusal.status,
    headers: { "content-type": "application/json; charset=utf-8", ...refusal.headers },
    body: Buffer.from(`${JSON.stringify(document)}\n`),
  };
}
