/** Nodes that are proven to be alike in some respect, in groups. */
export interface Groups {
  readonly groups: readonly (readonly string[])[];
  /** The group with more nodes than any other; undefined: there is none. */
  readonly majority: readonly string[] | undefined;
  together(one: string, other: string): boolean;
}

/** What is the same as a third thing is the same: each pair that was proven alike joins two groups. */
export function groupsOf(
  nodes: readonly string[],
  alike: readonly (readonly [one: string, other: string])[],
): Groups {
  const groupOf = new Map(nodes.map((node) => [node, new Set([node])]));
  for (const [one, other] of alike) {
    const joined = new Set([...(groupOf.get(one) ?? [one]), ...(groupOf.get(other) ?? [other])]);
    for (const member of joined) groupOf.set(member, joined);
  }
  const groups = [...new Set(groupOf.values())].map((group) => nodes.filter((node) => group.has(node)));
  const bySize = groups.toSorted((left, right) => right.length - left.length);
  const [first, second] = bySize;
  const majority = first !== undefined && first.length > (second?.length ?? 0) ? first : undefined;
  return { groups, majority, together: (one, other) => groupOf.get(one)?.has(other) === true };
}

/** Two nodes that were seen to differ, and which of them must be the cause, where that is known. */
export interface Difference {
  readonly pair: readonly [string, string];
  readonly blames: readonly string[] | undefined;
}

/**
 * Which nodes a difference is at. Most nodes are right; where there is no majority, what blames one of two decides; else all that differ are
 * named. Nodes of which nothing was seen are never named.
 */
export function oddOnes(
  nodes: readonly string[],
  { majority }: Groups,
  differences: readonly Difference[],
): readonly string[] {
  const involved = new Set(differences.flatMap(({ pair }) => pair));
  const minority = nodes.filter((node) => involved.has(node) && majority?.includes(node) === false);
  if (minority.length > 0) return minority;
  const isExplained = differences.every(({ blames }) => blames !== undefined && blames.length > 0);
  const blamed = new Set(differences.flatMap(({ blames }) => blames ?? []));
  return nodes.filter((node) => (isExplained ? blamed : involved).has(node));
}
