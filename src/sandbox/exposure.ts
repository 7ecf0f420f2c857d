import type { Sight } from "./files.ts";

interface Writing {
  readonly node: string;
  readonly at: number;
  /** When the others see it, in a sound cluster. */
  readonly seenAt: number;
  /** Which came first, where the time is the same. */
  readonly order: number;
}

/** A storage that is not the others': by itself, or filled from theirs every so often. */
export interface Apart {
  readonly since: number;
  readonly order: number;
  /** Undefined is never: nothing goes over. */
  readonly copiedEveryMs: number | undefined;
}

/** Who sees which file since when. Times are the world's, in milliseconds; clocks of nodes do not matter to it. */
export class Exposure {
  readonly #now: () => number;
  readonly #writings = new Map<string, Writing[]>();
  readonly #apart = new Map<string, Apart>();
  #order = 0;
  /** How long until another node sees what was written. */
  delayMs: () => number = () => 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  sightOf(node: string): Sight {
    return {
      sees: (file) => this.#sees(node, file),
      wrote: (file) => this.#wrote(node, file),
    };
  }

  /** From now on the node has a storage of its own, with everything that was written so far. Returns what was before. */
  part(node: string, copiedEveryMs: number | undefined): Apart | undefined {
    const before = this.#apart.get(node);
    this.#apart.set(node, { since: this.#now(), order: this.#order++, copiedEveryMs });
    return before;
  }

  /** As it was before, by default over the shared storage; what was written meanwhile is seen by all. */
  rejoin(node: string, before?: Apart): void {
    if (before === undefined) this.#apart.delete(node);
    else this.#apart.set(node, before);
  }

  #wrote(node: string, file: string): void {
    const at = this.#now();
    const writings = this.#writings.get(file) ?? [];
    writings.push({ node, at, seenAt: at + this.delayMs(), order: this.#order++ });
    this.#writings.set(file, writings);
  }

  #sees(node: string, file: string): boolean {
    const writings = this.#writings.get(file);
    return writings === undefined || writings.some((one) => this.#arrived(node, one));
  }

  #arrived(reader: string, { node: writer, at, seenAt, order }: Writing): boolean {
    if (reader === writer) return true;
    const from = this.#apart.get(writer);
    if (from !== undefined && order > from.order) return false;
    const to = this.#apart.get(reader);
    if (to === undefined || order < to.order) return this.#now() >= seenAt;
    if (to.copiedEveryMs === undefined) return false;
    const copies = Math.floor((this.#now() - to.since) / to.copiedEveryMs);
    return copies > 0 && at <= to.since + copies * to.copiedEveryMs;
  }
}
