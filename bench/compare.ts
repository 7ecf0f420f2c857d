import { assertInStep, declare } from "./declared.ts";
import { median, ratio, rounded, seconds, type Figures } from "./figures.ts";
import { runBare, runOther, type Ran } from "./program.ts";
import { startWorld, type Asked, type Served } from "./served.ts";

/** What Tidelock asks one registry at once, by default. */
const AT_ONCE = 4;
const ROUNDS = 3;
const SKOPEO_TAGS = 200;

/** (a), (b) and (g): comparing what is equal, against fetching the same pages bare, and against asking for every tag. */
export async function measureComparing(figures: Figures, quick: boolean): Promise<void> {
  using world = await startWorld("prepared-world.ts", {
    projects: quick ? 2 : 10,
    repositories: quick ? 10 : 20,
    tags: 500,
  });
  const { served } = world;
  const { artifacts } = served;
  const declared = await declare(served);
  const cold = await declared.run("diff");
  assertInStep(cold, artifacts);
  await world.ask("asked");
  let pages: Asked = [[], []];
  const ours: Ran[] = [];
  const bare: Ran[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await declared.run("diff"));
    pages = (await world.ask("asked")) as Asked;
    bare.push(await askBare("GET", served, pages));
    await world.ask("asked");
  }
  ours.forEach((ran) => assertInStep(ran, artifacts));
  const [oursMs, bareMs] = [ours, bare].map((runs) => median(runs.map(({ ms }) => ms))) as [number, number];
  const [oursCpu, bareCpu] = [ours, bare].map((runs) => median(runs.map(({ cpuMs }) => cpuMs))) as [
    number,
    number,
  ];
  const requests = Math.max(...pages.map(({ length }) => length));
  figures.note("artifacts a side", String(artifacts));
  figures.note("(a) comparing, base cold", seconds(cold.ms));
  figures.note("(a) comparing, base warm", seconds(oursMs));
  figures.note("(a) the same pages, bare", seconds(bareMs));
  figures.note("(a) comparing / bare", ratio(oursMs, bareMs), "≤ 1.3");
  figures.note(
    "(b) requests a side and 100 artifacts",
    String(rounded(requests / (artifacts / 100))),
    "≤ 1.1",
  );
  Object.assign(figures.json, {
    artifacts,
    compareRatio: rounded(oursMs / bareMs),
    compareCpuRatio: rounded(oursCpu / bareCpu),
    coldRatio: rounded(cold.ms / bareMs),
    requestsPerHundredArtifacts: rounded(requests / (artifacts / 100), 3),
  });
  await measurePerTag(figures, served, { quick, oursMs });
  await world.ask("asked");
}

/** (g) */
async function measurePerTag(
  figures: Figures,
  served: Served,
  { quick, oursMs }: { readonly quick: boolean; readonly oursMs: number },
): Promise<void> {
  const measured = quick ? 500 : 5_000;
  const paths = tagPaths(measured);
  const heads = await askBare("HEAD", served, [paths, paths]);
  const all = (heads.ms / measured) * served.artifacts;
  figures.note(`(g) a HEAD a tag and side, of ${measured}`, seconds(heads.ms));
  figures.note("(g) the same, all tags (extrapolated)", seconds(all));
  figures.note("(g) a HEAD a tag / comparing", ratio(all, oursMs));
  figures.json["perTagRatio"] = rounded(all / oursMs, 1);
  const skopeo = await askSkopeo(served, quick ? SKOPEO_TAGS / 10 : SKOPEO_TAGS);
  if (skopeo === undefined) {
    figures.note("(g) skopeo", "not on this machine");
    return;
  }
  const perTag = skopeo.ms / skopeo.tags;
  figures.note(`(g) skopeo, ${skopeo.tags} tags of one side`, seconds(skopeo.ms));
  figures.note("(g) skopeo, both sides (extrapolated)", seconds(2 * perTag * served.artifacts));
  figures.json["skopeoRatio"] = rounded((2 * perTag * served.artifacts) / oursMs, 1);
}

function askBare(method: "GET" | "HEAD", { urls, password }: Served, asked: Asked): Promise<Ran> {
  const sides = urls.map((url, side) => ({ url, paths: asked[side] ?? [] }));
  return runBare({ method, user: `admin:${password}`, atOnce: AT_ONCE, sides });
}

function tagPaths(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => `/v2/bench0/repo${Math.floor(i / 500) % 10}/manifests/v${i % 500}`,
  );
}

/** One process a tag, so many at once as Tidelock asks: what a shell script around it does. */
async function askSkopeo(
  { urls: [url], password }: Served,
  tags: number,
): Promise<{ readonly ms: number; readonly tags: number } | undefined> {
  const begin = performance.now();
  const left = tagPaths(tags).values();
  const work = async (): Promise<void> => {
    for (const path of left) {
      const image = path.replace(/^\/v2\//, "/").replace("/manifests/", ":");
      await runOther("skopeo", [
        "inspect",
        "--raw",
        "--tls-verify=false",
        `--creds=admin:${password}`,
        `docker://${new URL(url).host}${image}`,
      ]);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw thrown;
  }
  return { ms: performance.now() - begin, tags };
}
