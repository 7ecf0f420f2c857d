import type { AxiosAdapter } from "axios";
import { isDisarmed } from "../../src/desired/disarmed.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { ReplicationPolicy } from "../../src/observed/model.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import type { Filling } from "../../src/sandbox/fill.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { ACCOUNTS, findings, Scene } from "../support/scene.ts";
import { castOf, type Cast } from "./cast.ts";
import { Chance } from "./chance.ts";
import { Foreign } from "./foreign.ts";
import {
  hasWriteSince,
  isSettled,
  nothingLost,
  onlyCovered,
  ownDeletions,
  provenIsTrue,
  regressionsTold,
  triedAll,
  Told,
} from "./invariants.ts";
import { Ledger } from "./ledger.ts";
import { CALM, Network, STORM } from "./network.ts";
import { Owed } from "./owed.ts";
import { People } from "./people.ts";
import { Mortal } from "./process.ts";
import { emptyTally, type Tally } from "./tally.ts";
import { Tidelock, type Surroundings } from "./tidelock.ts";
import { Troubles } from "./troubles.ts";

const STEPS = 18;
const PASSES = 8;
const CANARIES = ["Separate12345", "Harbor12345", "Rotated"];

/** What is broken on purpose, to see that it is caught. */
export interface Variant {
  /** Stands between Tidelock and a Harbor. */
  readonly bend?: (port: HarborPort, scene: Scene) => HarborPort;
  /** Stands between Tidelock and the network. */
  readonly send?: (adapter: AxiosAdapter) => AxiosAdapter;
}

/**
 * One life of two to four Harbors under one topology, decided by a seed alone: people push, roll back, index, sign and delete anywhere, also between two
 * requests of ours; Harbors go down, hang, restart and forget, come back from backups; messages come late, twice and by half; passwords change; Tidelock is
 * killed between any two effects, and runs twice at once. The invariants are checked after every step, and at the end everything has to come to rest.
 */
export class Life {
  readonly tally: Tally = emptyTally();
  readonly #cast: Cast;
  readonly #scene: Scene;
  readonly #chance: Chance;
  readonly #ledger: Ledger;
  readonly #told = new Told();
  readonly #owed: Owed;
  readonly #people: People;
  readonly #troubles: Troubles;
  readonly #network: Network;
  readonly #foreign: Foreign;
  readonly #log: string[] = [];
  readonly #around: Surroundings;
  #broken: string[] = [];
  #checkedWrites = 0;
  #processes = 0;
  #isMeddling = false;

  private constructor(cast: Cast, scene: Scene, variant: Variant) {
    this.#cast = cast;
    this.#scene = scene;
    this.#chance = new Chance(cast.seed * 17 + 3);
    const sandboxes = this.#sandboxes();
    const note = (line: string): void => void this.#log.push(line);
    this.#ledger = new Ledger(scene, Object.keys(cast.registries), note);
    this.#owed = new Owed(scene, this.#ledger, this.#told);
    this.#people = new People(sandboxes, this.#chance, this.tally);
    this.#troubles = new Troubles(scene, this.#ledger, sandboxes, this.#chance, note);
    this.#network = new Network(
      inMemoryAdapter(scene.world),
      (url) => scene.world.at(url),
      scene.clock,
      this.#chance,
      this.tally,
    );
    this.#foreign = new Foreign(sandboxes, scene);
    for (const sandbox of sandboxes) {
      sandbox.onRequest(() => this.#meddle());
      sandbox.onContent(({ kind, operator, repository }) => {
        if (kind === "pull" && operator === ACCOUNTS.tidelock)
          this.#broken.push(`looking pulled ${repository}`);
      });
    }
    this.#around = {
      scene,
      network: variant.send?.(this.#network.send) ?? this.#network.send,
      bend: (port) => variant.bend?.(port, scene) ?? port,
      reported: (report) => this.#report(report),
      wrote: (line) => this.#listen(line),
    };
  }

  /** Rejects with the whole story where an invariant breaks. */
  static async run(seed: number, variant: Variant = {}): Promise<Tally> {
    const cast = castOf(seed);
    await using scene = await Scene.create({
      kind: cast.kind,
      registries: cast.registries,
      front: "memory",
      seed,
      separateAccounts: true,
      turns: 3,
      topology: { trigger: cast.trigger, content: COVERED },
      heal: cast.heal,
    });
    for (const name of Object.keys(cast.registries)) scene.sandbox(name).fill(bulkOf(cast));
    const life = new Life(cast, scene, variant);
    try {
      await life.#live();
      await life.#rest();
    } catch (thrown) {
      const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      throw new Error(`seed ${seed}: ${why}\n${JSON.stringify(cast)}\n${life.#log.join("\n")}`, {
        cause: thrown,
      });
    }
    return life.tally;
  }

