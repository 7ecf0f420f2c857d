/**
 * Two full sandboxes in a process of their own, so that what they cost is not counted as ours. Started with an IPC channel: tells where they
 * listen, answers `requests` with what they were asked since the last time, and ends with its parent.
 */
import { systemClock } from "../src/clock.ts";
import { serveSandbox } from "../src/sandbox/http-front.ts";
import { createSandboxWorld } from "../src/sandbox/world.ts";

/** 10 × 50 × 200: a hundred thousand artifacts a side, each with one tag. */
const FILLING = { projects: 10, repositories: 50, tags: 200, prefix: "bench" };

export interface Served {
  readonly urls: readonly [string, string];
  readonly password: string;
  readonly artifacts: number;
}

/** What each side was asked by clients, oldest first: paths with queries. */
export type Asked = readonly [readonly string[], readonly string[]];

const world = createSandboxWorld({ clock: systemClock, seed: 1 });
const sides = [world.add({ name: "a", profile: "2.14" }), world.add({ name: "b", profile: "2.14" })] as const;
for (const side of sides) {
  side.fill(FILLING);
  await serveSandbox(side);
}

process.on("message", () => {
  const asked = sides.map(({ requests }) => {
    const targets = requests.all().map(({ target }) => target);
    requests.clear();
    return targets;
  });
  process.send?.(asked);
});
process.on("disconnect", () => process.exit(0));
const served: Served = {
  urls: [sides[0].url, sides[1].url],
  password: sides[0].adminPassword,
  artifacts: FILLING.projects * FILLING.repositories * FILLING.tags,
};
process.send?.(served);
