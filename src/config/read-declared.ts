import { basename, dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { isReplicated } from "../topology/flows.ts";
import type { Declared, Registry, Topology } from "../topology/model.ts";
import { selects } from "../topology/selection.ts";
import { checkShape, type Part } from "./check-shape.ts";
import { Complaints, inside } from "./complaints.ts";
import type { Declaration, Located } from "./declaration.ts";
import { ConfigError, type Mistake } from "./mistake.ts";
import { normaliseCluster, normaliseRegistry, normaliseReplicated, normaliseSettings } from "./normalise.ts";
import { didYouMean } from "./nearest.ts";
import { diskReader, whyUnreadable, type FileReader } from "./reader.ts";
import { readParts, type Parts } from "./read-parts.ts";
import { RULES } from "./rules/all.ts";
import { someTopology } from "./rules/members.ts";
import { registryShape } from "./schema/registry.ts";
import { settingsShape } from "./schema/settings.ts";
import { dualMasterShape, masterSlaveShape, sharedStorageShape } from "./schema/topology.ts";
import { name as nameShape } from "./schema/text.ts";
import { parseSource, type SourceFile } from "./source-file.ts";
import type { Environment } from "./substitute.ts";

export interface ReadOptions {
  readonly environment: Environment;
  readonly reader?: FileReader;
  /** Registries without any topology are no mistake; nothing at all is one. */
  readonly topologiesOptional?: boolean;
}

export interface ReadResult {
  readonly declared: Declared;
  /** What is allowed but probably not meant. */
  readonly warnings: readonly Mistake[];
}

/**
 * Reads all *.yaml and *.yml directly in a folder (not in folders inside it), or a single file, as one declaration.
 * Throws a ConfigError with every mistake, or `CONFIG_UNREADABLE` if there is nothing to read.
 */
export async function readDeclared(folder: string, options: ReadOptions): Promise<ReadResult> {
  const reader = options.reader ?? diskReader;
  const complaints = new Complaints();
  const sources = await readSources(folder, reader);
  const parts = readParts(sources, options.environment, complaints);
  const declaration = await understand(parts, sources, reader, complaints);
  for (const rule of RULES) {
    if (rule !== someTopology || options.topologiesOptional !== true) rule(declaration, complaints);
  }
  const mistakes = complaints.mistakes();
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { declared: declaredOf(declaration), warnings: complaints.warnings() };
}

async function readSources(folder: string, reader: FileReader): Promise<SourceFile[]> {
  const files = await filesOf(folder, reader);
  return Promise.all(
    files.map(async (file) => {
      try {
        return parseSource(file, dirname(file), await reader.readFile(file));
      } catch (thrown) {
        throw unreadable(file, thrown);
      }
    }),
  );
}

async function filesOf(folder: string, reader: FileReader): Promise<string[]> {
  if (isYaml(folder)) return [folder];
  let names: string[];
  try {
    names = await reader.listFiles(folder);
  } catch (thrown) {
    throw unreadable(folder, thrown);
  }
  const files = names.filter(isYaml).toSorted();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw new AppError("CONFIG_UNREADABLE", `there is no *.yaml in ${folder}`, {
    hint: "declare registries and topologies there, or name another folder with --policies",
  });
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/.test(name) && !basename(name).startsWith(".");
}

function unreadable(path: string, thrown: unknown): AppError {
  return new AppError("CONFIG_UNREADABLE", `${path} can't be read: ${whyUnreadable(thrown)}`, {
    hint: "name the folder of the declarations with --policies",
  });
}

async function understand(
  parts: Parts,
  sources: readonly SourceFile[],
  reader: FileReader,
  complaints: Complaints,
): Promise<Declaration> {
  const registries = new Map<string, Located<Registry>>();
  for (const [name, part] of parts.registries) {
    const wrong = nameShape.safeParse(name).error?.issues[0];
    if (wrong !== undefined) {
      complaints.mistake(part.place, wrong.message, {
        hint: "names are 1 to 16 of a-z, 0-9 and -",
        onKey: true,
      });
    }
    const shape = checkShape(registryShape, part, complaints);
    if (shape === undefined) continue;
    const value = await normaliseRegistry(name, shape, part.place, reader, complaints);
    registries.set(name, { value, place: part.place });
  }
  const topologies: Located<Topology>[] = [];
  for (const part of parts.topologies) {
    const value = await readTopology(part, reader, complaints);
    if (value !== undefined) topologies.push({ value, place: part.place });
  }
  return {
    registries,
    registryNames: new Set(parts.registries.keys()),
    topologies,
    someTopologiesLack:
      topologies.length < parts.topologies.length || sources.some((one) => one.mistakes.length > 0),
    settings: readSettings(parts, complaints),
    firstFile: sources[0],
    placeOfSetting: (key) => parts.settings.get(key)?.place,
  };
}

const SHAPES = {
  "dual-master": dualMasterShape,
  "master-slave": masterSlaveShape,
  "shared-storage": sharedStorageShape,
};

async function readTopology(
  part: Part,
  reader: FileReader,
  complaints: Complaints,
): Promise<Topology | undefined> {
  const kind: unknown =
    typeof part.value === "object" && part.value !== null && "kind" in part.value
      ? part.value.kind
      : undefined;
  switch (kind) {
    case "dual-master":
    case "master-slave": {
      const shape = checkShape(SHAPES[kind], part, complaints);
      return shape === undefined ? undefined : normaliseReplicated(shape);
    }
    case "shared-storage": {
      const shape = checkShape(SHAPES[kind], part, complaints);
      return shape === undefined ? undefined : normaliseCluster(shape, part.place, reader, complaints);
    }
    default: {
      const known = Object.keys(SHAPES);
      const hint = typeof kind === "string" ? didYouMean(kind, known) : `write ${known.join(", ")}`;
      complaints.mistake(
        inside(part.place, "kind"),
        kind === undefined ? "is missing" : "is no kind of topology",
        { hint },
      );
      return undefined;
    }
  }
}

/** Settings that would do nothing, of which more is said than that they are not known. */
const NOT_YET: Readonly<Partial<Record<string, string>>> = { listen: "nothing listens yet; leave it out" };

/** Settings may stand in several files, each key once. */
function readSettings(parts: Parts, complaints: Complaints): Declaration["settings"] {
  const defaults = settingsShape.parse({});
  const known: ReadonlySet<string> = new Set(Object.keys(settingsShape.shape));
  let settings = normaliseSettings(defaults, ".");
  for (const [key, part] of parts.settings) {
    if (!known.has(key)) {
      const hint = NOT_YET[key] ?? didYouMean(key, [...known]);
      complaints.mistake(part.place, "is not known here", { hint, onKey: true });
      continue;
    }
    const { source } = part.place;
    const whole: Part = { ...part, value: { [key]: part.value }, place: { source, path: ["settings"] } };
    const shape = checkShape(settingsShape, whole, complaints);
    if (shape === undefined) continue;
    const read: object = normaliseSettings(shape, source.folder);
    settings = { ...settings, ...Object.fromEntries(Object.entries(read).filter(([one]) => one === key)) };
  }
  return settings;
}

function declaredOf({ registries, topologies, settings }: Declaration): Declared {
  return {
    registries: new Map([...registries].map(([name, { value }]) => [name, value])),
    topologies: withoutProbes(topologies.map(({ value }) => value)),
    settings,
  };
}

/** What probes push is compared and healed nowhere, also where nobody noticed that a selection covers it. */
function withoutProbes(topologies: readonly Topology[]): Topology[] {
  const projects = topologies.flatMap((one) => (isReplicated(one) ? [] : [one.probe.project]));
  return topologies.map((topology) => {
    if (!isReplicated(topology)) return topology;
    const covers = selects(topology.content);
    const exceptProjects = [...new Set(projects)].filter((name) => covers.project(name));
    return exceptProjects.length === 0
      ? topology
      : { ...topology, content: { ...topology.content, exceptProjects } };
  });
}
