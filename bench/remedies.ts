import { Scene, tagsOf } from "../test/support/scene.ts";
import { ratio, rounded, seconds, type Figures } from "./figures.ts";

const REPOSITORIES = 10;

/** (e): so many missing tags, brought by each remedy and by a run that Harbor is told to make; in the sandbox's own time. */
export async function measureRemedies(figures: Figures, quick: boolean): Promise<void> {
  const tags = quick ? 50 : 500;
  const harbors = await ownRun(tags);
  figures.note(`(e) ${tags} tags by Harbor's own full run, sandbox time`, seconds(harbors));
  const times: Record<string, number> = { harbor: rounded(harbors / 1000, 1) };
  for (const remedy of ["scoped", "retrigger", "toggle"] as const) {
    await using scene = await withGap(tags);
    const begin = scene.clock.now();
    const report = await scene.pass({ remedy });
    if (report.verdict !== "in-step") throw new Error(`${remedy}: ${report.warnings.join("; ")}`);
    const ms = scene.clock.now() - begin;
    times[remedy] = rounded(ms / 1000, 1);
    figures.note(
      `(e) the same by ${remedy}, its echoes and the proof included`,
      `${seconds(ms)}, ${ratio(ms, harbors)}`,
    );
  }
  figures.json["remedySandboxSeconds"] = { tags, ...times };
}

/** Its policy is told to run; over when all is there. */
async function ownRun(tags: number): Promise<number> {
  await using scene = await withGap(tags);
  const source = scene.port("a");
  const [policy] = await source.replicationPolicies();
  if (policy === undefined) throw new Error("there is no replication policy");
  const begin = scene.clock.now();
  await source.startExecution(policy.id);
  const count = (name: string): number => Object.keys(tagsOf(scene.sandbox(name))).length;
  while (count("b") < count("a")) {
    scene.clock.advance(250);
    scene.world.catchUp();
  }
  return scene.clock.now() - begin;
}

/** Two masters under our policies; the tags were pushed while Harbor could tell nobody. */
async function withGap(tags: number): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.12", b: "2.12" }, front: "memory" });
  await scene.pass();
  const a = scene.sandbox("a");
  a.faults.loseNextEvents(10 * tags);
  for (let i = 0; i < tags; i += 1) a.push(`library/repo${i % REPOSITORIES}`, `v${i}`);
  await scene.rest();
  return scene;
}
