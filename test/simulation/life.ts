import { seededRandom } from "../../src/sandbox/random.ts";
import type { Backup } from "../../src/sandbox/backup.ts";
import { regressionsTold, type Side } from "./invariants.ts";
import { choose, Stage, type Chosen } from "./stage.ts";

const REPOSITORIES = ["library/app", "team/deep/tool"] as const;
const TAGS = ["t", "u", "v"] as const;
const STEPS = 22;
const PASSES = 8;

/**
 * One life of two masters, decided by a seed alone: people push, roll back and delete on both sides, also between two requests of ours; outages, splits,
 * lost events, jobs that rest and come late, restarts, backups, and a Tidelock that is killed. The invariants are checked after every pass, and at the end
 * everything has to come to rest.
 */
export class Life {
  readonly #stage: Stage;
  readonly #random: () => number;
  #backup: { readonly side: Side; readonly backup: Backup } | undefined;
  #images = 0;
  /** Came back from a backup, and not accepted yet. */
  readonly #rewound = new Set<Side>();
  /** No event was lost, and no backup put in place of what there was. */
  #isLogWhole = true;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.#random = seededRandom(stage.chosen.seed * 17 + 3);
  }

  static async run(seed: number): Promise<void> {
    const chosen: Chosen = { ...choose(seed, "dual-master"), gap: "outage", meddles: "anywhere" };
    const stage = await Stage.open(chosen);
    await using scene = stage.scene;
    try {
      const life = new Life(stage);
      await life.#live();
      await life.#rest();
    } catch (thrown) {
      const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      throw new Error(`life ${seed}: ${why}\n${stage.story()}`, { cause: thrown });
    }
    scene.stopping = true;
  }

  async #live(): Promise<void> {
    const skew = this.#random() < 0.25 ? this.#below(120_000) - 60_000 : 0;
    this.#on(this.#side()).faults.clockSkew(skew);
    await this.#stage.warm();
    for (let i = 0; i < 4; i += 1) this.#push(this.#side());
    for (let i = 0; i < STEPS; i += 1) await this.#step();
  }

  async #step(): Promise<void> {
    const { scene } = this.#stage;
    scene.clock.advance(500 + this.#below(90_000));
    scene.world.catchUp();
    const dice = this.#random();
    if (dice < 0.33) this.#push(this.#side());
    else if (dice < 0.4) this.#delete(this.#side());
    else if (dice < 0.47) this.#pushBoth();
    else if (dice < 0.52) await scene.rest();
    else if (dice < 0.62) this.#trouble();
    else if (dice < 0.7) this.#mend();
    else if (dice < 0.74) await this.#killedPass();
    else if (dice < 0.77) await this.#backups();
    else await this.#stage.pass(this.#random() < 0.6);
  }

  /** Faults and traffic over. */
  async #rest(): Promise<void> {
    const { scene, ledger, told } = this.#stage;
    for (const side of ["a", "b"] as const) this.#on(side).faults.clear();
    this.#note("everything is mended");
    await this.#accept();
    if (!this.#isLogWhole) await this.#stopUnfinished();
    await this.#stage.settle(PASSES);
    const broken = this.#isLogWhole ? regressionsTold(ledger, told) : [];
    if (broken.length > 0) throw new Error(broken.join("\n"));
    for (const side of ["a", "b"] as const) {
      const policies = await scene.port(side).replicationPolicies();
      const states = policies.map(({ name, enabled }) => `${name} ${enabled ? "on" : "off"}`);
      if (states.length !== 1 || !policies[0]?.enabled)
        throw new Error(`left on ${side}: ${states.join(", ")}`);
    }
  }

  #push(side: Side, [repository, tag] = this.#any()): void {
    if (this.#on(side).faults.isDown()) return;
    this.#images += 1;
    const image = this.#random() < 0.12 ? `image${this.#below(this.#images)}` : `image${this.#images}`;
    this.#on(side).push(repository, tag, { seed: image });
  }

  /** The same tag on both sides, at once or nearly so. */
  #pushBoth(): void {
    const about = this.#any();
    const side = this.#side();
    this.#push(side, about);
    this.#stage.scene.clock.advance(this.#below(5_000));
    this.#push(side === "a" ? "b" : "a", about);
  }

  #delete(side: Side): void {
    const [repository, tag] = this.#any();
    if (this.#on(side).faults.isDown()) return;
    if (this.#on(side).tags().get(repository)?.has(tag) !== true) return;
    if (this.#random() < 0.7) this.#on(side).deleteTag(repository, tag);
    else this.#on(side).deleteArtifact(repository, tag);
  }

  #trouble(): void {
    const side = this.#side();
    const { faults } = this.#on(side);
    const kind = this.#below(6);
    this.#note(`trouble ${kind} on ${side}`);
    if (kind === 1 || kind === 4) this.#isLogWhole = false;
    if (kind === 0) faults.down();
    else if (kind === 1) faults.loseNextEvents(1 + this.#below(2));
    else if (kind === 2) faults.stopJobservice();
    else if (kind === 3) faults.pauseReplication();
    else if (kind === 4) this.#on(side).restart({ loseQueue: this.#random() < 0.5 });
    else for (const one of ["a", "b"] as const) this.#on(one).faults.fail(502, { from: "replication" });
  }

  #mend(): void {
    const side = this.#side();
    this.#note(`${side} is mended`);
    this.#on(side).faults.clear();
  }

  /** Taken, put back later, and what came back so is accepted a while after that. */
  async #backups(): Promise<void> {
    const { scene, ledger } = this.#stage;
    if (this.#backup === undefined) {
      const side = this.#side();
      this.#backup = { side, backup: this.#on(side).faults.backup() };
      this.#note(`backup of ${side}`);
      return;
    }
    const { side, backup } = this.#backup;
    this.#backup = undefined;
    this.#isLogWhole = false;
    this.#on(side).faults.restore(backup);
    this.#note(`${side} came back from its backup`);
    ledger.restored(side);
    this.#rewound.add(side);
    scene.clock.advance(1_000);
    await this.#stage.pass();
    if (this.#random() < 0.7) await this.#accept();
  }

  /** As an operator does with jobs that a backup or a restart left unfinished: nobody works on them, and Harbor keeps them for days. */
  async #stopUnfinished(): Promise<void> {
    const { scene } = this.#stage;
    await scene.rest();
    for (const side of ["a", "b"] as const) {
      const port = scene.port(side);
      for (const { id } of await port.replicationPolicies()) {
        const executions = await port.executions({ policyId: id, limit: 50 });
        for (const one of executions) if (one.state === "running") await port.stopExecution(one.id);
      }
    }
  }

  async #accept(): Promise<void> {
    const { scene } = this.#stage;
    for (const side of ["a", "b"] as const) {
      const isRewound = this.#rewound.delete(side) || (await scene.store.memory.rewinds(side)).length > 0;
      if (!isRewound) continue;
      this.#note(`${side} is accepted as it is`);
      await scene.store.memory.accept(side);
    }
  }

  /** A pass that ends at a random request, as if killed. */
  async #killedPass(): Promise<void> {
    const { scene } = this.#stage;
    let left = 1 + this.#below(90);
    this.#note(`a pass is killed after ${left} requests`);
    const offs = (["a", "b"] as const).map((side) =>
      this.#on(side).onRequest(() => {
        left -= 1;
        if (left <= 0) throw new Error("killed");
      }),
    );
    await scene.pass().catch(() => undefined);
    for (const off of offs) off();
    scene.renew();
  }

  #on(side: Side): ReturnType<Stage["scene"]["sandbox"]> {
    return this.#stage.scene.sandbox(side);
  }

  #any(): readonly [string, string] {
    return [this.#of(REPOSITORIES), this.#of(TAGS)];
  }

  #side(): Side {
    return this.#of(["a", "b"] as const);
  }

  #of<One>(all: readonly [One, ...One[]]): One {
    return all[this.#below(all.length)] ?? all[0];
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #note(line: string): void {
    this.#stage.log.push(line);
  }
}
