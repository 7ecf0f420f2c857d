import { judgeTag } from "./judge-tag.ts";
import {
  NO_EVIDENCE,
  type Base,
  type BaseEntry,
  type Finding,
  type Side,
  type SideEvidence,
  type SideReading,
  type TagCase,
  type TagReading,
  type Verdict,
} from "./model.ts";
import { hasMoved } from "./judgements.ts";
import { frozenWhereItSwings } from "./oscillation.ts";
import { remember } from "./remember.ts";
import { toFinding } from "./to-finding.ts";
import type { RegistryName } from "../topology/model.ts";

/** The tags of one repository on one side: tag → reading. A repository that is not there has none. */
export type TagRows = ReadonlyMap<string, TagReading>;

/** Everything about one repository that does not change from tag to tag. */
export interface RepositoryCase {
  readonly repository: string;
  readonly names: Readonly<Record<Side, RegistryName>>;
  readonly warm: boolean;
  readonly entries: ReadonlyMap<string, BaseEntry>;
  readonly rules: Pick<TagCase, "topology" | "firstContact" | "slaveDeletions">;
  evidence(side: Side, tag: string, reading: SideReading): SideEvidence;
}

export interface TagJudgement {
  readonly tag: string;
  readonly verdict: Verdict;
  /** What to remember from now on; undefined: forget it. */
  readonly entry?: BaseEntry;
  /** The entry is not the one that was known before. */
  readonly changed: boolean;
  readonly finding?: Finding;
}

/** Judges one tag from readings that were confirmed, or that agree. */
export function compareTag(
  repository: RepositoryCase,
  tag: string,
  left: SideReading,
  right: SideReading,
): TagJudgement {
  const known = repository.entries.get(tag);
  const base = { warm: repository.warm, ...(known === undefined ? {} : { entry: known }) };
  const evidence = (side: Side, reading: SideReading): SideEvidence =>
    isUnchanged(base, left, right) ? NO_EVIDENCE : repository.evidence(side, tag, reading);
  const sides = { left: evidence("left", left), right: evidence("right", right) };
  const verdict = frozenWhereItSwings(
    known,
    judgeTag({ ...repository.rules, left, right, base, evidence: sides }),
  );
  const entry = remember(base, left, right, verdict);
  const finding = toFinding(repository, tag, { left, right, evidence: sides }, known, verdict);
  return {
    tag,
    verdict,
    changed: entry !== known,
    ...(entry === undefined ? {} : { entry }),
    ...(finding === undefined ? {} : { finding }),
  };
}

/** Both hold what they agreed on, and neither moved: whatever else is known of such a tag changes nothing. */
function isUnchanged(base: Base, left: SideReading, right: SideReading): boolean {
  if (left.kind !== "present" || right.kind !== "present" || left.digest !== right.digest) return false;
  return (
    base.entry?.digest === left.digest && !hasMoved(base, "left", left) && !hasMoved(base, "right", right)
  );
}

/** Tags whose two listings differ, or that only the base knows: these are read again singly before anything is said of them. */
export function suspects(left: TagRows, right: TagRows): string[] {
  const differing: string[] = [];
  for (const [tag, reading] of left) {
    if (right.get(tag)?.digest !== reading.digest) differing.push(tag);
  }
  for (const tag of right.keys()) if (!left.has(tag)) differing.push(tag);
  return differing;
}
