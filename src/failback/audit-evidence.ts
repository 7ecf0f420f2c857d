import type { Instant, Millis } from "../clock.ts";
import type { Actor, Digest, SideEvidence, SideReading } from "../parity/model.ts";
import { actorOf, type Accounts } from "./actors.ts";
import type { AuditFact } from "./audit-fact.ts";

/** What an audit log gives to the evidence of one tag. */
export type AuditEvidence = Pick<
  SideEvidence,
  "deletion" | "auditedDigests" | "pushedBy" | "personPush" | "lastPush"
>;

/** The log of one repository of one registry. */
export interface RepositoryLog {
  readonly facts: readonly AuditFact[];
  /** Without gaps up to now: only then does the lack of a later entry say that nothing happened later. */
  readonly whole: boolean;
  readonly accounts: Accounts;
  /** That registry's clock minus ours. */
  readonly clockOffsetMs: Millis;
}

/** An entry is written right after the tag, by another core perhaps, whose clock differs a little. */
const BEFORE_MS = 1_000;
const AFTER_MS = 5_000;

/**
 * What the log says of one tag that was read so. `held` is the digest that this side was last seen to have under it: a deletion of an artifact
 * names no tag (goharbor/harbor src/controller/event/topic.go).
 */
export function auditEvidence(
  { facts, whole, accounts, clockOffsetMs }: RepositoryLog,
  tag: string,
  reading: SideReading,
  held: Digest | undefined,
): AuditEvidence {
  const about = facts.filter((fact) => fact.tag === tag || fact.tag === undefined).toSorted(byTime);
  const pushes = about.filter((fact) => isPush(fact) && fact.tag === tag);
  const auditedDigests = [...new Set(pushes.flatMap(({ digest }) => digest ?? []))];
  if (!whole) return { auditedDigests };
  const actor = (fact: AuditFact): Actor => actorOf(fact, accounts);
  const made = reading.kind === "present" ? pushThatMade(pushes, reading) : undefined;
  const personal = lastStanding(
    about,
    pushes.findLast((fact) => actor(fact) === "person"),
    made,
  );
  // People may push with an account that we or replication use too.
  const lastPush = pushes.findLast((fact) => actor(fact) !== "replication");
  const deletion =
    reading.kind === "absent" ? lastDeletion(about, pushes, held ?? auditedDigests.at(-1)) : undefined;
  const ours = (at: Instant): Instant => at - clockOffsetMs;
  return {
    auditedDigests,
    ...(made === undefined ? {} : { pushedBy: actor(made) }),
    ...(lastPush === undefined ? {} : { lastPush: ours(lastPush.at) }),
    ...(personal === undefined
      ? {}
      : {
          personPush: {
            at: ours(personal.at),
            ...digestOf(personal),
            ...(isReplaced(pushes, personal, made, reading) ? { replaced: true } : {}),
          },
        }),
    ...(deletion === undefined ? {} : { deletion: { at: ours(deletion.at), by: actor(deletion) } }),
  };
}

/** By when it happened: entries are written beside each other, and their ids are not in order. */
function byTime(one: AuditFact, other: AuditFact): number {
  return one.at - other.at || one.id - other.id;
}

function isPush({ act }: AuditFact): boolean {
  return act === "push" || act === "create-tag";
}

function digestOf({ digest }: AuditFact): { digest?: Digest } {
  return digest === undefined ? {} : { digest };
}

/**
 * The push at the time of the tag, the nearest one. A push of the same image again changes nothing and leaves the time of the tag as it was
 * (goharbor/harbor src/controller/tag/controller.go, Ensure), so later ones are not it.
 */
function pushThatMade(
  pushes: readonly AuditFact[],
  { digest, pushedAt }: { readonly digest: Digest; readonly pushedAt: Instant },
): AuditFact | undefined {
  const fitting = pushes.filter(
    (fact) =>
      fact.at >= pushedAt - BEFORE_MS &&
      fact.at <= pushedAt + AFTER_MS &&
      (fact.digest === undefined || fact.digest === digest),
  );
  const distance = (fact: AuditFact): Millis => Math.abs(fact.at - pushedAt);
  return fitting.toSorted((one, other) => distance(one) - distance(other))[0];
}

/** Undefined where the tag may have been removed before it was made what it is: then nothing was put over that push. */
function lastStanding(
  about: readonly AuditFact[],
  push: AuditFact | undefined,
  made: AuditFact | undefined,
): AuditFact | undefined {
  if (push === undefined) return undefined;
  const removes = ({ act, digest }: AuditFact): boolean =>
    act === "delete-tag" ||
    act === "delete-repository" ||
    (act === "delete-artifact" && (push.digest === undefined || digest === push.digest));
  const isBetween = (fact: AuditFact): boolean =>
    byTime(fact, push) > 0 && (made === undefined || byTime(fact, made) < 0);
  return about.some((fact) => removes(fact) && isBetween(fact)) ? undefined : push;
}

/** What the clocks of the cores of one Harbor may differ by: they share a machine, or a time server. */
const CORES_APART_MS = 100;

/** The time of a tag is that of its last move, so a push before that, with none in between, was of something else. */
function isReplaced(
  pushes: readonly AuditFact[],
  push: AuditFact,
  made: AuditFact | undefined,
  reading: SideReading,
): boolean {
  if (push.digest !== undefined || made === undefined || reading.kind !== "present") return false;
  if (push.at >= reading.pushedAt - CORES_APART_MS) return false;
  return pushes[pushes.indexOf(made) - 1] === push;
}

/** The last deletion that took the tag away, unless something was pushed under it after that. */
function lastDeletion(
  about: readonly AuditFact[],
  pushes: readonly AuditFact[],
  held: Digest | undefined,
): AuditFact | undefined {
  const takes = ({ act, digest }: AuditFact): boolean =>
    act === "delete-tag" ||
    act === "delete-repository" ||
    (act === "delete-artifact" && digest !== undefined && digest === held);
  const deletion = about.findLast(takes);
  const pushed = pushes.at(-1);
  return deletion === undefined || (pushed !== undefined && byTime(pushed, deletion) > 0)
    ? undefined
    : deletion;
}
