import type { Instant } from "../clock.ts";
import { groupBy } from "../group-by.ts";
import type { Finding } from "../parity/model.ts";
import type { RegistryName } from "../topology/model.ts";

/** One remedy that was tried, or withheld. */
export interface RemedyFacts {
  readonly kind: string;
  readonly from: RegistryName;
  readonly to: RegistryName;
  /** What it was for, as `project/repository:tag`, or everything. */
  readonly subject: string;
  readonly tags: number;
  readonly arrived: number;
  readonly result: string;
  readonly reason?: string;
}

/** What the last reading of a pass said. */
export interface ProofFacts {
  readonly proven: boolean;
  readonly verdict: string;
  /** When the sides were read last; undefined where they were not. */
  readonly readAt?: Instant;
  /** Equal tags. */
  readonly inStep: number;
  /** What is open after the pass, without notices. */
  readonly left: readonly Finding[];
}

const REASONS_SHOWN = 3;

/** What a gap consists of. The same gap gives the same text, so times in it are moments and not ages. */
export function gapText(found: readonly Finding[]): string {
  const [first] = found;
  const example = first === undefined ? "" : `, ${first.repository}:${first.tag} among them`;
  const oldestAt = found
    .filter(({ from }) => from !== undefined)
    .reduce((at, { pushedAt = Infinity }) => Math.min(at, pushedAt), Infinity);
  const oldest = Number.isFinite(oldestAt)
    ? `; the oldest was pushed at ${new Date(oldestAt).toISOString()}`
    : "";
  const reasons = counted(found, ({ reason }) => reason).slice(0, REASONS_SHOWN);
  const why = reasons.map(([reason, count]) => `${reason} (${count})`).join(", ");
  return `${kindsText(found)}${example}${oldest}. Why: ${why}`;
}

/** One sentence a flow, kind and result: a big gap takes hundreds of remedies. */
export function remedyTexts(remedies: readonly RemedyFacts[]): string[] {
  const groups = groupBy(remedies, ({ from, to, kind, result }) => [from, to, kind, result].join(" "));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { from, to, kind, result, subject } = first;
    const sum = (count: (one: RemedyFacts) => number): number =>
      group.reduce((total, one) => total + count(one), 0);
    const more = group.length === 1 ? subject : `${group.length} remedies, ${subject} the first`;
    const reason = group.find((one) => one.reason !== undefined)?.reason;
    const there = `${sum(({ arrived }) => arrived)} of ${sum(({ tags }) => tags)} tags there`;
    return [
      `${kind} ${from} → ${to}: ${result}, ${there} (${more})${reason === undefined ? "" : `: ${reason}`}`,
    ];
  });
}

/** What was proven, or what is still open. */
export function proofText({ proven, verdict, readAt, inStep, left }: ProofFacts): string {
  if (proven) {
    const read = readAt === undefined ? "" : `, read at ${new Date(readAt).toISOString()}`;
    return `in step and proven: ${inStep} tags equal${read}`;
  }
  if (left.length === 0) return `${verdict}: not everything could be read or had settled`;
  const [first] = left;
  return `${verdict}: ${kindsText(left)}${first === undefined ? "" : `, ${first.repository}:${first.tag} among them`}`;
}

function kindsText(found: readonly Finding[]): string {
  return counted(found, ({ kind }) => kind)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

/** The most frequent first; the same however they were ordered. */
function counted(found: readonly Finding[], keyOf: (finding: Finding) => string): [string, number][] {
  return [...groupBy(found, keyOf)]
    .map(([key, group]): [string, number] => [key, group.length])
    .toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
}
