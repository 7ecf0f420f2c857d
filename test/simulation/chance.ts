import { seededRandom } from "../../src/sandbox/random.ts";

/** Everything random of one simulation; the same seed decides the same. */
export class Chance {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** An integer from 0 up to, and without, the limit. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  happens(probability: number): boolean {
    return this.random() < probability;
  }

  of<One>(...all: readonly [One, ...One[]]): One {
    return all[this.below(all.length)] ?? all[0];
  }

  /** One of a table of weights. */
  weighed<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = namesOf(weights).map((name) => [name, weights[name]] as const);
    let left = this.random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    throw new RangeError("no weights");
  }
}

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(record) as Name[];
}
