import pLimit from "p-limit";
import { killAndRunAgain, STORIES, unkilled, type Kill, type Outcome, type Tags } from "./killable-story.ts";

/** Deterministic numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The process spends most of a run waiting, so several of them fit into one core. */
const AT_ONCE = 5;

export interface Series {
  readonly outcomes: readonly Outcome[];
  /** What an unkilled run of each story leaves on both sides. */
  readonly expected: ReadonlyMap<string, readonly [Tags, Tags]>;
}

/** So many kills, spread over the stories and the profiles: half of them at each write in turn, half at any request. */
export async function killSeries(
  count: number,
  seed: number,
  profiles: readonly Kill["profile"][],
): Promise<Series> {
  const random = seeded(seed);
  const limit = pLimit(AT_ONCE);
  const lengths = new Map<string, Awaited<ReturnType<typeof unkilled>>>();
  const [first = "2.9"] = profiles;
  await Promise.all(
    STORIES.map((story) => limit(async () => lengths.set(story.name, await unkilled(story, first)))),
  );
  const kills = Array.from({ length: count }, (_, i): Kill => {
    const story = STORIES[i % STORIES.length]!;
    const round = Math.floor(i / STORIES.length);
    const { requests, writes } = lengths.get(story.name)!;
    const common = { story, profile: profiles[round % profiles.length]! };
    return round % 2 === 0
      ? { ...common, counted: "writes", at: 1 + ((round / 2) % writes), applied: random() < 0.5 }
      : {
          ...common,
          counted: "requests",
          at: 1 + Math.floor(random() * requests * 0.9),
          applied: random() < 0.5,
        };
  });
  const outcomes = await Promise.all(kills.map((kill) => limit(() => killAndRunAgain(kill))));
  return { outcomes, expected: new Map([...lengths].map(([name, { ends }]) => [name, ends])) };
}

/** What a kill did harm to; an empty list for every kill is the point of it all. */
export function harm(
  { kill, next, ends, switchedOff, temporary }: Outcome,
  expected: readonly [Tags, Tags],
): string[] {
  const harmed = [
    ...(next.code === 0 ? [] : [`the next run ended with ${next.code}:\n${next.text}`]),
    ...(JSON.stringify(ends) === JSON.stringify(expected)
      ? []
      : [`content ended as ${brief(ends)}, not as ${brief(expected)}\n${next.text}`]),
    ...switchedOff.map((name) => `${name} is switched off`),
    ...temporary.map((name) => `${name} is left over`),
  ];
  const where = `${kill.story.name} on ${kill.profile}, killed at ${kill.counted} ${kill.at}${kill.applied ? "" : " (not applied)"}`;
  return harmed.map((sentence) => `${where}: ${sentence}`);
}

function brief(ends: readonly [Tags, Tags]): string {
  return JSON.stringify(ends).replace(/sha256:(.{6})[0-9a-f]+/g, "$1");
}
