import type { TopologyName } from "../topology/model.ts";
import type { TopologyShape } from "./topology-shape.ts";

const LONGEST = 16;

/** Gives names, each once: as its objects are named already, else after its registries, else by number. */
export function topologyNames(taken: readonly TopologyName[]): (shape: TopologyShape) => TopologyName {
  const used = new Set(taken);
  return (shape) => {
    const name = candidates(shape).find((one) => isName(one) && !used.has(one)) ?? numbered(used);
    used.add(name);
    return name;
  };
}

function candidates({ kind, registries, flows }: TopologyShape): string[] {
  const own = flows.flatMap(({ topology }) => topology ?? []);
  const [first = ""] = registries;
  const joined = registries.join("-");
  return [...own, joined, kind === "master-slave" ? `from-${first}` : `with-${first}`, `${joined}-2`];
}

function isName(text: string): boolean {
  return /^[a-z0-9-]+$/.test(text) && text.length <= LONGEST;
}

function numbered(used: ReadonlySet<string>): string {
  for (let at = 1; ; at += 1) {
    const name = `topology-${at}`;
    if (!used.has(name)) return name;
  }
}
