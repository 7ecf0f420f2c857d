import { createHash } from "node:crypto";
import type { Digest, TagReading } from "../parity/model.ts";
import { AttachedRows } from "./attached-rows.ts";
import { DIGEST_BYTES, digestAt, type RowPart } from "./row-columns.ts";

/** Listed twice with different digests while it was read: it moved meanwhile, and is read again singly. */
export const DOUBTFUL = "";

/** What one side holds of one repository, as it was listed. */
export class RepositoryRows {
  readonly #parts: readonly RowPart[];
  #readings: ReadonlyMap<string, TagReading> | undefined;
  #attached: AttachedRows | undefined;

  constructor(parts: readonly RowPart[]) {
    this.#parts = parts;
  }

  /** How many rows were listed: one that came twice counts twice. */
  get size(): number {
    return this.#parts.reduce((sum, { tags }) => sum + tags.length, 0);
  }

  /** Tag → reading. */
  get readings(): ReadonlyMap<string, TagReading> {
    return (this.#readings ??= readingsOf(this.#parts));
  }

  get attached(): AttachedRows {
    return (this.#attached ??= attachedIn(this.#parts));
  }

  /** Tags with their digests, in the order they were listed. */
  get tags(): Iterable<readonly [string, Digest]> {
    return { [Symbol.iterator]: () => this.#eachTag() };
  }

  *#eachTag(): Iterator<readonly [string, Digest]> {
    for (const part of this.#parts) {
      for (const [row, tag] of part.tags.entries()) yield [tag, digestAt(part, row)];
    }
  }

  /** The same for the same tags with the same digests and push times in the same order, and for nothing else. */
  print(): string {
    const hash = createHash("sha256");
    for (const part of this.#parts) hash.update(bytesOf(part));
    return hash.digest("base64");
  }
}

export const NO_ROWS = new RepositoryRows([]);

function readingsOf(parts: readonly RowPart[]): ReadonlyMap<string, TagReading> {
  const readings = new Map<string, TagReading>();
  for (const part of parts) {
    for (const [row, tag] of part.tags.entries()) {
      const digest = digestAt(part, row);
      const known = readings.get(tag);
      const isDoubled = known !== undefined && known.digest !== digest;
      readings.set(tag, { digest: isDoubled ? DOUBTFUL : digest, pushedAt: part.times[row] ?? 0 });
    }
  }
  return readings;
}

function attachedIn(parts: readonly RowPart[]): AttachedRows {
  const rows = new AttachedRows();
  for (const { attached, untagged } of parts) {
    for (const [subject, accessories] of attached) rows.attach(subject, accessories);
    for (const digest of untagged) rows.addLoose(digest);
  }
  return rows;
}

const TIME_BYTES = 8;

/** Each row as digest, time, tag and an end; a tag holds no zero byte. */
function bytesOf(part: RowPart): Uint8Array {
  const { tags, digests, times, others } = part;
  const longest = tags.reduce((sum, tag) => sum + 3 * tag.length, 0);
  const otherBytes = [...others.values()].reduce((sum, digest) => sum + digest.length, 0);
  const bytes = Buffer.allocUnsafe(tags.length * (DIGEST_BYTES + TIME_BYTES + 1) + longest + otherBytes);
  let at = 0;
  for (const [row, tag] of tags.entries()) {
    const other = others.get(row);
    if (other === undefined) bytes.set(digests.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES), at);
    at += other === undefined ? DIGEST_BYTES : bytes.write(other, at, "latin1");
    at = bytes.writeDoubleLE(times[row] ?? 0, at);
    at += bytes.write(tag, at);
    at = bytes.writeUInt8(0, at);
  }
  return bytes.subarray(0, at);
}
