import { createHash } from "node:crypto";

/** Content that is not kept but made again when it is asked for; for filling a sandbox by the hundred thousand. */
export interface Recipe {
  readonly size: number;
  readonly make: () => Buffer;
}

/** What the registry behind a Harbor holds, by digest. Never changed in place, so that copies can share it. */
export class BlobStore {
  readonly #contents: Map<string, Buffer | Recipe>;
  /** Sizes of what was lost or damaged: Harbor's registry keeps descriptors in Redis, and answers from there when files are gone. */
  readonly #descriptors = new Map<string, number>();

  constructor(contents: ReadonlyMap<string, Buffer | Recipe> = new Map<string, Buffer | Recipe>()) {
    this.#contents = new Map(contents);
  }

  /** As the end of an upload does: it looks at the file itself, and keeps one that is there, whatever is in it. */
  put(content: Buffer): string {
    const digest = digestOf(content);
    if (this.#contents.has(digest)) return digest;
    this.#contents.set(digest, content);
    this.#descriptors.delete(digest);
    return digest;
  }

  /** As taking a manifest does: what has a descriptor counts as there, so a lost manifest is not written again. */
  putManifest(content: Buffer): string {
    const digest = digestOf(content);
    return this.isKnown(digest) ? digest : this.put(content);
  }

  putRecipe(digest: string, recipe: Recipe): void {
    this.#contents.set(digest, recipe);
  }

  get(digest: string): Buffer | undefined {
    const content = this.#contents.get(digest);
    return content === undefined || Buffer.isBuffer(content) ? content : content.make();
  }

  /** Whether the registry says that it has it, which may be a lie. */
  isKnown(digest: string): boolean {
    return this.#contents.has(digest) || this.#descriptors.has(digest);
  }

  /** What the registry says; 0 for what it does not know. */
  sizeOf(digest: string): number {
    const described = this.#descriptors.get(digest);
    if (described !== undefined) return described;
    const content = this.#contents.get(digest);
    if (content === undefined) return 0;
    return Buffer.isBuffer(content) ? content.length : content.size;
  }

  /** Removes the file; the descriptor stays. */
  lose(digest: string): void {
    this.#descriptors.set(digest, this.sizeOf(digest));
    this.#contents.delete(digest);
  }

  /** Puts other bytes into the file; the descriptor stays. */
  damage(digest: string, content: Buffer): void {
    this.#descriptors.set(digest, this.sizeOf(digest));
    this.#contents.set(digest, content);
  }

  /** As emptying the registry's Redis: from now on it looks at the files. */
  forgetDescriptors(): void {
    this.#descriptors.clear();
  }

  /** Removes the file and what is known of it, as garbage collection does. */
  collect(digest: string): void {
    this.#contents.delete(digest);
    this.#descriptors.delete(digest);
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
