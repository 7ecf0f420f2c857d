import { derivedValue } from "./core.ts";
import { listedArtifacts } from "./listing.ts";
import { conditionsOf, slice, sortOf, type Page } from "./paging.ts";
import { bound, parseSort, select, sorted, type Columns, type Condition } from "./query.ts";
import type { Context } from "./router.ts";
import type { ArtifactRow, ProjectRow, RepositoryRow } from "./state.ts";

const COLUMNS: Columns<ArtifactRow> = {
  id: (row) => row.id,
  digest: (row) => row.digest,
  type: (row) => row.type,
  media_type: (row) => row.mediaType,
  manifest_media_type: (row) => row.manifestMediaType,
  artifact_type: (row) => row.artifactType,
  repository_id: (row) => row.repositoryId,
  repository_name: (row) => row.repositoryName,
  project_id: (row) => row.projectId,
  push_time: (row) => row.pushedAt,
  pull_time: (row) => row.pulledAt,
  size: (row) => row.size,
  labels: (row) => row.labels,
};

/**
 * One page of a listing. Paging by key (`sort=id`, `q=id=[N~]` or `[N~M]`) is found by bisection in one sorted listing,
 * so that reading 100 000 artifacts page by page stays cheap.
 */
export function artifactPage(
  context: Context,
  of: ProjectRow | RepositoryRow,
  page: Page,
): { readonly rows: readonly ArtifactRow[]; readonly total: number } {
  const conditions = conditionsOf(context);
  const keys = parseSort(sortOf(context), COLUMNS);
  const byId = keys.length === 1 && keys[0]?.key === "id" && !keys[0].descending;
  const range = byId ? idRange(conditions) : undefined;
  const rest = range === undefined ? conditions : conditions.filter((one) => one !== range.condition);
  const order = keys.length === 0 ? parseSort("-push_time,-id", COLUMNS) : keys;
  const kind = "repositories" in of ? "project" : "repository";
  const key = JSON.stringify(["artifacts", kind, of.id, rest, order]);
  const all = derivedValue(
    context.core,
    key,
    () => {
      const withChildren = rest.some((one) => one.key === "base");
      const rows = listedArtifacts(context.core, of, withChildren);
      return sorted(select(rows, rest.map(tagTest), { ...COLUMNS, tags: tagCell }), order, COLUMNS);
    },
    isRows,
  );
  const rows =
    range === undefined ? all : all.slice(firstFrom(all, range.from), firstFrom(all, range.to + 1));
  return { rows: slice(rows, page), total: rows.length };
}

/** `id=[N~]` or `id=[N~M]`. */
function idRange(
  conditions: readonly Condition[],
): { readonly condition: Condition; readonly from: number; readonly to: number } | undefined {
  const condition = conditions.find(({ key, test }) => key === "id" && test.kind === "range");
  if (condition?.test.kind !== "range" || condition.test.from === "") return undefined;
  const { from, to } = condition.test;
  return { condition, from: bound(from), to: to === "" ? Infinity : bound(to) };
}

function firstFrom(rows: readonly ArtifactRow[], id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? Infinity) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Stand in a row's names for having some tag, and for having none; no tag can be named so. */
const TAGGED = "\u0000";
const UNTAGGED = "\u0001";

/** `tags=*` is any, `tags=nil` none. */
function tagTest(condition: Condition): Condition {
  if (condition.key !== "tags" || condition.test.kind !== "exact") return condition;
  if (condition.test.value === "*") return { key: "tags", test: { kind: "exact", value: TAGGED } };
  if (condition.test.value === "nil") return { key: "tags", test: { kind: "exact", value: UNTAGGED } };
  return condition;
}

function tagCell(row: ArtifactRow): readonly string[] {
  return row.tags.size === 0 ? [UNTAGGED] : [TAGGED, ...row.tags];
}

function isRows(value: unknown): value is readonly ArtifactRow[] {
  return Array.isArray(value);
}