  async #live(): Promise<void> {
    for (const sandbox of this.#sandboxes())
      if (this.#chance.happens(0.2)) this.#troubles.skew(sandbox, this.#chance.below(120_000) - 60_000);
    await this.#foreign.place();
    await this.#pass();
    for (let i = 0; i < 4; i += 1) this.#people.act();
    for (let i = 0; i < STEPS; i += 1) await this.#step();
  }

  async #step(): Promise<void> {
    this.tally.steps += 1;
    this.#scene.clock.advance(500 + this.#chance.below(90_000));
    this.#scene.world.catchUp();
    const what = this.#chance.weighed({
      people: 40,
      rest: 5,
      trouble: 10,
      mend: 8,
      weather: 4,
      backup: 3,
      accept: 2,
      forget: 1,
      pass: 17,
      killed: 7,
      twice: 3,
      daemon: 3,
    });
    if (what === "people") this.#people.act();
    else if (what === "rest") await this.#scene.rest();
    else if (what === "trouble") this.#troubles.begin();
    else if (what === "mend") this.#troubles.mend();
    else if (what === "weather") this.#network.weather = this.#chance.of(CALM, STORM);
    else if (what === "backup") await this.#backUp();
    else if (what === "accept") await this.#troubles.accept();
    else if (what === "forget") await this.#forget();
    else if (what === "pass") await this.#pass();
    else if (what === "killed") await this.#killed();
    else if (what === "twice") await this.#twice();
    else await this.#daemon();
    await this.#check();
  }

  /** One that is seen at once, since nobody could tell afterwards. */
  async #backUp(): Promise<void> {
    if (!this.#troubles.backUp()) return;
    this.#scene.clock.advance(1_000);
    await this.#pass();
  }

  async #forget(): Promise<void> {
    this.#log.push("the store is lost");
    await this.#scene.forget();
  }

  async #pass(mortal = this.#mortal()): Promise<PassReport | undefined> {
    const report = await this.#alive(mortal, () => new Tidelock(this.#around, mortal).reconcile());
    return report;
  }

  async #killed(): Promise<void> {
    const mortal = this.#mortal();
    mortal.dieAfter(1 + this.#chance.below(250) + this.#chance.of(0, 0.5));
    await this.#pass(mortal);
    if (mortal.isDead) {
      this.tally.crashes += 1;
      this.#log.push(`${mortal.owner} was killed`);
    }
  }

  async #twice(): Promise<void> {
    this.#log.push("two at once");
    const [one, other] = [this.#mortal(), this.#mortal()];
    if (this.#chance.happens(0.4)) one.dieAfter(1 + this.#chance.below(200));
    await Promise.all([this.#pass(one), this.#pass(other)]);
    if (one.isDead) this.tally.crashes += 1;
  }

  async #daemon(): Promise<void> {
    this.#log.push("a daemon begins");
    const mortal = this.#mortal();
    if (this.#chance.happens(0.5)) mortal.dieAfter(1 + this.#chance.below(1_000));
    await this.#alive(mortal, () =>
      new Tidelock(this.#around, mortal).daemonWhile(async () => {
        for (let i = this.#chance.below(5); i >= 0; i -= 1) {
          await this.#scene.clock.sleep(1_000 + this.#chance.below(60_000));
          if (mortal.isDead) return;
          this.#people.act();
        }
      }),
    );
    this.#log.push(mortal.isDead ? "the daemon was killed" : "the daemon was stopped");
    if (mortal.isDead) this.tally.crashes += 1;
  }

  #mortal(): Mortal {
    this.#processes += 1;
    return new Mortal(`tidelock-${this.#processes}`);
  }

  async #alive<Result>(mortal: Mortal, work: () => Promise<Result>): Promise<Result> {
    this.#scene.living.add(mortal.owner);
    this.#isMeddling = true;
    try {
      return await work();
    } finally {
      this.#isMeddling = false;
      this.#scene.living.delete(mortal.owner);
    }
  }

  /** Faults and users are over: within so many passes all is healed or told, then nothing is written any more. */
  async #rest(): Promise<void> {
    this.#network.weather = CALM;
    await this.#troubles.end();
    this.#log.push("everything is mended");
    const { warnings } = await this.#settle();
    this.#fail(this.#troubles.isLogWhole ? regressionsTold(this.#scene, this.#ledger, this.#told) : []);
    this.#fail(await this.#foreign.changes());
    for (const { name } of this.#sandboxes()) await this.#checkPolicies(name, warnings);
  }

  async #settle(): Promise<PassReport> {
    this.#isMeddling = false;
    for (let i = 0; i < PASSES; i += 1) {
      await this.#scene.rest();
      const report = await this.#quietPass();
      if (!isSettled(this.#scene, report) || report.remedies.some(({ result }) => result === "arrived"))
        continue;
      const writes = this.#scene.writes();
      await this.#scene.rest();
      const again = await this.#quietPass();
      if (this.#scene.writes() !== writes) throw new Error("a settled pass wrote something");
      if (!isSettled(this.#scene, again)) throw new Error(`settled no longer: ${findings(again).join(", ")}`);
      return again;
    }
    throw new Error(`not settled within ${PASSES} passes`);
  }

  /**
   * No temporary replication policy is left, but for one that Harbor does not let go, since it counts an execution as running that a restart made it
   * forget: that one is told, is off and covers nothing.
   */
  async #checkPolicies(name: string, warnings: readonly string[]): Promise<void> {
    const policies = await this.#scene.port(name).replicationPolicies();
    const isHeld = (policy: ReplicationPolicy): boolean =>
      isDisarmed(policy) &&
      warnings.some((line) => line.includes(`Harbor does not delete ${policy.name} while`));
    const ours = policies.filter((policy) => !this.#foreign.isForeign(policy.name) && !isHeld(policy));
    const wrong = ours.filter((policy) => !policy.enabled || /heal/.test(policy.name));
    this.#fail(wrong.map((policy) => `left on ${name}: ${policy.name} ${policy.enabled ? "on" : "off"}`));
  }

  /** A pass during which nobody does anything, and its proof. */
  async #quietPass(): Promise<PassReport> {
    const mortal = this.#mortal();
    this.#scene.living.add(mortal.owner);
    const report = await new Tidelock(this.#around, mortal).reconcile();
    this.#scene.living.delete(mortal.owner);
    if (report === undefined) throw new Error("a pass of nobody else was kept out");
    await this.#check();
    return report;
  }

  #report(report: PassReport): void {
    this.#told.add(report, this.#ledger);
    this.#owed.reported(report);
    this.#log.push(storyOf(report));
    const readAt = Math.min(...(report.content?.pairs.map((pair) => pair.readAt) ?? []));
    if (!hasWriteSince(this.#ledger, readAt)) this.#broken.push(...provenIsTrue(this.#scene, report));
    const isCalm = this.#network.weather === CALM;
    this.#broken.push(
      ...triedAll(report, (registry) => isCalm && this.#troubles.isWell(registry, report.startedAt)),
    );
  }

  async #check(): Promise<void> {
    const since = this.#checkedWrites;
    this.#checkedWrites = this.#ledger.writes.length;
    this.#fail([
      ...this.#broken,
      ...ownDeletions(this.#scene, this.#ledger, since),
      ...this.#owed.overdue(since),
      ...onlyCovered(this.#ledger, since),
      ...(await nothingLost(this.#scene, this.#ledger, this.#told, this.#owed.all)),
    ]);
  }

  #listen(line: string): void {
    const found = CANARIES.find((canary) => line.includes(canary));
    if (found !== undefined) this.#broken.push(`a secret was written: ${line}`);
  }

  #meddle(): void {
    if (!this.#isMeddling || !this.#chance.happens(this.#cast.meddling)) return;
    this.#log.push("meddles");
    this.#people.act();
  }

  #fail(broken: readonly string[]): void {
    if (broken.length > 0) throw new Error([...new Set(broken)].join("\n"));
  }

  #sandboxes(): Sandbox[] {
    return Object.keys(this.#cast.registries).map((name) => this.#scene.sandbox(name));
  }
}

const BULK_PROJECT = "bulk";
const COVERED = {
  projects: ["library", "team", `${BULK_PROJECT}0`],
  repositories: ["**"],
  tags: "**",
  excludeTags: [],
};

function bulkOf({ bulk }: Cast): Filling {
  return {
    prefix: BULK_PROJECT,
    projects: bulk === 0 ? 0 : 1,
    repositories: 1,
    tags: bulk,
    tagsPerArtifact: bulk / 3,
  };
}

/** One line of a story. */
function storyOf(report: PassReport): string {
  const { startedAt, verdict, remedies, warnings, unreachable } = report;
  const at = new Date(startedAt).toISOString().slice(11, 23);
  const found = report.content?.pairs.flatMap(({ left, right, findings: all }) =>
    all.map(
      ({ kind, repository, tag, reason }) => `${left}/${right} ${kind} ${repository}:${tag}: ${reason}`,
    ),
  );
  const done = remedies.map(({ remedy, result, reason }) => `${remedy.kind} ${result} ${reason ?? ""}`);
  const away = unreachable.map(({ registry }) => `${registry} unreachable`);
  const failed = report.failure === undefined ? [] : [report.failure.message];
  return `${at} pass: ${verdict}; ${(found ?? []).join("; ")} | ${done.join("; ")} | ${[...warnings, ...away, ...failed].join("; ")}`;
}
