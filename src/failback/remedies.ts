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

export type Remedy = ScopedRemedy | WholeRemedy;

/**
 * The tag pattern of a temporary policy: Harbor stores all filters in 1024 bytes (make/migrations 0001, varchar(1024)), beside it the name of
 * the repository, which may have 255.
 */
const TAG_PATTERN_BYTES = 690;

/** What to do about the findings that name a copy, oldest push first. Everything else is left to people. */
export function chooseRemedies(findings: readonly Finding[], choice: RemedyChoice): Remedy[] {
  const work = findings.filter(isCopy);
  return choice === "retrigger" || choice === "toggle" ? wholeRemedies(work, choice) : scopedRemedies(work);
}

type CopyFinding = Finding & { readonly from: RegistryName; readonly to: RegistryName };

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
  return remedies.toSorted(
    (a, b) => a.oldest - b.oldest || compareText(a.repository, b.repository) || compareText(a.hash, b.hash),
  );
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
  const tags = findings.map(toWork);
  const work = JSON.stringify([from, to, repository, override, tags.map(({ tag, digest }) => [tag, digest])]);
  const hash = createHash("sha256").update(work).digest("hex").slice(0, 12);
  return { kind: "scoped", from, to, repository, tags, override, hash, oldest: first.pushedAt ?? 0 };
}

/** The digest that the copy of a finding would bring over. */
export function digestAhead({ left, right, replaces }: Finding): string | undefined {
  return left === replaces ? right : (left ?? right);
}

function toWork(finding: CopyFinding): TagWork {
  return {
    tag: finding.tag,
    digest: digestAhead(finding) ?? "",
    ...(finding.replaces === undefined ? {} : { replaces: finding.replaces }),
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
