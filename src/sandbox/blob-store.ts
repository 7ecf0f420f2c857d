import { createHash } from "node:crypto";

/** Content that is not kept but made again when it is asked for; for filling a sandbox by the hundred thousand. */
export interface Recipe {
  readonly size: number;
  readonly make: () => Buffer;
}

/** What the registry behind a Harbor holds, by digest. Never changed in place, so that copies can share it. */
export class BlobStore {
  readonly #contents: Map<string, Buffer | Recipe>;
  /** Sizes of what was lost: descriptors stay cached when files are gone. */
  readonly #lost = new Map<string, number>();

  constructor(contents: ReadonlyMap<string, Buffer | Recipe> = new Map<string, Buffer | Recipe>()) {
    this.#contents = new Map(contents);
  }

  put(content: Buffer): string {
    const digest = digestOf(content);
    if (!this.#contents.has(digest)) this.#contents.set(digest, content);
    return digest;
  }

  putRecipe(digest: string, recipe: Recipe): void {
    this.#contents.set(digest, recipe);
  }

  get(digest: string): Buffer | undefined {
    const content = this.#contents.get(digest);
    return content === undefined || Buffer.isBuffer(content) ? content : content.make();
  }

  has(digest: string): boolean {
    return this.#contents.has(digest);
  }

  sizeOf(digest: string): number {
    const content = this.#contents.get(digest);
    if (content === undefined) return this.#lost.get(digest) ?? 0;
    return Buffer.isBuffer(content) ? content.length : content.size;
  }

  /** Removes the bytes; the size is remembered. */
  lose(digest: string): void {
    this.#lost.set(digest, this.sizeOf(digest));
    this.#contents.delete(digest);
  }

  digests(): string[] {
    return [...this.#contents.keys()];
  }

  copy(): BlobStore {
    return new BlobStore(this.#contents);
  }
}

export function digestOf(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
