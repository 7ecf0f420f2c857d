import { whereIs, type Complaints } from "./complaints.ts";
import type { Part } from "./check-shape.ts";
import { didYouMean } from "./nearest.ts";
import { API_VERSION } from "./schema/document.ts";
import type { Place, SourceFile } from "./source-file.ts";
import { substitute, type Environment } from "./substitute.ts";

/** The parts of all files, merged; nothing is checked yet but that they are where they belong. */
export interface Parts {
  /** By name. */
  readonly registries: ReadonlyMap<string, Part>;
  readonly topologies: readonly Part[];
  /** By key. */
  readonly settings: ReadonlyMap<string, Part>;
}

const KEYS = ["apiVersion", "registries", "topologies", "settings"];

/** Takes the files apart; a name declared twice is a mistake that names both places. */
export function readParts(
  sources: readonly SourceFile[],
  environment: Environment,
  complaints: Complaints,
): Parts {
  const registries = new Map<string, Part>();
  const settings = new Map<string, Part>();
  const topologies: Part[] = [];
  for (const source of sources) {
    complaints.add(source.mistakes);
    if (source.mistakes.length > 0) continue;
    const { value, fromEnvironment } = substitute(source, environment, complaints);
    const place: Place = { source, path: [] };
    if (!isMap(value)) {
      complaints.mistake(place, "is no map", { hint: `begin with apiVersion: ${API_VERSION}` });
      continue;
    }
    checkKeys(value, place, complaints);
    const part = (one: unknown, ...path: (string | number)[]): Part => ({
      value: one,
      place: { source, path },
      fromEnvironment,
    });
    for (const [name, one] of entriesOf(value, "registries", place, complaints)) {
      addOnce(registries, name, part(one, "registries", name), "the registry", complaints);
    }
    for (const [key, one] of entriesOf(value, "settings", place, complaints)) {
      addOnce(settings, key, part(one, "settings", key), "the setting", complaints);
    }
    for (const [at, one] of listOf(value, place, complaints).entries())
      topologies.push(part(one, "topologies", at));
  }
  return { registries, topologies, settings };
}

function checkKeys(value: Record<string, unknown>, place: Place, complaints: Complaints): void {
  for (const key of Object.keys(value).filter((one) => !KEYS.includes(one))) {
    const at = { source: place.source, path: [key] };
    complaints.mistake(at, "is not known here", { hint: didYouMean(key, KEYS), onKey: true });
  }
  const version = value["apiVersion"];
  if (version === API_VERSION) return;
  const at = { source: place.source, path: ["apiVersion"] };
  complaints.mistake(at, version === undefined ? "is missing" : "is not known", {
    hint: `write apiVersion: ${API_VERSION}`,
  });
}

function entriesOf(
  value: Record<string, unknown>,
  key: "registries" | "settings",
  place: Place,
  complaints: Complaints,
): [string, unknown][] {
  const map = value[key];
  if (map === undefined || map === null) return [];
  if (isMap(map)) return Object.entries(map);
  complaints.mistake({ source: place.source, path: [key] }, "is no map", {
    hint: key === "registries" ? "write NAME: { url: …, username: …, passwordFile: … }" : undefined,
  });
  return [];
}

function listOf(value: Record<string, unknown>, place: Place, complaints: Complaints): unknown[] {
  const list = value["topologies"];
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return list;
  complaints.mistake({ source: place.source, path: ["topologies"] }, "is no list", {
    hint: "write each topology as - name: …",
  });
  return [];
}

function addOnce(
  to: Map<string, Part>,
  name: string,
  part: Part,
  what: string,
  complaints: Complaints,
): void {
  const first = to.get(name);
  if (first === undefined) {
    to.set(name, part);
    return;
  }
  complaints.mistake(part.place, `${what} ${name} is declared at ${whereIs(first.place)} already`, {
    onKey: true,
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
