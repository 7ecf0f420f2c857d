import type { LiveAccess } from "./live-environment.ts";
import { until } from "./until.ts";

/** Answers of Harbor as they come: these tests look at what Tidelock's own client might get wrong. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly total: number;
  readonly location: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** Harbor's API without any code of ours in between. */
export interface LiveApi {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  /** Rows of a listing, all pages. */
  rows(path: string): Promise<Row[]>;
}

export function liveApi({ url, user, password }: Pick<LiveAccess, "url" | "user" | "password">): LiveApi {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const once = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<ApiAnswer> => {
    const response = await fetch(`${url}/api/v2.0${path}`, {
      method,
      headers: { authorization, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
      total: Number(response.headers.get("x-total-count") ?? "0"),
      location: response.headers.get("location") ?? "",
    };
  };
  // A wrong password of somebody else locks the account for a moment, and the tests do use wrong passwords.
  const send: LiveApi["send"] = (method, path, body, headers = {}) =>
    until(
      `${method} ${path} is not refused with 401`,
      async () => {
        const answer = await once(method, path, body, headers);
        return answer.status === 401 ? undefined : answer;
      },
      10,
    );
  const rows: LiveApi["rows"] = async (path) => {
    const all: Row[] = [];
    for (let page = 1; ; page += 1) {
      const separator = path.includes("?") ? "&" : "?";
      const { status, body } = await send("GET", `${path}${separator}page=${page}&page_size=100`);
      if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
      const found = (body ?? []) as Row[];
      if (!Array.isArray(found)) return all;
      all.push(...found);
      if (found.length < 100) return all;
    }
  };
  return { send, rows };
}

/** A repository in a path: Harbor decodes it twice. */
export function encoded(repositoryInside: string): string {
  return encodeURIComponent(encodeURIComponent(repositoryInside));
}
