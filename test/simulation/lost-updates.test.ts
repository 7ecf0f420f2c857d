import { expect, test } from "vitest";
import { seededRandom } from "../../src/sandbox/random.ts";
import { findings, Scene, tagsOf } from "../support/scene.ts";

/** One tag on one side, as a book-keeper beside the sandboxes knows it. */
interface Known {
  digest: string | undefined;
  /** What people did to this tag, here or in what was copied here. */
  events: ReadonlySet<number>;
  /** Every digest that stood here, or stood in what was copied here. */
  held: ReadonlySet<string>;
  /** When a person last did something to it, here or in what was copied here. */
  at: number;
}

const SIDES = ["a", "b"] as const;
type Side = (typeof SIDES)[number];
const TAGS = ["t", "u"] as const;
const NOTHING: Known = { digest: undefined, events: new Set(), held: new Set(), at: 0 };

/**
 * Two masters between which Harbor itself copies nothing, while people push few images again and again to both: rollbacks, the same image on both
 * sides, deletions. Whatever a pass overwrites must have been known to the side it comes from.
 */
class Book {
  readonly #random: () => number;
  readonly #known = new Map<string, Known>();
  readonly #log: string[] = [];
  #events = 0;

  readonly scene: Scene;

  constructor(seed: number, scene: Scene) {
    this.#random = seededRandom(seed * 31 + 7);
    this.scene = scene;
  }

  async live(steps: number): Promise<void> {
    await this.scene.pass();
    for (let i = 0; i < steps; i += 1) {
      this.scene.clock.advance(1000 + this.#below(100_000));
      const dice = this.#random();
      if (dice < 0.45) this.#push(this.#side(), this.#tag());
      else if (dice < 0.55) this.#delete(this.#side(), this.#tag());
      else await this.#pass();
    }
  }

  #push(side: Side, tag: string): void {
    const image = `image${this.#below(4)}`;
    const digest = this.scene.sandbox(side).push("library/app", tag, { seed: image });
    const { held } = this.#of(side, tag);
    if (digest !== this.#of(side, tag).digest) this.#note(side, tag, digest, new Set([...held, digest]));
    this.#log.push(`push ${tag}=${image} on ${side}`);
  }

  #delete(side: Side, tag: string): void {
    const { digest, held } = this.#of(side, tag);
    if (digest === undefined) return;
    this.scene.sandbox(side).deleteTag("library/app", tag);
    this.#note(side, tag, undefined, held);
    this.#log.push(`delete ${tag} on ${side}`);
  }

  async #pass(): Promise<void> {
    if (this.#random() < 0.7) await this.scene.rest();
    const before = await this.scene.look();
    const after = findings(await this.scene.pass());
    this.#log.push(`${findings(before).join(", ")} → ${after.join(", ")}`);
    for (const tag of TAGS) {
      for (const side of SIDES) this.#check(side, tag);
      const [a, b] = [this.#of("a", tag), this.#of("b", tag)];
      if (a.digest === b.digest || after.includes(`deleted library/app:${tag}`)) this.#merge(tag);
    }
  }

  #check(to: Side, tag: string): void {
    const digest = tagsOf(this.scene.sandbox(to))[`library/app:${tag}`];
    const [target, source] = [this.#of(to, tag), this.#of(to === "a" ? "b" : "a", tag)];
    if (digest === target.digest) return;
    const story = this.#log.join("\n");
    expect(digest, story).toBe(source.digest);
    const isKnown = [...target.events].every((event) => source.events.has(event));
    const isOlder = target.digest !== undefined && source.held.has(target.digest) && source.at > target.at;
    if (target.digest !== undefined) expect(isKnown || isOlder, story).toBe(true);
    this.#known.set(`${to} ${tag}`, { ...source });
    this.#merge(tag, target);
  }

  /** What both sides agreed on, or were seen to differ in by a deletion, is known to both. */
  #merge(tag: string, ...more: readonly Known[]): void {
    const all = [this.#of("a", tag), this.#of("b", tag), ...more];
    const events = new Set(all.flatMap((one) => [...one.events]));
    const held = new Set(all.flatMap((one) => [...one.held]));
    for (const side of SIDES) this.#known.set(`${side} ${tag}`, { ...this.#of(side, tag), events, held });
  }

  #note(side: Side, tag: string, digest: string | undefined, held: ReadonlySet<string>): void {
    this.#events += 1;
    const events = new Set([...this.#of(side, tag).events, this.#events]);
    this.#known.set(`${side} ${tag}`, { digest, events, held, at: this.scene.clock.now() });
  }

  #of(side: Side, tag: string): Known {
    return this.#known.get(`${side} ${tag}`) ?? NOTHING;
  }

  #side(): Side {
    return this.#random() < 0.5 ? "a" : "b";
  }

  #tag(): string {
    return this.#random() < 0.5 ? "t" : "u";
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

test.each(Array.from({ length: 8 }, (_, i) => i + 1))(
  "no pass overwrites a push that the other side did not know (seed %i)",
  async (seed) => {
    await using scene = await Scene.create({
      registries: { a: "2.9", b: "2.12" },
      front: "memory",
      seed,
      topology: { trigger: { kind: "manual" } },
    });
    await new Book(seed, scene).live(25);
  },
);
