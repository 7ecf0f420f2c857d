import type { Accessory, Artifact } from "../observed/model.ts";
import type { Digest } from "../parity/model.ts";

const NONE: readonly Accessory[] = [];

/** What a listing says of signatures, SBOMs and the like: repository → subject → what is attached to it. */
export class AttachedRows {
  readonly #attached = new Map<string, Map<Digest, readonly Accessory[]>>();
  readonly #untagged = new Map<string, Set<Digest>>();
  readonly #linksSubjects: boolean;

  /** Where a Harbor does not link what names its subject (before 2.8), that is an artifact without a tag. */
  constructor({ linksSubjects }: { readonly linksSubjects: boolean }) {
    this.#linksSubjects = linksSubjects;
  }

  add({ repository, digest, tags, accessories }: Artifact): void {
    if (accessories.length > 0) placeIn(this.#attached, repository, () => new Map()).set(digest, accessories);
    if (tags.length > 0 || this.#linksSubjects) return;
    placeIn(this.#untagged, repository, () => new Set<Digest>()).add(digest);
  }

  of(repository: string, subject: Digest): readonly Accessory[] {
    return this.#attached.get(repository)?.get(subject) ?? NONE;
  }

  /** Whether it stands there without a tag and without being linked to anything. */
  isLoose(repository: string, digest: Digest): boolean {
    return this.#untagged.get(repository)?.has(digest) === true;
  }

  isEmpty(repository: string): boolean {
    return !this.#attached.has(repository);
  }

  drop(repository: string): void {
    this.#attached.delete(repository);
    this.#untagged.delete(repository);
  }
}

function placeIn<Value>(rows: Map<string, Value>, name: string, make: () => Value): Value {
  const known = rows.get(name);
  if (known !== undefined) return known;
  const made = make();
  rows.set(name, made);
  return made;
}
