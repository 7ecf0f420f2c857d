/**
 * The words of comparing: what one side holds, what both were last seen to agree on, and what is found.
 * `left` and `right` are the two registries of a pair; in master-slave `left` is the master.
 */
import type { Instant } from "../clock.ts";
import type { RegistryName } from "../topology/model.ts";

/** `sha256:` and 64 hex digits. */
export type Digest = string;

export type Side = "left" | "right";

export function otherSide(side: Side): Side {
  return side === "left" ? "right" : "left";
}

/** One tag on one side, as it was read. */
export interface TagReading {
  readonly digest: Digest;
  /** When the tag was created or moved there, by that registry's clock. */
  readonly pushedAt: Instant;
}

/** What is known of one tag on one side. Unread is not absent: from it nothing follows. */
export type SideReading =
  ({ readonly kind: "present" } & TagReading) | { readonly kind: "absent" } | { readonly kind: "unread" };

/** How many digests are remembered for each side of a tag. */
export const HISTORY_LENGTH = 8;

/** What is remembered of one tag of a pair: the third tree of the comparison. */
export interface BaseEntry {
  /** What both sides were last seen to agree on; undefined if they never did. */
  readonly digest?: Digest;
  /** The tag was met in disagreement before anything was known of it, so its past proves nothing. */
  readonly cold: boolean;
  /** The side that was seen to have lost it while the other side still held what both had agreed on. */
  readonly deletedOn?: Side;
  /** Each side's push time when it was last seen there; older where it left what both agreed on and came back to it. */
  readonly pushedAt: Readonly<Partial<Record<Side, Instant>>>;
  /** The last digests seen on each side, oldest first, without repeats in a row. */
  readonly seen: Readonly<Record<Side, readonly Digest[]>>;
}

/** What is remembered of a tag, and whether its repository was ever read whole on both sides. */
export interface Base {
  readonly warm: boolean;
  readonly entry?: BaseEntry;
}

/** What audit logs, outages and executions say about one tag of one side. All of it may be missing: then nothing is concluded from it. */
export interface SideEvidence {
  /** `young`: pushed less than `settle` ago. `copying`: older, but an execution that may bring it is not final. */
  readonly inFlight: "no" | "young" | "copying";
  /** The registry came back from a backup, and nobody accepted it yet. */
  readonly rewound: boolean;
  /** The push that made this side's tag what it is happened while the other side could not be reached. */
  readonly pushedInOutage: boolean;
  /** When this side's tag became what it is, by our clock, so that both sides can be compared. */
  readonly pushedAtOurs?: Instant;
  /** When the audit log of this side last shows the tag or its artifact deleted. */
  readonly deletedAt?: Instant;
  /** Digests that the audit log of this side shows under this tag. */
  readonly auditedDigests: readonly Digest[];
  /** The audit log of this side shows that a person pushed what the tag is now, after what the base says. */
  readonly pushedByPerson: boolean;
}

export const NO_EVIDENCE: SideEvidence = {
  inFlight: "no",
  rewound: false,
  pushedInOutage: false,
  auditedDigests: [],
  pushedByPerson: false,
};

/** What the judgement of one tag rests on: nothing else enters it. */
export interface TagCase {
  readonly topology: "dual-master" | "master-slave";
  readonly left: SideReading;
  readonly right: SideReading;
  readonly base: Base;
  readonly evidence: Readonly<Record<Side, SideEvidence>>;
  readonly firstContact: "copy" | "report";
  readonly slaveDeletions: "restore" | "respect";
}

/** A copy that would bring one tag in step. `replace` is what it would overwrite; undefined where nothing may be overwritten. */
export interface Copy {
  readonly from: Side;
  readonly replaces?: Digest;
}

export type TagFindingKind =
  | "missing"
  | "stale"
  | "unproven"
  | "deleted"
  | "conflict"
  | "regressed"
  | "rewound"
  | "extra"
  | "in-flight"
  | "unread";

/** What is true of one tag. */
export type Verdict =
  | { readonly kind: "in-step"; readonly digest: Digest }
  | { readonly kind: "gone" }
  | {
      readonly kind: TagFindingKind;
      /** Why, as half a sentence. */
      readonly reason: string;
      /** What would bring it in step; undefined where a person must decide or nothing is to be done. */
      readonly copy?: Copy;
      /** The side that lacks, lost, changed or holds it, where the finding is about one side. */
      readonly side?: Side;
      /** Printed and counted, but not "out of step". */
      readonly notice: boolean;
    };

/** One detected fact about one tag of one pair. */
export interface Finding {
  readonly kind: TagFindingKind;
  /** With the project. */
  readonly repository: string;
  readonly tag: string;
  readonly left?: Digest;
  readonly right?: Digest;
  readonly base?: Digest;
  /** The direction of the copy that would heal it. */
  readonly from?: RegistryName;
  readonly to?: RegistryName;
  readonly reason: string;
  readonly notice: boolean;
  /** The copy may overwrite this digest on the target, and only this one. */
  readonly replaces?: Digest;
  /** When the side that is ahead got it, by that side's clock. */
  readonly pushedAt?: Instant;
}
