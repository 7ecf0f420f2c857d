import { inOrder, type Mistake } from "./mistake.ts";
import { renderPath, type DocumentPath, type Place } from "./source-file.ts";

export interface ComplaintDetails {
  readonly hint?: string | undefined;
  /** Point at the key instead of at its value. */
  readonly onKey?: boolean;
}

/** Gathers what is wrong, so that all of it can be told at once. */
export class Complaints {
  readonly #mistakes: Mistake[] = [];
  readonly #warnings: Mistake[] = [];
  readonly #hidden = new Set<string>();

  /** Keeps a text that came from the environment, and so may be a secret, out of everything said from now on. */
  hide(text: string): void {
    // A shorter one would hide half of every message, and is no secret worth the name.
    if (text.length >= 6) this.#hidden.add(text);
  }

  mistake(place: Place, message: string, details: ComplaintDetails = {}): void {
    this.#mistakes.push(this.#masked(located(place, message, details)));
  }

  /** What is allowed but probably not meant; changes no exit code. */
  warn(place: Place, message: string, details: ComplaintDetails = {}): void {
    this.#warnings.push(this.#masked(located(place, message, details)));
  }

  add(mistakes: readonly Mistake[]): void {
    this.#mistakes.push(...mistakes);
  }

  /** Whether something is wrong at a place or inside it, so that what was understood of it is not all that was meant. */
  concerns(place: Place): boolean {
    const path = renderPath(place.path);
    return this.#mistakes.some(
      (one) =>
        one.file === place.source.name &&
        (one.path === path || (/^[.[]/.test(one.path.slice(path.length)) && one.path.startsWith(path))),
    );
  }

  mistakes(): Mistake[] {
    return inOrder(this.#mistakes);
  }

  warnings(): Mistake[] {
    return inOrder(this.#warnings);
  }

  #masked(mistake: Mistake): Mistake {
    const mask = (text: string): string =>
      [...this.#hidden].reduce((left, secret) => left.replaceAll(secret, "…"), text);
    const { message, hint, ...rest } = mistake;
    return { ...rest, message: mask(message), ...(hint === undefined ? {} : { hint: mask(hint) }) };
  }
}

/** The place of something inside what stands at `place`. */
export function inside(place: Place, ...path: DocumentPath): Place {
  return { source: place.source, path: [...place.path, ...path] };
}

/** `file:line` of a place, for naming it in the message about another. */
export function whereIs(place: Place): string {
  return `${place.source.name}:${place.source.locate(place.path, true).line}`;
}

function located(place: Place, message: string, { hint, onKey }: ComplaintDetails): Mistake {
  return {
    file: place.source.name,
    ...place.source.locate(place.path, onKey),
    path: renderPath(place.path),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}
