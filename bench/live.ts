import { assertInStep, declare } from "./declared.ts";
import { median, ratio, rounded, seconds, type Figures } from "./figures.ts";
import { clearLive, fillLive, type LiveLayout, type LiveSide } from "./live-fill.ts";
import { runBare, type Ran } from "./program.ts";

const AT_ONCE = 4;
const ROUNDS = 3;
const PROJECT = "tidelock-live-bench";

/**
 * Two real Harbors that hold the same: comparing them, the same pages bare, and a HEAD for each tag, in one run. Needs TIDELOCK_LIVE_A_URL, _USER and
 * _PASSWORD, and the same for B, both Harbor 2.12 or later; skipped, and said so, without them.
 */
export async function measureLive(figures: Figures, quick: boolean): Promise<void> {
  const sides = [sideOf("A"), sideOf("B")];
  const [a, b] = sides;
  if (a === undefined || b === undefined) {
    figures.note("a real pair", "not named in the environment");
    return;
  }
  const layout = { project: PROJECT, repositories: quick ? 4 : 40, artifacts: 50, tagsEach: 5 };
  try {
    await Promise.all([fillLive(a, layout), fillLive(b, layout)]);
    await compareLive(figures, [a, b], layout);
  } finally {
    await Promise.all([clearLive(a, layout), clearLive(b, layout)]);
  }
}

async function compareLive(
  figures: Figures,
  sides: readonly [LiveSide, LiveSide],
  { project, repositories, artifacts, tagsEach }: LiveLayout,
): Promise<void> {
  const [a, b] = sides;
  const tags = repositories * artifacts * tagsEach;
  const declared = await declare({ urls: [a.url, b.url], password: a.password, artifacts: tags }, project);
  assertInStep(await declared.run("diff"), tags);
  const told = await declared.run("--log-level", "debug", "diff");
  const asked = pathsIn(told);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const ran = await declared.run("diff");
    assertInStep(ran, tags);
    ours.push(ran.ms);
    bare.push((await askBare("GET", sides, asked)).ms);
  }
  const names = Array.from({ length: tags }, (_, i) => {
    const [repository, rest] = [Math.floor(i / (artifacts * tagsEach)), i % (artifacts * tagsEach)];
    return `/v2/${project}/repo${repository}/manifests/v${Math.floor(rest / tagsEach)}-${rest % tagsEach}`;
  });
  const [mine, pages] = [median(ours), median(bare)];
  figures.note(`a real pair, ${tags} tags a side: comparing`, seconds(mine));
  figures.note("… requests a side", String(Math.max(...asked.map(({ length }) => length))));
  figures.note("… the same pages, bare", `${seconds(pages)}, ${ratio(mine, pages)}`);
  const heads = await askBare("HEAD", sides, [names, names]);
  figures.note("… a HEAD for every tag", seconds(heads.ms));
  figures.note("… a HEAD for every tag / comparing", ratio(heads.ms, mine), "≥ 100");
  figures.note("… a HEAD for every tag / the pages bare", ratio(heads.ms, pages));
  figures.json["live"] = {
    tags,
    requests: asked.map(({ length }) => length),
    milliseconds: Math.round(mine),
    bareMilliseconds: Math.round(pages),
    headMilliseconds: Math.round(heads.ms),
    perTagRatio: rounded(heads.ms / mine, 1),
  };
}

/** What was asked of each side, from the log. */
function pathsIn({ stderr }: Ran): readonly (readonly string[])[] {
  const asked: Record<string, string[]> = { a: [], b: [] };
  for (const line of stderr.split("\n")) {
    if (!line.startsWith("{")) continue;
    const { registry, method, url } = JSON.parse(line) as Partial<
      Record<"registry" | "method" | "url", string>
    >;
    if (registry === undefined || method !== "GET" || url === undefined) continue;
    const { pathname, search } = new URL(url);
    asked[registry]?.push(pathname + search);
  }
  return [asked["a"] ?? [], asked["b"] ?? []];
}

function askBare(
  method: "GET" | "HEAD",
  sides: readonly LiveSide[],
  asked: readonly (readonly string[])[],
): Promise<Ran> {
  const [{ user, password } = { user: "", password: "" }] = sides;
  return runBare({
    method,
    user: `${user}:${password}`,
    atOnce: AT_ONCE,
    sides: sides.map(({ url }, side) => ({ url, paths: asked[side] ?? [] })),
  });
}

function sideOf(name: "A" | "B"): LiveSide | undefined {
  const of = (part: string): string | undefined => process.env[`TIDELOCK_LIVE_${name}_${part}`];
  const [url, user, password] = [of("URL"), of("USER"), of("PASSWORD")];
  return url === undefined || user === undefined || password === undefined
    ? undefined
    : { url, user, password };
}
