import { expect } from "vitest";
import { seededRandom } from "../../src/sandbox/random.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { findings, LOOK, Scene, tagsOf } from "../support/scene.ts";

const PROFILES: readonly ProfileName[] = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"];
const REPOSITORIES = ["library/app", "library/deep/tool", "team/app"];
const TAGS = ["v1", "v2", "v3", "latest"];

/** What was acknowledged last for each tag, kept apart from the sandboxes: a digest, or that it was deleted. */
type Acknowledged = Map<string, string>;

const DELETED = "deleted";

/**
 * Harbor's own races are kept out, since no tool of the outside can win them: a tag that was just pushed is not pushed again while
 * copies and echoes of it are under way (a late echo would bring the older image back to both sides).
 *
 * One life of a dual-master pair, decided by a seed alone: traffic on one side, outages of the other, pushes between any two requests of ours, lost
 * events, killed passes. After each pass and at the end the invariants are checked against what was acknowledged.
 */
export class Simulation {
  readonly #random: () => number;
  readonly #acknowledged: Acknowledged = new Map();
  readonly #log: string[] = [];
  #active: "a" | "b" = "a";
  #fresh = 0;

  readonly scene: Scene;

  private constructor(seed: number, scene: Scene) {
    this.scene = scene;
    this.#random = seededRandom(seed);
  }

  static async run(seed: number): Promise<void> {
    const pick = seededRandom(seed * 7919 + 1);
    const profile = (): ProfileName => PROFILES[Math.floor(pick() * PROFILES.length)] ?? "2.9";
    await using scene = await Scene.create({
      registries: { a: profile(), b: profile() },
      front: "memory",
      seed,
    });
    const simulation = new Simulation(seed, scene);
    try {
      await simulation.#live();
    } catch (thrown) {
      throw new Error(`seed ${seed}: ${simulation.#log.join("; ")}`, { cause: thrown });
    }
  }

  async #live(): Promise<void> {
    await this.scene.pass();
    for (let i = 0; i < 6; i += 1) this.#push(this.#active);
    await this.scene.rest();
    await this.#passAndCheck();
    const outages = 1 + this.#below(3);
    for (let i = 0; i < outages; i += 1) await this.#outage();
    await this.#converge();
  }

  /** The idle side goes down, or the active one and traffic moves over; things happen; it comes back. */
  async #outage(): Promise<void> {
    await this.scene.rest();
    await this.#passAndCheck();
    await this.scene.rest();
    const lost = this.#random() < 0.6 ? this.#active : other(this.#active);
    this.#active = other(lost);
    this.#note(`${lost} down`);
    this.scene.sandbox(lost).faults.down();
    const events = 1 + this.#below(6);
    for (let i = 0; i < events; i += 1) this.#traffic();
    if (this.#random() < 0.3) await this.#passAndCheck();
    this.scene.sandbox(lost).faults.up();
    this.#note(`${lost} up`);
    if (this.#random() < 0.4) {
      this.scene.sandbox(this.#active).faults.loseNextEvents(1);
      this.#pushNew();
    }
    if (this.#random() < 0.5) await this.#killedPass();
    await this.#passAndCheck(this.#random() < 0.5);
  }

  #traffic(): void {
    this.scene.clock.advance(1 + this.#below(5000));
    const known = [...this.#acknowledged].filter(([, digest]) => digest !== DELETED);
    const [chosen] = known[this.#below(known.length)] ?? [];
    if (this.#random() < 0.2 && chosen !== undefined) this.#delete(chosen);
    else this.#push(this.#active);
  }

  #push(side: "a" | "b"): void {
    this.#pushTag(side, TAGS[this.#below(TAGS.length)] ?? "v1");
  }

  #pushNew(): void {
    this.#fresh += 1;
    this.#pushTag(this.#active, `n${this.#fresh}`);
  }

  #pushTag(side: "a" | "b", tag: string): void {
    const repository = REPOSITORIES[this.#below(REPOSITORIES.length)] ?? "library/app";
    const digest = this.scene.sandbox(side).push(repository, tag);
    this.#acknowledged.set(`${repository}:${tag}`, digest);
    this.#note(`push ${repository}:${tag} on ${side}`);
  }

  #delete(name: string): void {
    const [repository = "", tag = ""] = name.split(":");
    if (this.scene.sandbox(this.#active).tags().get(repository)?.has(tag) !== true) return;
    this.scene.sandbox(this.#active).deleteTag(repository, tag);
    this.#acknowledged.set(name, DELETED);
    this.#note(`delete ${name} on ${this.#active}`);
  }

  /** A pass that ends at a random request, as if killed. */
  async #killedPass(): Promise<void> {
    let left = 1 + this.#below(60);
    const killed = new Error("killed");
    const listeners = ["a", "b"].map((name) =>
      this.scene.sandbox(name).onRequest(() => {
        left -= 1;
        if (left <= 0) throw killed;
      }),
    );
    this.#note(`pass killed after ${left} requests`);
    await this.scene.pass().catch(() => undefined);
    for (const off of listeners) off();
    this.scene.renew();
  }

  async #passAndCheck(busy = false): Promise<void> {
    const off = busy
      ? this.scene.sandbox(this.#active).onRequest(() => this.#maybePush())
      : (): void => undefined;
    const report = await this.scene.pass();
    off();
    this.#note(`pass: ${report.verdict}, ${findings(report).join(" ")}`);
    this.#checkNothingLost();
  }

  #maybePush(): void {
    if (this.#random() < 0.05) this.#pushNew();
  }

  /** Wherever the traffic went last, what was acknowledged there still stands. */
  #checkNothingLost(): void {
    const standing = tagsOf(this.scene.sandbox(this.#active));
    for (const [name, digest] of this.#acknowledged) {
      if (digest !== DELETED) expect(standing[name], `${name} on ${this.#active}`).toBe(digest);
    }
  }

  /** Faults and pushes over: a bounded number of passes brings everything in step, and then nothing is written. */
  async #converge(): Promise<void> {
    await this.scene.rest();
    for (let i = 0; i < 3; i += 1) {
      await this.#passAndCheck();
      await this.scene.rest();
    }
    const writes = this.scene.writes();
    const last = await this.scene.pass();
    expect(last).toMatchObject({ verdict: "in-step", remedies: [] });
    expect(this.scene.writes()).toBe(writes);
    for (const name of ["a", "b"]) await this.#checkPolicies(name);
    const [a, b] = [tagsOf(this.scene.sandbox("a")), tagsOf(this.scene.sandbox("b"))];
    for (const [name, digest] of this.#acknowledged) {
      if (digest === DELETED) continue;
      expect([a[name], b[name]], name).toEqual([digest, digest]);
    }
    const looked = await this.scene.pass(LOOK);
    expect(findings(looked).every((line) => line.startsWith("deleted"))).toBe(true);
  }

  async #checkPolicies(name: string): Promise<void> {
    const policies = await this.scene.port(name).replicationPolicies();
    expect(policies.map((policy) => policy.enabled)).toEqual([true]);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #note(what: string): void {
    this.#log.push(what);
  }
}

function other(side: "a" | "b"): "a" | "b" {
  return side === "a" ? "b" : "a";
}
