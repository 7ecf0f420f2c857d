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
  /**
   * The push time of what was first seen on a side beside what both agreed on, for as long as the other side stands still: a tag that is pushed again and
   * again is not young for ever.
   */
  readonly apartAt?: Readonly<Partial<Record<Side, Instant>>>;
  /** The last digests seen on each side, oldest first, without repeats in a row. */
  readonly seen: Readonly<Record<Side, readonly Digest[]>>;
}

/** What is remembered of a tag, and whether its repository was ever read whole on both sides. */
export interface Base {
  readonly warm: boolean;
  readonly entry?: BaseEntry;
}

/** Who did something, as far as an audit log tells. `unknown`: by an account that people and replication share. */
export type Actor = "person" | "replication" | "retention" | "tidelock" | "unknown";

/** What audit logs, outages and executions say about one tag of one side. All of it may be missing: then nothing is concluded from it. */
export interface SideEvidence {
  /** `young`: pushed less than `settle` ago. `copying`: older, but an execution that may bring it is not final. */
  readonly inFlight: "no" | "young" | "copying";
  /** The registry, or this project of it, came back from a backup, and nobody accepted it yet. */
  readonly rewound: boolean;
  /** The push that made this side's tag what it is happened while the other side could not be reached. */
  readonly pushedInOutage: boolean;
  /** When this side's tag became what it is, by our clock, so that both sides can be compared. */
  readonly pushedAtOurs?: Instant;
  /** The last deletion of the tag, or of the artifact that it stood for, if nothing was pushed under it since; by our clock. */
  readonly deletion?: { readonly at: Instant; readonly by: Actor };
  /** Digests that the audit log of this side shows under this tag. */
  readonly auditedDigests: readonly Digest[];
  /** Who made this side's tag what it is now. */
  readonly pushedBy?: Actor;
  /**
   * The last push under this tag by a person, whether it still stands or not, unless the tag was removed since; by our clock. Its digest only where the
   * log names it (2.13); `replaced` where it does not, and what made the tag what it is now came right after it, so it was something else.
   */
  readonly personPush?: { readonly at: Instant; readonly digest?: Digest; readonly replaced?: true };
  /** The last push under this tag by anybody but replication, whether it still stands or not; by our clock. */
  readonly lastPush?: Instant;
  /** What was given up here on purpose: it was kept under a rescue tag before something was put over it. */
  readonly givenUp: readonly Digest[];
}

export const NO_EVIDENCE: SideEvidence = {
  inFlight: "no",
  rewound: false,
  pushedInOutage: false,
  auditedDigests: [],
  givenUp: [],
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

/** A copy that would bring one tag in step. `replaces` is what it would overwrite; undefined where nothing may be overwritten. */
export interface Copy {
  readonly from: Side;
  readonly replaces?: Digest;
  /** What it overwrites was pushed since both agreed, and is only by an outage known to be the older one: it is kept under a rescue tag. */
  readonly rescues?: boolean;
}

export type TagFindingKind =
  | "missing"
  | "stale"
  | "unproven"
  | "deleted"
  | "conflict"
  | "regressed"
  | "displaced"
  | "overlap"
  | "rewound"
  | "extra"
  /** Both have the tag, and one lacks a signature, SBOM or the like of it. */
  | "accessory"
  /** Both name the same digest, and a side does not give out its bytes; found only where bytes are read. */
  | "unservable"
  | "in-flight"
  | "unread";

/** What is true of one tag. */
export type Verdict =
  | {
      readonly kind: "in-step";
      readonly digest: Digest;
      /** The master's image was just put over what a person had pushed at the slave; its digest where it is known. */
      readonly overtaken?: { readonly digest?: Digest };
    }
  | { readonly kind: "gone" }
  | {
      readonly kind: TagFindingKind;
      /** Why, as half a sentence. */
      readonly reason: string;
      /** What would bring it in step; undefined where a person must decide or nothing is to be done. */
      readonly copy?: Copy;
      /** A deletion that base and audit log together prove to be meant: this digest may be untagged on the other side too. */
      readonly replay?: Digest;
      /** What stood here and was acknowledged, before something older came back. */
      readonly lost?: Digest;
      /** A log shows that it was replication that brought the older one back. */
      readonly byReplication?: boolean;
      /** Whatever is declared, only a person can decide it. */
      readonly frozen?: boolean;
      /** The side that lacks, lost, changed or holds it, where the finding is about one side. */
      readonly side?: Side;
      /** Printed and counted, but not "out of step". */
      readonly notice: boolean;
    };

/** How much of what is in step was read byte by byte, on both sides. */
export interface BytesRead {
  /** Of all images, that were to be read: more than 0, at most 1. */
  readonly share: number;
  /** Those that were read, each once however many tags it has. */
  readonly images: number;
  /** Tags that stand for them. */
  readonly tags: number;
}

/** One detected fact about one tag of one pair. */
export interface Finding {
  readonly kind: TagFindingKind;
  /** With the project. */
  readonly repository: string;
  readonly tag: string;
  readonly left?: Digest;
  readonly right?: Digest;
  readonly base?: Digest;
  /** What would heal it, where that is no copy by Harbor's own means: `to` is where the tag is deleted, put back, or given its bytes again. */
  readonly remedy?: "delete" | "restore" | "copy";
  /** The direction of the copy that would heal it. */
  readonly from?: RegistryName;
  readonly to?: RegistryName;
  readonly reason: string;
  readonly notice: boolean;
  /** The copy may overwrite this digest on the target, and only this one. */
  readonly replaces?: Digest;
  /** What is attached to the tag's artifact on one side only. */
  readonly accessories?: readonly Digest[];
  /** When the side that is ahead got it, by that side's clock. */
  readonly pushedAt?: Instant;
  /** What the copy replaces is kept under a rescue tag first: somebody may miss it. */
  readonly rescues?: boolean;
  /** A deletion that may be replayed: the digest that is to be untagged on the side that still has it. */
  readonly replay?: Digest;
  readonly lost?: Digest;
  readonly byReplication?: boolean;
  readonly frozen?: boolean;
  /** A person decided about this very finding. */
  readonly decided?: boolean;
  /** When a person made each side what it is, by our clock, as far as the logs say. */
  readonly wrote?: Readonly<Partial<Record<Side, Instant>>>;
}
