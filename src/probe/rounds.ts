/** Which node does what to one image. */
export interface PlannedRound {
  readonly round: number;
  readonly pushedBy: string;
  readonly taggedBy: string;
  readonly untaggedBy: string;
}

/**
 * The rounds of a probe. Full: each ordered pair of nodes pushes and tags, `rounds` times. Small: each node pushes `rounds` times, and
 * who tags moves on by one with each round and with `turn`, so that all pairs come up in time. A third node removes the tag where there is one,
 * each in its turn. A single node does all of it itself, once.
 */
export function planRounds(
  nodes: readonly string[],
  form: "small" | "full",
  rounds: number,
  turn: number,
): PlannedRound[] {
  const others = nodes.length - 1;
  if (others < 1)
    return nodes.map((only) => ({ round: 1, pushedBy: only, taggedBy: only, untaggedBy: only }));
  const planned: Omit<PlannedRound, "round">[] = [];
  for (let again = 0; again < rounds; again += 1) {
    const steps = form === "full" ? countTo(others) : [1 + ((again + turn) % others)];
    for (const step of steps) {
      for (const index of nodes.keys()) planned.push(roundOf(nodes, index, index + step, again + turn));
    }
  }
  return planned.map((one, index) => ({ round: index + 1, ...one }));
}

function roundOf(
  nodes: readonly string[],
  pusher: number,
  tagger: number,
  turn: number,
): Omit<PlannedRound, "round"> {
  const nameAt = (index: number): string => nodes[index % nodes.length] ?? "";
  const [pushedBy, taggedBy] = [nameAt(pusher), nameAt(tagger)];
  const third = nodes.filter((node) => node !== pushedBy && node !== taggedBy);
  return { pushedBy, taggedBy, untaggedBy: third[turn % Math.max(third.length, 1)] ?? pushedBy };
}

function countTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
