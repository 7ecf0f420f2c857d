import { judgeTag } from "./judge-tag.ts";
import {
  NO_EVIDENCE,
  type BaseEntry,
  type Finding,
  type Side,
  type SideEvidence,
  type SideReading,
  type TagCase,
  type TagReading,
  type Verdict,
} from "./model.ts";
import { remember } from "./remember.ts";
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
  const equal = left.kind === "present" && right.kind === "present" && left.digest === right.digest;
  const evidence = (side: Side, reading: SideReading): SideEvidence =>
    equal && known?.digest === left.digest ? NO_EVIDENCE : repository.evidence(side, tag, reading);
  const verdict = judgeTag({
    ...repository.rules,
    left,
    right,
    base,
    evidence: { left: evidence("left", left), right: evidence("right", right) },
  });
  const entry = remember(base, left, right, verdict);
  const finding = toFinding(repository, tag, { left, right }, known, verdict);
  return {
    tag,
    verdict,
    changed: entry !== known,
    ...(entry === undefined ? {} : { entry }),
    ...(finding === undefined ? {} : { finding }),
  };
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

function toFinding(
  { repository, names }: RepositoryCase,
  tag: string,
  readings: Readonly<Record<Side, SideReading>>,
  known: BaseEntry | undefined,
  verdict: Verdict,
): Finding | undefined {
  if (verdict.kind === "in-step" || verdict.kind === "gone") return undefined;
  const { left, right } = readings;
  const ahead = verdict.copy === undefined ? undefined : readings[verdict.copy.from];
  return {
    kind: verdict.kind,
    repository,
    tag,
    reason: verdict.reason,
    notice: verdict.notice,
    ...(left.kind === "present" ? { left: left.digest } : {}),
    ...(right.kind === "present" ? { right: right.digest } : {}),
    ...(known?.digest === undefined ? {} : { base: known.digest }),
    ...(verdict.copy === undefined ? {} : direction(names, verdict.copy.from)),
    ...(verdict.copy?.replaces === undefined ? {} : { replaces: verdict.copy.replaces }),
    ...(ahead?.kind === "present" ? { pushedAt: ahead.pushedAt } : {}),
  };
}

function direction(names: Readonly<Record<Side, RegistryName>>, from: Side): Pick<Finding, "from" | "to"> {
  return from === "left" ? { from: names.left, to: names.right } : { from: names.right, to: names.left };
}
