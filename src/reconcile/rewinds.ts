import type { Rewind } from "../store/store.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";

const NAMED = 3;

/** One sentence a registry about what came back older than it was seen, with the command that ends it. */
export function rewindSentences(topology: TopologyName, rewinds: readonly Rewind[]): string[] {
  return [...new Set(rewinds.map(({ registry }) => registry))].map((registry) => {
    const of = rewinds.filter((rewind) => rewind.registry === registry);
    return `${subjectOf(registry, of)}; nothing is concluded or done there until a person accepts it: tidelock resolve ${topology} ${registry} accept-rewind`;
  });
}

function subjectOf(registry: RegistryName, rewinds: readonly Rewind[]): string {
  const whole = rewinds.find(({ project }) => project === "");
  if (whole !== undefined) return `${registry} came back older than it was seen: ${whole.reason}`;
  const [first] = rewinds;
  const names = rewinds.slice(0, NAMED).map(({ project }) => project);
  const more = rewinds.length > NAMED ? ` and ${rewinds.length - NAMED} more` : "";
  return `${registry}: the project${rewinds.length === 1 ? "" : "s"} ${names.join(", ")}${more} came back older than it was seen: ${first?.reason ?? ""}`;
}
