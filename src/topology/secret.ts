import { inspect } from "node:util";
import type { Secret } from "./model.ts";

const HIDDEN = "[secret]";

/** Keeps the text in a private field, so that neither printing, JSON, `util.inspect` nor spreading can show it. */
class HiddenText implements Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toJSON(): string {
    return HIDDEN;
  }

  toString(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** Wraps a password; only `reveal()` gives the text away. */
export function makeSecret(text: string): Secret {
  return new HiddenText(text);
}
