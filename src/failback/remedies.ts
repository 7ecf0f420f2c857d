import { createHash } from "node:crypto";
import { groupBy } from "../group-by.ts";
import type { Finding } from "../parity/model.ts";
import type { RegistryName, RemedyChoice } from "../topology/model.ts";

/** One tag to bring over, and the digest it must have there afterwards. */
export interface TagWork {
  readonly tag: string;
  readonly digest: string;
  /** What it overwrites on the target; undefined where the target must not have the tag. */
  readonly replaces?: string;
  /** What it overwrites is kept under a rescue tag first. */
  readonly rescues?: boolean;
  /** What must stand on the target afterwards besides: the tag is there, and these hang on its artifact. */
  readonly accessories?: readonly string[];
}

/** A temporary replication policy for one repository: literal name, one brace group of tags, run, watched, removed. */
export interface ScopedRemedy {
  readonly kind: "scoped";
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly repository: string;
  readonly tags: readonly TagWork[];
  /** Moved tags are copied with override, missing ones without, so that what appeared meanwhile is skipped. */
  readonly override: boolean;
  /** Twelve hex digits that name the work: a restart adopts it, a second Tidelock meets it. */
  readonly hash: string;
  /** Push time of the oldest tag in it; retention on the target counts in this order. */
  readonly oldest: number;
}

/** A run of the whole replication policy, or the operators' cure: switch it off, on, and run it. */
export interface WholeRemedy {
  readonly kind: "retrigger" | "toggle";
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly tags: readonly (TagWork & { readonly repository: string })[];
}

/**
 * The same manifests put again at the source under the same tags, so that its own event policy copies these tags alone. What it can't
 * bring over is brought by the scoped remedy that it stands for.
 */
export interface TouchRemedy extends Omit<ScopedRemedy, "kind"> {
  readonly kind: "touch";
}

/** Tags to be removed from `to`, where each must still stand on its digest; `from` is where they were deleted. */
export interface DeleteRemedy {
  readonly kind: "delete";
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly repository: string;
  readonly tags: readonly TagWork[];
}

/** Tags of both registries that are put back to what stood there; `replaces` is what a late copy brought back. */
export interface RestoreRemedy {
  readonly kind: "restore";
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly repository: string;
  readonly tags: readonly TagWork[];
}

/** Tags that stand on both sides alike, whose bytes `to` does not serve: they are uploaded from `from`, and no tag is moved. */
export interface CopyRemedy {
  readonly kind: "copy";
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly repository: string;
  readonly tags: readonly TagWork[];
}

export type Remedy = ScopedRemedy | TouchRemedy | WholeRemedy | DeleteRemedy | RestoreRemedy | CopyRemedy;

/** One word for the work, the same for the same tags and digests: a try that failed is recognised by it. */
export function workOf(remedy: Remedy): string {
  if (remedy.kind === "scoped" || remedy.kind === "touch") return remedy.hash;
  const tags = remedy.tags.map(({ tag, digest }) => `${tag}@${digest}`).join(" ");
  const repository = "repository" in remedy ? remedy.repository : "**";
  return hashOf([remedy.kind, remedy.from, remedy.to, repository, tags]);
}

/**
 * The tag pattern of a temporary policy: Harbor stores all filters in 1024 bytes (make/migrations 0001, varchar(1024)), beside it the name of
 * the repository, which may have 255.
 */
const TAG_PATTERN_BYTES = 690;

/** More tags of one flow than this are quicker brought by temporary policies. */
const TOUCHED_AT_MOST = 10;

export interface Choosing {
  readonly choice: RemedyChoice;
  /** Whether Harbor's own event policy would bring over this tag, and nothing else would happen. */
  readonly isTouchable: (finding: CopyFinding) => boolean;
}

/**
 * What to do about the findings that name a way: copies, oldest push first, then what is deleted or put back. Everything else is left to people. Asked
 * for by name, more tags are touched at once, but none that is not touchable.
 */
export function chooseRemedies(findings: readonly Finding[], { choice, isTouchable }: Choosing): Remedy[] {
  const work = findings.filter(isCopy);
  const copies = work.filter(({ remedy }) => remedy === undefined);
  const others = [
    ...inOneRepository(work, "delete", ({ replay }) => ({ digest: replay ?? "" })),
    ...inOneRepository(work, "copy", ({ left }) => ({ digest: left ?? "" })),
    ...inOneRepository(work, "restore", ({ lost, left }) => ({
      digest: lost ?? "",
      ...(left === undefined ? {} : { replaces: left }),
    })),
  ];
  if (choice === "retrigger" || choice === "toggle") return [...wholeRemedies(copies, choice), ...others];
  if (choice === "scoped") return [...scopedRemedies(copies), ...others];
  const few = [...groupBy(copies, ({ from, to }) => `${from} ${to}`).values()]
    .filter((flow) => flow.length <= TOUCHED_AT_MOST)
    .flat();
  // A touch copies the tag alone, and nothing that hangs on it.
  const touched = new Set(
    (choice === "touch" ? copies : few).filter((one) => one.kind !== "accessory" && isTouchable(one)),
  );
  const touching = scopedRemedies([...touched]).map((remedy): TouchRemedy => ({ ...remedy, kind: "touch" }));
  const scoped = scopedRemedies(copies.filter((one) => !touched.has(one)));
  return [...[...touching, ...scoped].toSorted(oldestPushFirst), ...others];
}

