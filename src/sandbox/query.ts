import { badRequest } from "./exchange.ts";

/** One condition of the `q` parameter. */
export interface Condition {
  readonly key: string;
  readonly test: Test;
}

type Test =
  | { readonly kind: "exact"; readonly value: string }
  | { readonly kind: "fuzzy"; readonly value: string }
  | { readonly kind: "range"; readonly from: string; readonly to: string }
  | { readonly kind: "any"; readonly values: readonly string[] }
  | { readonly kind: "all"; readonly values: readonly string[] };

/** What a row shows to conditions and sorting. */
type Cell = string | number | boolean | readonly string[];
export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/**
 * Reads `q`, which was decoded once already: Harbor decodes it a second time, and every comma splits
 * (goharbor/harbor src/lib/q/builder.go).
 */
export function parseConditions(q: string): Condition[] {
  if (q === "") return [];
  return unescape(q)
    .split(",")
    .map((part) => {
      const at = part.indexOf("=");
      if (at <= 0) throw badRequest(`the query string should contain = and the key/value shouldn't be empty`);
      return { key: part.slice(0, at).trim(), test: parseTest(part.slice(at + 1)) };
    });
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    throw badRequest(`invalid query string value: ${text}`);
  }
}

function parseTest(value: string): Test {
  if (value.startsWith("~")) return { kind: "fuzzy", value: value.slice(1) };
  const inside = value.slice(1, -1);
  const last = value.at(-1);
  if (value.startsWith("[") && last === "]") {
    const [from = "", to = ""] = inside.split("~", 2);
    return { kind: "range", from, to };
  }
  if (value.startsWith("{") && last === "}") return { kind: "any", values: words(inside) };
  if (value.startsWith("(") && last === ")") return { kind: "all", values: words(inside) };
  return { kind: "exact", value };
}

function words(text: string): string[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => word.replace(/^['"]|['"]$/g, ""));
}

/** The rows that fulfil all conditions; a key that is no column is ignored in silence. */
export function select<Row>(
  rows: readonly Row[],
  conditions: readonly Condition[],
  columns: Columns<Row>,
): readonly Row[] {
  const known = conditions.flatMap((condition) => {
    const cell = columns[condition.key];
    return cell === undefined ? [] : [{ cell, test: condition.test }];
  });
  if (known.length === 0) return rows;
  return rows.filter((row) => known.every(({ cell, test }) => passes(cell(row), test)));
}

function passes(cell: Cell, test: Test): boolean {
  switch (test.kind) {
    case "exact":
      return equals(cell, test.value);
    case "fuzzy":
      return typeof cell === "object"
        ? cell.some((one) => one.includes(test.value))
        : String(cell).toLowerCase().includes(test.value.toLowerCase());
    case "range":
      return within(cell, test.from, test.to);
    case "any":
      return test.values.some((value) => equals(cell, value));
    case "all":
      return test.values.every((value) => equals(cell, value));
  }
}

function equals(cell: Cell, value: string): boolean {
  return typeof cell === "object" ? cell.includes(value) : String(cell) === value;
}

function within(cell: Cell, from: string, to: string): boolean {
  if (typeof cell === "object") return false;
  const number = Number(cell);
  return (from === "" || number >= bound(from)) && (to === "" || number <= bound(to));
}

/** Numbers stand for themselves, times (without a zone, in UTC) for their milliseconds. */
export function bound(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  return Date.parse(/[zZ]$/.test(text) ? text : `${text}Z`);
}

export interface SortKey {
  readonly key: string;
  readonly descending: boolean;
}

/** Reads `sort`; an unknown key is ignored in silence. */
export function parseSort<Row>(sort: string, columns: Columns<Row>): SortKey[] {
  return sort
    .split(",")
    .map((part) => part.trim())
    .map((part) => ({ key: part.replace(/^-/, ""), descending: part.startsWith("-") }))
    .filter((one) => columns[one.key] !== undefined);
}

/** A sorted copy. Equal rows keep their order. */
export function sorted<Row>(
  rows: readonly Row[],
  keys: readonly SortKey[],
  columns: Columns<Row>,
): readonly Row[] {
  if (keys.length === 0) return rows;
  return [...rows].sort((left, right) => {
    for (const { key, descending } of keys) {
      const cell = columns[key];
      const order = cell === undefined ? 0 : compare(cell(left), cell(right));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

function compare(left: Cell, right: Cell): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
