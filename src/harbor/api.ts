import type { PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import type { Answer } from "./answer.ts";
import type { Connection, Patience } from "./connection.ts";
import type { paths } from "./generated/harbor.ts";
import { pathWith, queryOf, type PathValues, type QueryValues } from "./api-address.ts";
import type { Repeatable } from "./retry.ts";

type Method = "get" | "head" | "post" | "put" | "delete";

type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M & keyof paths[P]]>;
type Parameters<O> = O extends { parameters: infer X } ? X : never;
type Path<O> = Parameters<O> extends { path: infer X } ? { readonly path: X } : unknown;
type Query<O> =
  Parameters<O> extends { query: infer X }
    ? { readonly query: X }
    : Parameters<O> extends { query?: infer X }
      ? { readonly query?: X }
      : unknown;
type Body<O> = O extends { requestBody: { content: { "application/json": infer X } } }
  ? { readonly body: X }
  : unknown;

/** What an operation needs beside its own parameters. */
interface CallOptions {
  /** What is being done, as in "listing the projects". */
  readonly doing: string;
  /** Of a POST: `once` (default) is repeated only if it was never sent. GET, HEAD, PUT and DELETE need not say. */
  readonly repeatable?: Repeatable;
  readonly patience?: Patience;
  readonly single?: boolean;
  readonly alsoGood?: readonly number[];
  readonly secrets?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

type Wanted<O> = Path<O> & Query<O> & Body<O>;
/** Path, query and body as openapi/harbor.yaml has them for this operation. */
type Call<P extends keyof paths, M extends Method> = CallOptions &
  (RequiredKeysOf<Wanted<Operation<P, M>>> extends never
    ? Partial<Wanted<Operation<P, M>>>
    : Wanted<Operation<P, M>>);

interface AnyCall extends CallOptions {
  readonly path?: PathValues;
  readonly query?: QueryValues;
  readonly body?: unknown;
}

/** Harbor's API under `/api/v2.0`, held by the compiler to openapi/harbor.yaml. */
export interface Api {
  readonly connection: Connection;
  call<M extends Method, P extends PathsWithMethod<paths, M>>(
    method: M,
    path: P,
    call: Call<P, M>,
  ): Promise<Answer>;
}

const REPEATABLE: Readonly<Record<Method, Repeatable>> = {
  get: "read",
  head: "read",
  put: "idempotent",
  delete: "idempotent",
  post: "once",
};
const NAMES = { get: "GET", head: "HEAD", put: "PUT", delete: "DELETE", post: "POST" } as const;

export function createApi(connection: Connection): Api {
  return {
    connection,
    call: async (method: Method, path: string, call: AnyCall) => {
      const { path: values, query, body, headers, ...rest } = call;
      const answer = await connection.request({
        ...rest,
        method: NAMES[method],
        url: `/api/v2.0${pathWith(path, values ?? {})}${queryOf(query ?? {})}`,
        repeatable: call.repeatable ?? REPEATABLE[method],
        headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      });
      if (REPEATABLE[method] !== "read") believed(answer);
      return answer;
    },
  };
}

/** Harbor says nothing or JSON to a write; the 200 of a login page in front must not pass for a success. */
function believed(answer: Answer): void {
  if (answer.text().trim() !== "") answer.json();
}
