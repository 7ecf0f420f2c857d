import type { Accessory } from "../observed/model.ts";
import type { Digest } from "../parity/model.ts";

const NONE: readonly Accessory[] = [];

/** What a listing says of the signatures, SBOMs and the like of one repository: subject → what is attached to it. */
export class AttachedRows {
  readonly #attached = new Map<Digest, readonly Accessory[]>();
  readonly #loose = new Set<Digest>();

  attach(subject: Digest, accessories: readonly Accessory[]): void {
    this.#attached.set(subject, accessories);
  }

  /** Where a Harbor does not link what names its subject (before 2.8), that is an artifact without a tag. */
  addLoose(digest: Digest): void {
    this.#loose.add(digest);
  }

  of(subject: Digest): readonly Accessory[] {
    return this.#attached.get(subject) ?? NONE;
  }

  /** Whether it stands there without a tag and without being linked to anything. */
  isLoose(digest: Digest): boolean {
    return this.#loose.has(digest);
  }

  isEmpty(): boolean {
    return this.#attached.size === 0;
  }
}
