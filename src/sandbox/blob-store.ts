import { createHash } from "node:crypto";
import { emptyFiles, type Files, type Recipe, type Sight } from "./files.ts";

/** What the registry of one Harbor holds, by digest. Contents are never changed in place, so that copies can share them. */
export class BlobStore {
  readonly #files: Files;
  /**
   * Sizes that are known without the files: Harbor's registry keeps descriptors in Redis, and answers from there when
   * files are gone. A registry by itself needs them only of what was lost or damaged.
   */
  readonly #descriptors: Map<string, number>;
  readonly #sight: Sight | undefined;

  constructor(files: Files = emptyFiles(), descriptors = new Map<string, number>(), sight?: Sight) {
    this.#files = files;
    this.#descriptors = descriptors;
    this.#sight = sight;
  }

  /** As the end of an upload does: it looks at the file itself, and keeps one that is there, whatever is in it. */
  put(content: Buffer): string {
    const digest = digestOf(content);
    if (this.#has(digest)) return digest;
    if (!this.#files.contents.has(digest)) this.#files.contents.set(digest, content);
    this.#written(digest, content.length);
    return digest;
  }

  /** As taking a manifest does: what has a descriptor counts as there, so a lost manifest is not written again. */
  putManifest(content: Buffer): string {
    const digest = digestOf(content);
    return this.isKnown(digest) ? digest : this.put(content);
  }

  putRecipe(digest: string, recipe: Recipe): void {
    this.#files.contents.set(digest, recipe);
    this.#written(digest, recipe.size);
  }

  /** The bytes, as far as this node sees them. */
  get(digest: string): Buffer | undefined {
    const content = this.#has(digest) ? this.#files.contents.get(digest) : undefined;
    return content === undefined || Buffer.isBuffer(content) ? content : content.make();
  }

  /** Whether the registry says that it has it, which may be a lie. */
  isKnown(digest: string): boolean {
    return this.#has(digest) || this.#descriptors.has(digest);
  }

  /** What the registry says; 0 for what nobody knows. */
  sizeOf(digest: string): number {
    const described = this.#descriptors.get(digest);
    if (described !== undefined) return described;
    const content = this.#files.contents.get(digest);
    if (content === undefined) return 0;
    return Buffer.isBuffer(content) ? content.length : content.size;
  }

  /** From now on the blob may be fetched through the repository. */
  link(repository: string, digest: string): void {
    const linked = this.#files.links.get(repository) ?? new Set();
    this.#files.links.set(repository, linked.add(digest));
  }

  isLinked(repository: string, digest: string): boolean {
    return this.#files.links.get(repository)?.has(digest) === true;
  }

  /** Removes the file; the descriptor stays. */
  lose(digest: string): void {
    this.#descriptors.set(digest, this.sizeOf(digest));
    this.#files.contents.delete(digest);
  }

  /** Puts other bytes into the file; the descriptor stays. */
  damage(digest: string, content: Buffer): void {
    this.#descriptors.set(digest, this.sizeOf(digest));
    this.#files.contents.set(digest, content);
  }

  /** As emptying the registry's Redis: from now on it looks at the files. */
  forgetDescriptors(): void {
    this.#descriptors.clear();
  }

  /** Removes the file and what is known of it, as garbage collection does. */
  collect(digest: string): void {
    this.#files.contents.delete(digest);
    this.#descriptors.delete(digest);
    for (const linked of this.#files.links.values()) linked.delete(digest);
  }

  digests(): string[] {
    return [...this.#files.contents.keys()];
  }

  /** A copy of the files, for a backup. */
  files(): Files {
    const links = [...this.#files.links].map(([name, linked]) => [name, new Set(linked)] as const);
    return { contents: new Map(this.#files.contents), links: new Map(links), uploads: new Map() };
  }

  #has(digest: string): boolean {
    return this.#files.contents.has(digest) && this.#sight?.sees(digest) !== false;
  }

  /** Alone, a file that is there needs no descriptor. */
  #written(digest: string, size: number): void {
    this.#sight?.wrote(digest);
    if (this.#sight === undefined) this.#descriptors.delete(digest);
    else this.#descriptors.set(digest, size);
  }
}

export function digestOf(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
