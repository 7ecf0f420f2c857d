import { deserialize, serialize } from "node:v8";
import { AppError } from "../errors.ts";
import type { ListedArtifact } from "../observed/model.ts";
import type { Spill, SpillStore } from "../store/store.ts";
import type { Selects } from "../topology/selection.ts";
import { NO_ROWS, RepositoryRows } from "./repository-rows.ts";
import { RowColumns, type RowPart } from "./row-columns.ts";

/** How many rows may be in memory, for all that are being read at the same time. */
export class RowBudget {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isSpent(): boolean {
    return this.#held > this.#limit;
  }

  hold(rows: number): void {
    this.#held += rows;
  }
}

export interface RowPlace {
  readonly budget: RowBudget;
  readonly spills: SpillStore;
}

/** What one side holds of one project, in columns; what is beyond the budget waits on a disk until its repository is compared. */
export class ProjectRows {
  readonly #place: RowPlace;
  readonly #chosen: Selects;
  readonly #linksSubjects: boolean;
  readonly #names = new Set<string>();
  #columns: RowColumns[] = [];
  /** Lane → where its rows come into. */
  readonly #open = new Map<number, RowColumns>();
  #held = 0;
  /** Undefined inside: there is no disk to use. */
  #spill: Promise<Spill | undefined> | undefined;
  #isDiskUsable = true;
  #last: { readonly repository: string; readonly isChosen: boolean } | undefined;

  constructor(place: RowPlace, chosen: Selects, { linksSubjects }: { readonly linksSubjects: boolean }) {
    this.#place = place;
    this.#chosen = chosen;
    this.#linksSubjects = linksSubjects;
  }

  /** False where the selection has no place for it. Within a lane rows come in their order. */
  add({ repository, digest, tags, accessories }: ListedArtifact, lane: number): boolean {
    if (!this.#isChosen(repository)) return false;
    const before = this.#held;
    const columns = this.#open.get(lane) ?? this.#begin(lane);
    if (accessories.length > 0) {
      columns.attach(repository, digest, accessories);
      this.#held += accessories.length;
    }
    if (tags.length === 0 && !this.#linksSubjects) {
      columns.addUntagged(repository, digest);
      this.#held += 1;
    }
    for (const { name, pushedAt } of tags) {
      if (!this.#chosen.tag(name)) continue;
      columns.add(repository, name, digest, pushedAt);
      this.#held += 1;
      this.#names.add(repository);
    }
    this.#place.budget.hold(this.#held - before);
    return true;
  }

  /** To be called between pages: where too much is in memory, what this project has there goes to the disk. */
  async makeRoom(): Promise<void> {
    if (!this.#place.budget.isSpent || this.#held === 0 || !this.#isDiskUsable) return;
    const columns = this.#columns;
    const held = this.#held;
    this.#columns = [];
    this.#open.clear();
    this.#held = 0;
    if (await this.#putAside(columns)) {
      this.#place.budget.hold(-held);
      return;
    }
    // A full disk: then it takes memory.
    this.#isDiskUsable = false;
    this.#columns = [...columns, ...this.#columns];
    this.#held += held;
  }

  async #putAside(columns: readonly RowColumns[]): Promise<boolean> {
    const spill = await (this.#spill ??= this.#place.spills.open().catch(() => undefined));
    if (spill === undefined) return false;
    return await spill.put(partsOf(columns)).then(
      () => true,
      () => false,
    );
  }

  /** Those with a tag. */
  repositories(): Iterable<string> {
    return this.#names;
  }

  async of(repository: string): Promise<RepositoryRows> {
    const spilled = (await (await this.#spill)?.get(repository)) ?? [];
    const held = this.#columns.flatMap((columns) => columns.of(repository) ?? []);
    // Lanes come beside each other, and what is on the disk came first: by lane all is in one order again, whenever it is listed.
    const parts = [...spilled.map(decodePart), ...held].toSorted((one, other) => one.lane - other.lane);
    return parts.length === 0 ? NO_ROWS : new RepositoryRows(parts);
  }

  /** Nothing of it may be asked for any more. */
  async close(): Promise<void> {
    this.#columns = [];
    this.#open.clear();
    this.#place.budget.hold(-this.#held);
    this.#held = 0;
    // What can't be removed now goes with the process.
    await (await this.#spill)?.drop().catch(() => undefined);
  }

  #begin(lane: number): RowColumns {
    const columns = new RowColumns(lane);
    this.#columns.push(columns);
    this.#open.set(lane, columns);
    return columns;
  }

  /** Rows of one repository mostly follow each other. */
  #isChosen(repository: string): boolean {
    if (this.#last?.repository !== repository) {
      this.#last = { repository, isChosen: this.#chosen.repository(repository) };
    }
    return this.#last.isChosen;
  }
}

function* partsOf(
  columns: readonly RowColumns[],
): Iterable<{ readonly name: string; readonly bytes: Uint8Array }> {
  for (const some of columns) {
    for (const name of some.repositories()) yield { name, bytes: serialize(some.of(name)) };
  }
}

/** Written by this very process. */
function decodePart(bytes: Uint8Array): RowPart {
  const part: unknown = deserialize(bytes);
  if (typeof part === "object" && part !== null && "tags" in part) return part as RowPart;
  throw new AppError("BUG", "what was put aside on the disk came back as something else");
}
