import type { Instant } from "../clock.ts";
import type { Digest } from "../parity/model.ts";
import { RESCUE_TAG_PREFIX } from "../topology/selection.ts";
import type { AuditFact } from "./audit-fact.ts";

/** What one repository of one registry holds: digest → its tags. */
export type RepositorySnapshot = ReadonlyMap<Digest, ReadonlySet<string>>;

/** An image that lost its last tag to something that we put over it, though nobody had planned that. */
export interface Displaced {
  readonly digest: Digest;
  /** Undefined where it came and went between two looks, and several tags were overwritten at once. */
  readonly tag?: string;
  /** It was seen under that tag. One that came between two looks may be a part of an index instead, which is pushed by digest before the index is. */
  readonly wasTagged: boolean;
}

/**
 * What was displaced between two looks at a repository, in which we put something over `tags`. `planned` are the digests that were meant to be
 * replaced. What had no tag before, and what stood under other tags only, was displaced by somebody else.
 */
export function displacedBetween(
  before: RepositorySnapshot,
  after: RepositorySnapshot,
  work: { readonly tags: readonly string[]; readonly planned: ReadonlySet<Digest> },
): Displaced[] {
  const [only, ...more] = work.tags;
  return [...after].flatMap(([digest, tags]): Displaced[] => {
    if (tags.size > 0 || work.planned.has(digest)) return [];
    const had = before.get(digest);
    if (had === undefined) {
      return [
        { digest, wasTagged: false, ...(more.length === 0 && only !== undefined ? { tag: only } : {}) },
      ];
    }
    const tag = work.tags.find((one) => had.has(one));
    return tag === undefined ? [] : [{ digest, tag, wasTagged: true }];
  });
}

/**
 * What stood there without a tag, was pushed again under one of `tags` in between, as a roll-back is, and lost it again. Only a log that names digests
 * (2.13) shows it. `since` is the first look, by that Harbor's clock.
 */
export function rolledBackBetween(
  before: RepositorySnapshot,
  after: RepositorySnapshot,
  facts: readonly AuditFact[],
  work: { readonly repository: string; readonly tags: readonly string[]; readonly since: Instant },
): Displaced[] {
  const { repository, tags, since } = work;
  return untagged(before, after).flatMap((digest): Displaced[] => {
    const tag = pushedUnder(facts, { repository, digest, tags }, since);
    return tag === undefined ? [] : [{ digest, tag, wasTagged: true }];
  });
}

/** What had no tag at both looks. */
export function untagged(before: RepositorySnapshot, after: RepositorySnapshot): Digest[] {
  return [...after].flatMap(([digest, tags]) =>
    tags.size === 0 && before.get(digest)?.size === 0 ? [digest] : [],
  );
}

/** Our own copy leaves an entry too, and before 2.13 entries do not say which image was pushed. */
const PUSHES_OF_A_RACE = 2;
/** We know the time of a Harbor no better than this. */
const CLOCK_DOUBT_MS = 2_000;

/**
 * What the log says of an image that came between two looks: `part` where it was pushed by its digest only, `push` where it was pushed under the tag, undefined
 * where it says too little. `since` is the first look, by that Harbor's clock.
 */
export function pushedAs(
  facts: readonly AuditFact[],
  image: { readonly repository: string; readonly digest: Digest; readonly tag: string | undefined },
  since: Instant,
): "part" | "push" | undefined {
  const pushes = facts.filter(
    ({ act, repository, at }) =>
      act === "push" && repository === image.repository && at >= since - CLOCK_DOUBT_MS,
  );
  const exact = pushes.filter(({ digest }) => digest === image.digest);
  if (image.tag !== undefined && exact.some(({ tag }) => tag === image.tag)) return "push";
  if (exact.length > 0) return "part";
  const unsaid = pushes.filter(({ tag, digest }) => tag === image.tag && digest === undefined);
  return image.tag !== undefined && unsaid.length >= PUSHES_OF_A_RACE ? "push" : undefined;
}

/** Under which of the tags that we put something over an image was pushed between two looks, where the log names both. */
export function pushedUnder(
  facts: readonly AuditFact[],
  image: { readonly repository: string; readonly digest: Digest; readonly tags: readonly string[] },
  since: Instant,
): string | undefined {
  const { repository, digest, tags } = image;
  return tags.find((tag) =>
    facts.some(
      (fact) =>
        fact.digest === digest &&
        fact.tag === tag &&
        pushedAs([fact], { repository, digest, tag }, since) === "push",
    ),
  );
}

/** Harbor takes no longer ones (distribution's reference grammar). */
const LONGEST_TAG = 128;
const DIGITS = 12;

/** What an image is called that is kept from being lost: it says which one, and under which tag it stood. */
export function rescueTagOf(digest: Digest, tag: string): string {
  const hex = digest.replace("sha256:", "").slice(0, DIGITS);
  return `${RESCUE_TAG_PREFIX}${hex}-${tag}`.slice(0, LONGEST_TAG);
}

/** An image that was put aside, or could not be. */
export interface DisplacedOutcome extends Displaced {
  readonly registry: string;
  readonly repository: string;
  /** Undefined where even that failed. */
  readonly rescueTag?: string;
  readonly at: Instant;
}
