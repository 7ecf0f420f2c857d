import { Scene } from "../test/support/scene.ts";
import { rounded, seconds, type Figures } from "./figures.ts";

const CHANGED_REPOSITORIES = 20;
const MOST_PASSES = 4;

/**
 * (c): two sandboxes in step, one is away while the other takes pushes, then one pass heals and proves. In the sandbox's own time, which goes on only
 * while somebody waits for Harbor's work; so what is compared is requests and Harbor's work, and no machine enters it.
 */
export async function measureOutage(figures: Figures, quick: boolean): Promise<void> {
  const changes = quick ? 100 : 1_000;
  const size = quick ? 100 : 1_000;
  const found: Record<string, unknown> = {};
  for (const audit of [true, false]) {
    await using scene = await afterOutage(size, changes);
    if (!audit) await scene.store.audit.restart("b");
    const b = scene.sandbox("b");
    b.requests.clear();
    const [asked, begun] = [scene.port("b").requestCount(), scene.clock.now()];
    const passes = await passesUntilProven(scene);
    const first = b.requests
      .all()
      .findIndex(({ method, target }) => method === "POST" && target.includes("/replication/"));
    const how = audit ? "with the audit log" : "without it";
    figures.note(`(c) ${changes} pushes in an outage, ${how}: requests before the first copy`, String(first));
    figures.note(`(c) … and in all, on the survivor`, String(scene.port("b").requestCount() - asked));
    figures.note(`(c) … sandbox time to healed and proven`, seconds(scene.clock.now() - begun));
    figures.note(`(c) … passes`, String(passes));
    found[audit ? "withAudit" : "withoutAudit"] = {
      requestsBeforeFirstCopy: first,
      requests: scene.port("b").requestCount() - asked,
      sandboxSeconds: rounded((scene.clock.now() - begun) / 1000, 1),
    };
  }
  figures.json["outage"] = { tags: 10 * size * 10, changes, ...found };
}

/** A pass that ends while Harbor is still repeating copies of its own proves nothing; the next one does. */
async function passesUntilProven(scene: Scene): Promise<number> {
  for (let passes = 1; ; passes += 1) {
    const report = await scene.pass({ remedy: "auto" });
    if (report.verdict === "in-step") return passes;
    if (passes === MOST_PASSES) throw new Error(`not healed: ${report.warnings.join("; ")}`);
    await scene.rest();
  }
}

/** Ten projects of ten repositories of so many tags a side; what is pushed meanwhile goes to twenty repositories. */
async function afterOutage(tags: number, changes: number): Promise<Scene> {
  const scene = await Scene.create({ registries: { a: "2.12", b: "2.12" }, front: "memory" });
  for (const name of ["a", "b"]) {
    scene.sandbox(name).fill({ projects: 10, repositories: 10, tags, prefix: "bench", seed: 1 });
  }
  await scene.pass();
  await scene.rest();
  await scene.pass();
  await scene.down("a");
  const from = scene.clock.now();
  await scene.store.outages.saveReach("a", { up: false, contrary: 0 }, { from });
  for (let i = 0; i < changes; i += 1) {
    const repository = i % CHANGED_REPOSITORIES;
    scene.sandbox("b").push(`bench${repository % 10}/repo${Math.floor(repository / 10)}`, `new-${i}`);
  }
  scene.clock.advance(30 * 60_000);
  scene.world.catchUp();
  await scene.up("a");
  return scene;
}
