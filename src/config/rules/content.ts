import { compileFilters } from "../../desired/filters.ts";
import { isReplicated } from "../../topology/flows.ts";
import { literalOverlaps } from "../../topology/overlap.ts";
import { coversAll } from "../../topology/selection.ts";
import { inside } from "../complaints.ts";
import type { Rule } from "../declaration.ts";

/** For each registry and repository at most one topology may write. */
export const oneWriter: Rule = ({ topologies }, complaints) => {
  const places = new Map(topologies.map(({ value, place }) => [value, place]));
  const replicated = topologies.flatMap(({ value, place }) =>
    isReplicated(value) && !complaints.concerns(place) ? [value] : [],
  );
  for (const { kind, topologies: involved, registries, repository } of literalOverlaps(replicated)) {
    const last = involved.at(-1);
    const place = last === undefined ? undefined : places.get(last);
    if (place === undefined) continue;
    const others = involved.slice(0, -1).map(({ name }) => name);
    const message =
      kind === "overlap"
        ? `writes ${repository} to ${registries.join(", ")}, as the topology ${others.join(", ")} does`
        : `passes ${repository} on in a circle (${registries.join(", ")}) with the topology ${others.join(", ")}`;
    complaints.mistake(inside(place, "content"), message, {
      hint: "let one topology cover it, or narrow the content of one",
      onKey: true,
    });
  }
};

/** Filters are split over several replication policies; a single piece that is too long can't be. */
export const filtersFit: Rule = ({ topologies }, complaints) => {
  for (const { value, place } of topologies) {
    if (!isReplicated(value)) continue;
    const compiled = compileFilters(value.content, true);
    if (compiled.kind === "too-long") {
      complaints.mistake(inside(place, "content"), compiled.message, {
        hint: "use shorter or fewer patterns",
        onKey: true,
      });
    }
  }
};

export const nothingLeft: Rule = ({ topologies }, complaints) => {
  for (const { value, place } of topologies) {
    if (!isReplicated(value)) continue;
    for (const [at, pattern] of value.content.excludeTags.entries()) {
      if (coversAll(pattern) || pattern === "*" || pattern === value.content.tags) {
        complaints.mistake(inside(place, "content", "excludeTags", at), "leaves every tag out");
      }
    }
  }
};
