import type { Instant } from "../clock.ts";
import type { Digest } from "../parity/model.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";

export const CHOICES = ["keep-left", "keep-right", "keep-both", "accept-deletion"] as const;
export type Choice = (typeof CHOICES)[number];

/** What a person decided about one tag of one pair. It holds for what stood there then, and no longer once a side moves. */
export interface Decision {
  readonly topology: TopologyName;
  readonly left: RegistryName;
  readonly right: RegistryName;
  /** With the project. */
  readonly repository: string;
  readonly tag: string;
  readonly choice: Choice;
  readonly at: Instant;
  /** What stood on each side when it was decided; missing: nothing. */
  readonly leftDigest?: Digest;
  readonly rightDigest?: Digest;
}
