interface Due {
  readonly at: number;
  readonly sequence: number;
  readonly work: () => void;
}

/** What is to happen later, in the order of time and, at one time, of being asked for: a binary heap. */
export class DueEvents {
  readonly #heap: Due[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  add(at: number, work: () => void): void {
    this.#heap.push({ at, sequence: this.#sequence++, work });
    this.#rise(this.#heap.length - 1);
  }

  /** The time of the next one; undefined when there is none. */
  nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** Takes the next one out if it is due. */
  take(now: number): { readonly at: number; readonly work: () => void } | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #before(left: number, right: number): boolean {
    const a = this.#heap[left];
    const b = this.#heap[right];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
  }

  #swap(left: number, right: number): void {
    const a = this.#heap[left];
    const b = this.#heap[right];
    if (a === undefined || b === undefined) return;
    this.#heap[left] = b;
    this.#heap[right] = a;
  }

  #rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(start: number): void {
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (this.#before(left, least)) least = left;
      if (this.#before(right, least)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }
}
