import type { Instant } from "../clock.ts";
import { AppError } from "../errors.ts";

type ItemOf<Wire, K extends keyof Wire> = NonNullable<Wire[K]> extends readonly (infer Item)[] ? Item : never;

/**
 * Reads an object of Harbor field by field. What is absent or null is the empty value, since Harbor leaves such fields out; what has
 * another type than Harbor gives throws `HARBOR_NONSENSE` with the path of the field. `Wire` is the generated type: only its fields can be asked for.
 */
export class WireObject<Wire> {
  readonly path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string) {
    this.path = path;
    this.#fields = recordOf(value, path);
  }

  has(key: keyof Wire & string): boolean {
    const value = this.#fields[key];
    return value !== undefined && value !== null;
  }

  /** Text, or "". */
  text(key: keyof Wire & string): string {
    const value = this.#fields[key] ?? "";
    return typeof value === "string" ? value : this.#wrong(key, "text");
  }

  /** A number, or 0. */
  count(key: keyof Wire & string): number {
    const value = this.#fields[key] ?? 0;
    return typeof value === "number" ? value : this.#wrong(key, "a number");
  }

  /** An id, which must be there. */
  id(key: keyof Wire & string): number {
    const value = this.#fields[key];
    return typeof value === "number" && Number.isSafeInteger(value) ? value : this.#wrong(key, "an id");
  }

  /** Yes or no; absent is no. */
  flag(key: keyof Wire & string): boolean {
    const value = this.#fields[key] ?? false;
    return typeof value === "boolean" ? value : this.#wrong(key, "true or false");
  }

  /** A time; absent, or in the year 1 as Go writes a time that is not set, is undefined. */
  instant(key: keyof Wire & string): Instant | undefined {
    const text = this.text(key);
    if (text === "" || text.startsWith("0001-")) return undefined;
    const at = Date.parse(text);
    return Number.isNaN(at) ? this.#wrong(key, "a time") : at;
  }

  object<K extends keyof Wire & string>(key: K): WireObject<NonNullable<Wire[K]>> | undefined {
    return this.has(key)
      ? new WireObject<NonNullable<Wire[K]>>(this.#fields[key], `${this.path}.${key}`)
      : undefined;
  }

  /** A list of objects; absent is empty. */
  list<K extends keyof Wire & string>(key: K): WireObject<ItemOf<Wire, K>>[] {
    return listOf<ItemOf<Wire, K>>(this.#fields[key] ?? [], `${this.path}.${key}`);
  }

  /** As it came, for what has no one type. */
  raw(key: keyof Wire & string): unknown {
    return this.#fields[key];
  }

  #wrong(key: string, wanted: string): never {
    throw wrong(`${this.path}.${key}`, wanted);
  }
}

/** A list of objects, each under its place in `path`. */
export function listOf<Wire>(value: unknown, path: string): WireObject<Wire>[] {
  if (!Array.isArray(value)) throw wrong(path, "a list");
  return value.map((item: unknown, i) => new WireObject<Wire>(item, `${path}[${i}]`));
}

export function wrong(path: string, wanted: string): AppError {
  return new AppError("HARBOR_NONSENSE", `an answer of Harbor has something else than ${wanted} at ${path}`, {
    hint: "check that the url leads to a Harbor, and what stands in front of it",
  });
}

function recordOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, "an object");
  return value as Readonly<Record<string, unknown>>;
}
