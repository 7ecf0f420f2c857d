import type { Context } from "./router.ts";
import { json, legacyJson, Refusal, type Response } from "./exchange.ts";
import type { Json } from "./json.ts";
import { parseConditions, parseSort, select, sorted, type Columns, type Condition } from "./query.ts";

const MAX_PAGE_SIZE = 100;

export interface Page {
  readonly page: number;
  /** 0 is everything at once. */
  readonly size: number;
}

/** The page that is asked for; 422 for what the published description forbids. 0 and -1 pass and mean no limit. */
export function pageOf(context: Context): Page {
  const size = wholeNumber(context, "page_size", 10);
  if (size > MAX_PAGE_SIZE) {
    throw unprocessable(`page_size in query should be less than or equal to ${MAX_PAGE_SIZE}`);
  }
  return { page: Math.max(1, wholeNumber(context, "page", 1)), size: Math.max(0, size) };
}

export function unprocessable(problem: string): Refusal {
  return new Refusal(422, "UNPROCESSABLE_ENTITY", `validation failure list:\n${problem}`);
}

function wholeNumber(context: Context, name: string, otherwise: number): number {
  const text = context.query.get(name);
  if (text === null || text === "") return otherwise;
  if (!/^-?\d+$/.test(text)) throw unprocessable(`${name} in query must be of type int64: "${text}"`);
  return Number(text);
}

export function slice<Row>(rows: readonly Row[], page: Page): readonly Row[] {
  return page.size === 0 ? rows : rows.slice((page.page - 1) * page.size, page.page * page.size);
}

/** Filters, sorts and cuts rows as the query says. `sort` is the order without a `sort` parameter. */
export function list<Row>(
  context: Context,
  rows: readonly Row[],
  columns: Columns<Row>,
  sort: string,
  write: (row: Row) => Json,
): Response {
  const page = pageOf(context);
  const conditions = conditionsOf(context);
  const keys = parseSort(sortOf(context), columns);
  const chosen = sorted(
    select(rows, conditions, columns),
    keys.length > 0 ? keys : parseSort(sort, columns),
    columns,
  );
  return listed(context, slice(chosen, page).map(write), chosen.length, page);
}

/** 2.1 has no conditions on projects and none in its old handlers; it ignores them. */
export function conditionsOf(context: Context): Condition[] {
  const old = context.core.profile.minor < 3;
  if (old && (context.legacy || context.request.path.endsWith("/projects"))) return [];
  return parseConditions(context.query.get("q") ?? "");
}

/** No list of 2.1 can be sorted: the parameter came with 2.3 and is ignored before. */
export function sortOf(context: Context): string {
  return context.core.profile.minor < 3 ? "" : (context.query.get("sort") ?? "");
}

/** A page as a response, with its total and the links that Harbor writes. */
export function listed(context: Context, body: readonly Json[], total: number, page: Page): Response {
  const headers = { "x-total-count": String(total), ...linkHeader(context, total, page) };
  return context.legacy ? legacyJson(200, body, headers) : json(200, body, headers);
}

/** Relative, with a query that is not encoded: a trap for whoever follows it (goharbor/harbor src/server/v2.0/handler/base.go). */
function linkHeader(context: Context, total: number, { page, size }: Page): Record<string, string> {
  const link = (to: number, relation: string): string => {
    const query = new URLSearchParams(context.query);
    query.set("page", String(to));
    query.set("page_size", String(size));
    query.sort();
    const text = [...query].map(([key, value]) => `${key}=${value}`).join("&");
    return `<${context.request.path}?${text}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (size > 0 && page > 1 && (page - 1) * size <= total) links.push(link(page - 1, "prev"));
  if (size > 0 && page * size < total) links.push(link(page + 1, "next"));
  return links.length === 0 ? {} : { link: links.join(" , ") };
}
