import type { DocumentPath } from "../../config/source-file.ts";
import { at, type Finding } from "../finding.ts";
import { groupBy } from "../../group-by.ts";
import { isValues, type HarborFile } from "../harbor-file.ts";
import { minorOf, type Minor } from "../harbor-version.ts";
import { knownKeys } from "../known-keys.ts";
import { shownValue } from "../secrecy.ts";

/** What may differ between the nodes of a cluster. */
const OWN: ReadonlySet<string> = new Set(["hostname"]);

interface Held {
  readonly file: HarborFile;
  readonly value: unknown;
}

/**
 * Compares the nodes in what Harbor reads. Where they differ, those are blamed that hold what the fewest do; among equals
 * those that hold nothing, or else the later file.
 */
export function equalNodes(files: readonly HarborFile[]): Finding[] {
  const readable = files.filter(({ isMap }) => isMap);
  return readable.length < 2
    ? []
    : compared(
        [],
        readable.map((file) => ({ file, value: file.values })),
      );
}

function compared(path: readonly string[], held: readonly Held[]): Finding[] {
  const minor = Math.max(...held.map(({ file }) => minorOf(file.values)));
  if (held.every(({ value }) => isValues(value))) {
    const keys = new Set(held.flatMap(({ value }) => (isValues(value) ? Object.keys(value) : [])));
    return [...keys]
      .filter((key) => (path.length > 0 || !OWN.has(key)) && isRead(path, key, minor))
      .flatMap((key) =>
        compared(
          [...path, key],
          held.map(({ file, value }) => ({ file, value: child(value, key) })),
        ),
      );
  }
  const groups = groupBy(held, ({ value }) => canonical(value));
  if (groups.size < 2) return [];
  const isEmpty = ([first]: readonly Held[]): number => (canonical(first?.value) === NOTHING ? 1 : 0);
  const [most] = [...groups.values()].toSorted((a, b) => b.length - a.length || isEmpty(a) - isEmpty(b));
  const model = most?.[0];
  if (model === undefined) return [];
  return held
    .filter(({ value }) => canonical(value) !== canonical(model.value))
    .map((one) => at(one.file, path, { code: "differs", ...told(path, one, model) }));
}

/** A key that nobody reads makes no difference, and is told by another rule. */
function isRead(path: readonly string[], key: string, minor: Minor): boolean {
  const known = knownKeys(path);
  if (known === undefined) return true;
  const lifetime = known.get(key);
  return lifetime !== undefined && minor <= (lifetime.until ?? minor);
}

function told(path: DocumentPath, one: Held, model: Held): { sentence: string; advice: string } {
  const where = `${model.file.name}:${model.file.lineOf(path)}`;
  const advice = `make it the same on every node${path[0] === "data_volume" ? ", on storage that all of them see" : ""}`;
  if (canonical(one.value) === NOTHING) return { sentence: `is not there, and is in ${where}`, advice };
  if (canonical(model.value) === NOTHING) return { sentence: `is not there in ${model.file.name}`, advice };
  const [here, there] = [shownValue(path, one.value), shownValue(path, model.value)];
  if (here === undefined || there === undefined)
    return { sentence: `is not the same as in ${where}`, advice };
  return { sentence: `is ${here} here and ${there} in ${where}`, advice };
}

function child(value: unknown, key: string): unknown {
  return isValues(value) ? value[key] : undefined;
}

const NOTHING = "";

/** Equal texts for values that Harbor reads as the same: nothing and empty, 5432 and "5432", lists in any order. */
function canonical(value: unknown): string {
  if (value === undefined || value === null || value === "") return NOTHING;
  if (Array.isArray(value)) return JSON.stringify(value.map(canonical).toSorted());
  if (isValues(value)) {
    const inside = Object.entries(value).filter(([, one]) => canonical(one) !== NOTHING);
    return inside.length === 0
      ? NOTHING
      : JSON.stringify(inside.map(([key, one]) => [key, canonical(one)]).toSorted());
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
