import type { Core } from "./core.ts";
import { Refusal, type Request, type Response } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { objectOf, parseJson, type JsonObject } from "./json.ts";

/** A request on its way through one route. */
export interface Context {
  readonly core: Core;
  readonly request: Request;
  readonly identity: Identity;
  readonly query: URLSearchParams;
  /** The pieces of the path that the route names, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** This route is one of the old handlers of 2.1, which write differently. */
  readonly legacy: boolean;
}

export interface Route {
  readonly method: string;
  /** `/projects/{project}/repositories`, below `/api/v2.0`. */
  readonly path: string;
  /** The minor release that brought it; 1 is all. */
  readonly since?: number;
  /** Written by an old handler in 2.1. */
  readonly legacy?: boolean;
  readonly answer: (context: Context) => Response;
}

interface Compiled {
  readonly route: Route;
  readonly pieces: readonly string[];
}

export const API = "/api/v2.0";

/** The body as an object; 400 when it is no JSON. */
export function bodyOf(context: Context): JsonObject {
  const value = parseJson(context.request.body);
  if (value === undefined) {
    throw new Refusal(400, "BAD_REQUEST", 'parsing body body from "" failed, because invalid character');
  }
  return objectOf(value);
}

export function parameter(context: Context, name: string): string {
  return context.parameters[name] ?? "";
}

/** The routes that a release has, by their number of pieces. */
export class Router {
  readonly #minor: number;
  readonly #bySize = new Map<number, Compiled[]>();

  constructor(minor: number, routes: readonly Route[]) {
    this.#minor = minor;
    for (const route of routes) {
      if ((route.since ?? 1) > minor) continue;
      const pieces = route.path.split("/").slice(1);
      const group = this.#bySize.get(pieces.length) ?? [];
      group.push({ route, pieces });
      this.#bySize.set(pieces.length, group);
    }
  }

  answer(core: Core, request: Request, identity: Identity): Response {
    const pieces = request.path.slice(API.length).split("/").slice(1);
    const sized = this.#bySize.get(pieces.length) ?? [];
    const found = sized.find((one) => one.route.method === request.method && fits(one.pieces, pieces));
    if (found === undefined) {
      throw missing(
        request,
        sized.filter((one) => fits(one.pieces, pieces)),
      );
    }
    return found.route.answer({
      core,
      request,
      identity,
      query: new URLSearchParams(request.query),
      parameters: parametersOf(found.pieces, pieces),
      legacy: this.#minor === 1 && found.route.legacy === true,
    });
  }
}

function missing(request: Request, candidates: readonly Compiled[]): Refusal {
  if (candidates.length === 0) {
    return new Refusal(404, "NOT_FOUND", `path ${request.path} was not found`);
  }
  const allowed = candidates.map((one) => one.route.method).join(",");
  return new Refusal(
    405,
    "METHOD_NOT_ALLOWED",
    `method ${request.method} is not allowed, but [${allowed}] are`,
  );
}

/** From the end on, where routes differ most. */
function fits(pattern: readonly string[], pieces: readonly string[]): boolean {
  for (let at = pattern.length - 1; at >= 0; at -= 1) {
    const piece = pattern[at];
    if (piece !== pieces[at] && piece?.startsWith("{") !== true) return false;
  }
  return true;
}

/** A repository's name is decoded twice (goharbor/harbor src/server/v2.0/handler, repository_name is escaped by the caller). */
function parametersOf(pattern: readonly string[], pieces: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  pattern.forEach((piece, at) => {
    if (!piece.startsWith("{")) return;
    const name = piece.slice(1, -1);
    const value = decode(pieces[at] ?? "");
    parameters[name] = name === "repository" ? decode(value) : value;
  });
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, "BAD_REQUEST", `invalid URL escape in ${text}`);
  }
}
