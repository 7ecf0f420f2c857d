import type { Instant } from "../clock.ts";
import type { Accessory } from "../observed/model.ts";
import type { Digest } from "../parity/model.ts";

/** Rows of one repository, in columns: a page of tags costs no object a tag. Plain, so that it can be written to a disk. */
export interface RowPart {
  /** Of the listing that they came by. */
  readonly lane: number;
  readonly tags: readonly string[];
  /** 32 bytes a row. */
  readonly digests: Uint8Array;
  readonly times: Float64Array;
  /** Row → digest, where it is none of 32 bytes. */
  readonly others: ReadonlyMap<number, Digest>;
  readonly attached: readonly (readonly [Digest, readonly Accessory[]])[];
  /** Artifacts without a tag. */
  readonly untagged: readonly Digest[];
}

export const DIGEST_BYTES = 32;
const SHA256 = "sha256:";
const SHA256_LENGTH = SHA256.length + 2 * DIGEST_BYTES;
const FIRST_ROWS = 128;

/** Reads a digest back. */
export function digestAt({ digests, others }: RowPart, row: number): Digest {
  const other = others.get(row);
  if (other !== undefined) return other;
  const { buffer, byteOffset } = digests;
  return SHA256 + Buffer.from(buffer, byteOffset + row * DIGEST_BYTES, DIGEST_BYTES).toString("hex");
}

/** Rows of many repositories as they come, until they are asked for one repository at a time. */
export class RowColumns {
  readonly #repositories = new Map<string, number>();
  readonly #attached = new Map<string, [Digest, readonly Accessory[]][]>();
  readonly #untagged = new Map<string, Digest[]>();
  readonly #others = new Map<number, Digest>();
  readonly #tags: string[] = [];
  #repositoryOf = new Uint32Array(FIRST_ROWS);
  #digests = Buffer.alloc(FIRST_ROWS * DIGEST_BYTES);
  #times = new Float64Array(FIRST_ROWS);
  readonly #lane: number;
  #grouped: Grouped | undefined;

  constructor(lane: number) {
    this.#lane = lane;
  }

  add(repository: string, tag: string, digest: Digest, pushedAt: Instant): void {
    const row = this.#tags.length;
    if (row === this.#times.length) this.#grow(row * 2);
    this.#tags.push(tag);
    this.#times[row] = pushedAt;
    this.#repositoryOf[row] = this.#numberOf(repository);
    const isUsual = digest.length === SHA256_LENGTH && digest.startsWith(SHA256);
    if (isUsual) this.#digests.write(digest.slice(SHA256.length), row * DIGEST_BYTES, "hex");
    else this.#others.set(row, digest);
    this.#grouped = undefined;
  }

  attach(repository: string, subject: Digest, accessories: readonly Accessory[]): void {
    this.#numberOf(repository);
    listIn(this.#attached, repository).push([subject, accessories]);
  }

  addUntagged(repository: string, digest: Digest): void {
    this.#numberOf(repository);
    listIn(this.#untagged, repository).push(digest);
  }

  repositories(): Iterable<string> {
    return this.#repositories.keys();
  }

  /** Undefined where nothing is known of it. */
  of(repository: string): RowPart | undefined {
    const number = this.#repositories.get(repository);
    if (number === undefined) return undefined;
    this.#grouped ??= grouped(this.#repositoryOf.subarray(0, this.#tags.length), this.#repositories.size);
    const { rows, starts } = this.#grouped;
    const mine = rows.subarray(starts[number] ?? 0, starts[number + 1] ?? rows.length);
    return {
      lane: this.#lane,
      ...this.#taken(mine),
      attached: this.#attached.get(repository) ?? [],
      untagged: this.#untagged.get(repository) ?? [],
    };
  }

  #taken(rows: Uint32Array): Pick<RowPart, "tags" | "digests" | "times" | "others"> {
    const digests = Buffer.allocUnsafe(rows.length * DIGEST_BYTES);
    const times = new Float64Array(rows.length);
    const tags: string[] = [];
    const others = new Map<number, Digest>();
    for (const [at, row] of rows.entries()) {
      this.#digests.copy(digests, at * DIGEST_BYTES, row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES);
      times[at] = this.#times[row] ?? 0;
      tags.push(this.#tags[row] ?? "");
      const other = this.#others.size === 0 ? undefined : this.#others.get(row);
      if (other !== undefined) others.set(at, other);
    }
    return { tags, digests, times, others };
  }

  #numberOf(repository: string): number {
    const known = this.#repositories.get(repository);
    if (known !== undefined) return known;
    this.#grouped = undefined;
    this.#repositories.set(repository, this.#repositories.size);
    return this.#repositories.size - 1;
  }

  #grow(rows: number): void {
    const digests = Buffer.alloc(rows * DIGEST_BYTES);
    this.#digests.copy(digests);
    this.#digests = digests;
    const times = new Float64Array(rows);
    times.set(this.#times);
    this.#times = times;
    const repositoryOf = new Uint32Array(rows);
    repositoryOf.set(this.#repositoryOf);
    this.#repositoryOf = repositoryOf;
  }
}

interface Grouped {
  /** Rows, those of one repository beside each other, in the order they came. */
  readonly rows: Uint32Array;
  /** Where each repository begins. */
  readonly starts: Uint32Array;
}

function grouped(repositoryOf: Uint32Array, repositories: number): Grouped {
  const starts = new Uint32Array(repositories + 1);
  for (const number of repositoryOf) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = starts.slice();
  const rows = new Uint32Array(repositoryOf.length);
  for (const [row, number] of repositoryOf.entries()) {
    const at = next[number] ?? 0;
    rows[at] = row;
    next[number] = at + 1;
  }
  return { rows, starts };
}

function listIn<Value>(lists: Map<string, Value[]>, name: string): Value[] {
  const known = lists.get(name);
  if (known !== undefined) return known;
  const made: Value[] = [];
  lists.set(name, made);
  return made;
}
