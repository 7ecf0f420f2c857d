import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Chance } from "./chance.ts";
import { OUTSIDE } from "./invariants.ts";
import type { Tally } from "./tally.ts";

const REPOSITORIES = ["library/app", "team/deep/tool", "team/app"] as const;
const TAGS = ["t", "u", "v"] as const;

/** What people do to content: through no network of ours, at any Harbor that is up. */
export class People {
  readonly #sandboxes: readonly Sandbox[];
  readonly #chance: Chance;
  readonly #tally: Tally;
  #images = 0;

  constructor(sandboxes: readonly Sandbox[], chance: Chance, tally: Tally) {
    this.#sandboxes = sandboxes;
    this.#chance = chance;
    this.#tally = tally;
  }

  /** One deed of anybody. */
  act(): void {
    const deed = this.#chance.weighed({
      push: 10,
      elsewhere: 3,
      again: 2,
      index: 1,
      sign: 1.5,
      remove: 2,
      removeImage: 1,
      outside: 0.5,
    });
    if (deed === "push") this.push(this.#anyone());
    else if (deed === "elsewhere") this.pushBoth();
    else if (deed === "again") this.#pushAgain(this.#anyone());
    else if (deed === "index") this.#pushIndex(this.#anyone());
    else if (deed === "sign") this.#sign(this.#anyone());
    else if (deed === "outside") this.#pushOutside(this.#anyone());
    else this.#remove(this.#anyone(), deed === "remove");
  }

  push(sandbox: Sandbox, [repository, tag] = this.#any()): void {
    if (sandbox.faults.isDown()) return;
    this.#images += 1;
    this.#count(sandbox, repository, tag);
    sandbox.push(repository, tag, { seed: `image${this.#images}` });
  }

  /** The same tag at two Harbors, at once or nearly so. */
  pushBoth(): void {
    const about = this.#any();
    this.push(this.#anyone(), about);
    this.push(this.#anyone(), about);
  }

  /** An image that was pushed before: a roll-back, or the same once more. */
  #pushAgain(sandbox: Sandbox): void {
    if (sandbox.faults.isDown() || this.#images === 0) return;
    const [repository, tag] = this.#any();
    this.#count(sandbox, repository, tag);
    sandbox.push(repository, tag, { seed: `image${1 + this.#chance.below(this.#images)}` });
  }

  #pushIndex(sandbox: Sandbox): void {
    if (sandbox.faults.isDown()) return;
    const [repository, tag] = this.#any();
    this.#images += 1;
    this.#count(sandbox, repository, tag);
    sandbox.pushIndex(repository, tag, ["amd64", "arm64"], { seed: `image${this.#images}` });
  }

  #sign(sandbox: Sandbox): void {
    const [repository, tag] = this.#any();
    const digest = sandbox.tags().get(repository)?.get(tag);
    if (sandbox.faults.isDown() || digest === undefined) return;
    this.#tally.operations += 1;
    this.#images += 1;
    sandbox.sign(repository, digest, { seed: `signature${this.#images}` });
  }

  #pushOutside(sandbox: Sandbox): void {
    if (sandbox.faults.isDown()) return;
    this.#tally.operations += 1;
    this.#images += 1;
    sandbox.push(`${OUTSIDE}/app`, this.#chance.of(...TAGS), { seed: `outside${this.#images}` });
  }

  #remove(sandbox: Sandbox, onlyTag: boolean): void {
    const [repository, tag] = this.#any();
    if (sandbox.faults.isDown() || sandbox.tags().get(repository)?.has(tag) !== true) return;
    this.#tally.operations += 1;
    this.#tally.deletes += 1;
    if (onlyTag) sandbox.deleteTag(repository, tag);
    else sandbox.deleteArtifact(repository, tag);
  }

  #count(sandbox: Sandbox, repository: string, tag: string): void {
    this.#tally.operations += 1;
    if (sandbox.tags().get(repository)?.has(tag) === true) this.#tally.moves += 1;
  }

  #any(): readonly [string, string] {
    return [this.#chance.of(...REPOSITORIES), this.#chance.of(...TAGS)];
  }

  #anyone(): Sandbox {
    const [first, ...rest] = this.#sandboxes;
    if (first === undefined) throw new Error("nobody to push to");
    return this.#chance.of(first, ...rest);
  }
}
