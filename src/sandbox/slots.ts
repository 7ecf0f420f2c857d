/** A fixed number of places; who finds none waits in a line, in memory only. */
export class Slots {
  readonly #places: number;
  #taken = 0;
  #line: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  /** Calls `start` at once or when its turn comes; it owns one place until `release`. */
  take(start: () => void): void {
    if (this.#taken >= this.#places) {
      this.#line.push(start);
      return;
    }
    this.#taken++;
    start();
  }

  release(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#taken--;
    else next();
  }

  /** Forgets everyone, as a restart does. */
  clear(): void {
    this.#taken = 0;
    this.#line = [];
  }
}
