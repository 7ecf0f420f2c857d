import type { PassReport } from "../../src/reconcile/report.ts";
import { ownOverwrites, overwroteUnkept, type Broken, type Told } from "./invariants.ts";
import type { Ledger, Watched, Write } from "./ledger.ts";

/**
 * Pushes that a copy of Tidelock came over, and that nobody kept yet. Harbor has no fencing, so a push between the last look and the end of a copy loses its
 * tag; when Tidelock was killed right then, or the copy hung and came later, the next pass that reads everything has to keep it or to tell of it.
 */
export class Owed {
  readonly #scene: Watched;
  readonly #ledger: Ledger;
  readonly #told: Told;
  #owed: readonly Write[] = [];
  #readSince = 0;

  constructor(scene: Watched, ledger: Ledger, told: Told) {
    this.#scene = scene;
    this.#ledger = ledger;
    this.#told = told;
  }

  get all(): readonly Write[] {
    return this.#owed;
  }

  /** A pass ended. */
  reported({ startedAt, content, failure }: PassReport): void {
    const pairs = content?.pairs ?? [];
    const isWhole =
      failure === undefined && pairs.length > 0 && pairs.every(({ unread }) => unread.length === 0);
    if (isWhole) this.#readSince = Math.max(this.#readSince, startedAt);
  }

  /** What is owed since the given write, and of that what should have been kept by now. */
  overdue(since: number): Broken {
    const why = (write: Write): string | undefined =>
      this.#told.isOvertakenTold(write) ? undefined : overwroteUnkept(this.#scene, this.#ledger, write);
    const open = [...this.#owed, ...ownOverwrites(this.#ledger, since)].filter(
      (write) => why(write) !== undefined,
    );
    const late = open.filter(({ at }) => at < this.#readSince);
    this.#owed = open.filter((write) => !late.includes(write));
    return late.flatMap((write) => why(write) ?? []);
  }
}
