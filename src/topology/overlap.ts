import { compilePattern } from "./doublestar.ts";
import { flowsOf } from "./flows.ts";
import type { Pattern, RegistryName, ReplicatedTopology, Selection } from "./model.ts";
import { alternativesOf, literalsOf } from "./portable-pattern.ts";
import { coversAll } from "./selection.ts";

/** Two topologies that would write to the same repositories of one registry, or pass them on in a circle. */
export interface Overlap {
  readonly kind: "overlap" | "cycle";
  /** The topologies, in the order they were given. */
  readonly topologies: readonly ReplicatedTopology[];
  readonly registries: readonly RegistryName[];
  /** A repository, or a pattern of repositories, that they share. */
  readonly repository: string;
}

/**
 * Overlaps and cycles that the declarations alone show: a project or repository that is named, the same pattern written
 * twice, or everything. Whether two different patterns meet shows only on real repositories, and is found there.
 */
export function literalOverlaps(topologies: readonly ReplicatedTopology[]): Overlap[] {
  const found = new Map<string, Overlap>();
  const covering = coveringOf();
  const sharing = (
    among: readonly ReplicatedTopology[],
    key: "projects" | "repositories",
  ): [string, ReplicatedTopology[]][] =>
    patternsOf(among, key)
      .map((text): [string, ReplicatedTopology[]] => [
        text,
        among.filter(({ content }) => covering(content[key], text)),
      ])
      .filter(([, those]) => those.length > 1);
  for (const [project, ofProject] of sharing(topologies, "projects")) {
    for (const [repository, ofRepository] of sharing(ofProject, "repositories")) {
      for (const overlap of [...shared(ofRepository), ...circles(ofRepository)]) {
        const key = `${overlap.kind} ${overlap.topologies.map(({ name }) => name).join(" ")}`;
        if (!found.has(key)) found.set(key, { ...overlap, repository: `${project}/${repository}` });
      }
    }
  }
  return [...found.values()];
}

type Shared = Omit<Overlap, "repository">;

/** Every pair of topologies that write to the same registry. */
function shared(topologies: readonly ReplicatedTopology[]): Shared[] {
  return topologies.flatMap((first, at) =>
    topologies.slice(at + 1).flatMap((second): Shared[] => {
      const registries = writesTo(first).filter((name) => writesTo(second).includes(name));
      return registries.length === 0 ? [] : [{ kind: "overlap", topologies: [first, second], registries }];
    }),
  );
}

function writesTo(topology: ReplicatedTopology): RegistryName[] {
  return [...new Set(flowsOf(topology).map(({ to }) => to))];
}

/** Registries that reach each other through flows of more than one topology. */
function circles(topologies: readonly ReplicatedTopology[]): Shared[] {
  const flows = topologies.flatMap(flowsOf);
  const reach = (from: RegistryName): Set<RegistryName> => {
    const seen = new Set<RegistryName>();
    const open = [from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const { to } of flows.filter((flow) => flow.from === name)) {
        if (!seen.has(to)) open.push(to);
        seen.add(to);
      }
    }
    return seen;
  };
  const circular = flows.filter(({ from, to }) => reach(to).has(from));
  const circle = new Set(circular.map(({ topology }) => topology));
  if (circle.size < 2 || shared([...circle]).length > 0) return [];
  const together = circular.filter((flow) =>
    circular.some(
      (other) =>
        other.topology !== flow.topology && reach(flow.to).has(other.from) && reach(other.to).has(flow.from),
    ),
  );
  const members = topologies.filter((one) => together.some(({ topology }) => topology === one));
  if (members.length < 2) return [];
  return [{ kind: "cycle", topologies: members, registries: [...new Set(together.map(({ from }) => from))] }];
}

/** All that is written as project or repository, in literal texts where it stands for such. */
function patternsOf(topologies: readonly ReplicatedTopology[], key: "projects" | "repositories"): string[] {
  return [...new Set(topologies.flatMap(({ content }) => content[key].flatMap(writtenOut)))];
}

function writtenOut(pattern: Pattern): readonly string[] {
  const alternatives = alternativesOf(pattern);
  return alternatives.kind === "alternatives" ? alternatives.texts : [pattern];
}

interface CompiledList {
  readonly all: boolean;
  readonly texts: ReadonlySet<string>;
  readonly matches: (text: string) => boolean;
}

/** Asks whether patterns surely cover a literal text, or all that another pattern stands for; each list is compiled once. */
function coveringOf(): (patterns: Selection["projects"], wanted: string) => boolean {
  const lists = new Map<Selection["projects"], CompiledList>();
  const literals = new Map<string, string | undefined>();
  return (patterns, wanted) => {
    const list = lists.get(patterns) ?? compileList(patterns);
    lists.set(patterns, list);
    if (!literals.has(wanted)) literals.set(wanted, literalsOf(wanted)?.[0]);
    const literal = literals.get(wanted);
    return list.all || list.texts.has(wanted) || (literal !== undefined && list.matches(literal));
  };
}

function compileList(patterns: Selection["projects"]): CompiledList {
  const compiled = patterns.map(compilePattern);
  return {
    all: patterns.some(coversAll),
    texts: new Set(patterns.flatMap(writtenOut)),
    matches: (text) => compiled.some((one) => one.kind === "pattern" && one.matches(text)),
  };
}