function inOneRepository<Kind extends "delete" | "restore" | "copy">(
  work: readonly CopyFinding[],
  kind: Kind,
  about: (finding: CopyFinding) => Omit<TagWork, "tag">,
): { kind: Kind; from: RegistryName; to: RegistryName; repository: string; tags: TagWork[] }[] {
  const chosen = work.filter(({ remedy }) => remedy === kind);
  return [...groupBy(chosen, ({ from, to, repository }) => `${from} ${to} ${repository}`).values()].flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { from, to, repository } = first;
      return [{ kind, from, to, repository, tags: group.map((one) => ({ tag: one.tag, ...about(one) })) }];
    },
  );
}

/** A finding with a way. */
export type CopyFinding = Finding & { readonly from: RegistryName; readonly to: RegistryName };

function isCopy(finding: Finding): finding is CopyFinding {
  return finding.from !== undefined && finding.to !== undefined;
}

function wholeRemedies(work: readonly CopyFinding[], kind: WholeRemedy["kind"]): WholeRemedy[] {
  const flows = groupBy(work, ({ from, to }) => `${from} ${to}`);
  return [...flows.values()].flatMap((findings) => {
    const [first] = findings;
    if (first === undefined) return [];
    const tags = findings.map((finding) => ({ ...toWork(finding), repository: finding.repository }));
    return [{ kind, from: first.from, to: first.to, tags }];
  });
}

function scopedRemedies(work: readonly CopyFinding[]): ScopedRemedy[] {
  const groups = groupBy(work, (finding) => {
    const override = finding.replaces !== undefined;
    return JSON.stringify([finding.from, finding.to, finding.repository, override]);
  });
  const remedies = [...groups.values()].flatMap((group) => batches(oldestFirst(group)).map(toScoped));
  return remedies.toSorted(oldestPushFirst);
}

type Dated = Pick<ScopedRemedy, "oldest" | "repository" | "hash">;

function oldestPushFirst(a: Dated, b: Dated): number {
  return a.oldest - b.oldest || compareText(a.repository, b.repository) || compareText(a.hash, b.hash);
}

function oldestFirst(findings: readonly CopyFinding[]): CopyFinding[] {
  return findings.toSorted((a, b) => (a.pushedAt ?? 0) - (b.pushedAt ?? 0) || compareText(a.tag, b.tag));
}

/** As many tags at once as fit one pattern, in their order. */
function batches(findings: readonly CopyFinding[]): CopyFinding[][] {
  const all: CopyFinding[][] = [];
  let size = Infinity;
  for (const finding of findings) {
    size += finding.tag.length + 1;
    if (size > TAG_PATTERN_BYTES) {
      all.push([]);
      size = finding.tag.length + 1;
    }
    all.at(-1)?.push(finding);
  }
  return all;
}

function toScoped(findings: readonly CopyFinding[]): ScopedRemedy {
  const [first] = findings;
  if (first === undefined) throw new RangeError("a remedy needs at least one tag");
  const { from, to, repository } = first;
  const override = first.replaces !== undefined;
  return scopedRemedy({ from, to, repository, override, oldest: first.pushedAt ?? 0 }, findings.map(toWork));
}

/** A scoped remedy with the name that its work has. */
export function scopedRemedy(
  about: Pick<ScopedRemedy, "from" | "to" | "repository" | "override" | "oldest">,
  tags: readonly TagWork[],
): ScopedRemedy {
  const { from, to, repository, override } = about;
  const hash = hashOf([from, to, repository, override, tags.map(namesOf)]);
  return { kind: "scoped", ...about, tags, hash };
}

function hashOf(work: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(work)).digest("hex").slice(0, 12);
}

/** The digest that the copy of a finding would bring over. */
export function digestAhead({ left, right, replaces }: Finding): string | undefined {
  return left === replaces ? right : (left ?? right);
}

function namesOf({ tag, digest, accessories }: TagWork): string[] {
  return [tag, digest, ...(accessories ?? [])];
}

function toWork(finding: CopyFinding): TagWork {
  return {
    tag: finding.tag,
    digest: digestAhead(finding) ?? "",
    ...(finding.replaces === undefined ? {} : { replaces: finding.replaces }),
    ...(finding.rescues === true ? { rescues: true } : {}),
    ...(finding.accessories === undefined ? {} : { accessories: finding.accessories }),
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
