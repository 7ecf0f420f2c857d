import type { Digest } from "../../src/parity/model.ts";

/** A digest from one letter, so that tests read like the truth table. */
export function digestOf(letter: string): Digest {
  return `sha256:${letter.repeat(64)}`;
}
