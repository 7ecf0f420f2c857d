import { highest } from "../failback/rewind.ts";

/** Sorted again only when so many came. */
const KEPT = 512;

/** The highest ids of what was listed, without holding all of them. */
export class HighestIds {
  #ids: number[] = [];

  add(id: number): void {
    this.#ids.push(id);
    if (this.#ids.length > KEPT) this.#ids = highest(this.#ids);
  }

  /** Highest first. */
  list(): number[] {
    return highest(this.#ids);
  }
}
