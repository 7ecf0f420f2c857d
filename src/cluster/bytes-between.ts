import { isRefusal, isSuccess, isUnknownToDatabase, said } from "./answers.ts";
import type { Seen } from "./decision.ts";
import type { ContentCheck, ContentRound, ContentSubject, WrongContent } from "./evidence.ts";
import { lengthText, unique } from "./in-words.ts";

/** What became of the bytes that one node took, at another node. */
export interface Arrivals {
  readonly inTime: number;
  readonly late: number;
  readonly never: number;
  /** Came whole, and was something else. */
  readonly altered: number;
  /** The longest delay of what arrived. */
  readonly slowestMs: number;
  /** Sentences on what came late or never. */
  readonly texts: readonly string[];
  /** Why nothing was seen of some. */
  readonly mute: readonly string[];
}

/** Served out of the registry's storage. Listings are the database's; so is what a tag points at. */
const STORED: ReadonlySet<ContentSubject> = new Set(["manifest-by-tag", "manifest-by-digest", "layer"]);

/**
 * Follows the bytes of all rounds from the node that took them to another one. What its own node does not give back either says nothing about the
 * other.
 */
export function arrivals({ evidence, limits }: Seen, from: string, to: string): Arrivals {
  const rounds = evidence.content.filter(({ pushedBy, push }) => pushedBy === from && isSuccess(push));
  const seen = rounds.flatMap((round) =>
    round.checks
      .filter((check) => check.node === to && STORED.has(check.subject))
      .map((check) => ({ check, round, fate: fateOf(check, round, limits.visibleWithinMs) })),
  );
  const count = (fate: Fate): number => seen.filter((each) => each.fate === fate).length;
  const texts = seen.flatMap(({ check, round, fate }) =>
    fate === "late" || fate === "never" || fate === "altered" ? [arrivalText(check, round)] : [],
  );
  const mute = seen.flatMap(({ check, fate }) =>
    fate === "mute" && check.wrong !== undefined
      ? [`${subjectText(check)} at ${to}: ${wrongText(check.wrong)}`]
      : [],
  );
  const refusedPushes = evidence.content
    .filter(({ pushedBy, push }) => pushedBy === from && !isSuccess(push))
    .map(({ push }) => `${from} did not take the push: ${said(push)}`);
  return {
    inTime: count("in-time"),
    late: count("late"),
    never: count("never"),
    altered: count("altered"),
    slowestMs: Math.max(0, ...seen.map(({ check }) => check.rightAfterMs ?? 0)),
    texts: unique(texts),
    mute: unique([...refusedPushes, ...mute]),
  };
}

type Fate = "in-time" | "late" | "never" | "altered" | "mute";

function fateOf(check: ContentCheck, round: ContentRound, visibleWithinMs: number): Fate {
  const { rightAfterMs, wrong } = check;
  if (rightAfterMs !== undefined) return rightAfterMs <= visibleWithinMs ? "in-time" : "late";
  if (wrong === undefined || !isWithoutBytes(wrong) || !isRightAtHome(check, round)) return "mute";
  return wrong.how === "other-bytes" ? "altered" : "never";
}

/** The registry of that node looked into its storage and did not find it whole. */
function isWithoutBytes(wrong: WrongContent): boolean {
  if (wrong.how === "cut" || wrong.how === "other-bytes") return true;
  return wrong.status === 404 && !isUnknownToDatabase(wrong) && !isRefusal(wrong);
}

function isRightAtHome({ subject }: ContentCheck, { pushedBy, checks }: ContentRound): boolean {
  const own = checks.filter((check) => check.node === pushedBy && check.subject === subject);
  return own.length > 0 && own.every(({ rightAfterMs }) => rightAfterMs !== undefined);
}

function arrivalText(check: ContentCheck, { pushedBy }: ContentRound): string {
  const what = `${subjectText(check)} pushed to ${pushedBy}`;
  if (check.rightAfterMs !== undefined) {
    return `${what} was right at ${check.node} only after ${lengthText(check.rightAfterMs)}`;
  }
  return `${what} was never right at ${check.node}: ${check.wrong === undefined ? "" : wrongText(check.wrong)}`;
}

function subjectText({ subject }: ContentCheck): string {
  if (subject === "layer") return "a layer";
  return subject === "manifest-by-tag" ? "a manifest, by its tag," : "a manifest, by its digest,";
}

/** A body that was cut off has a good status, and so has a listing that lacks something; so what is wrong with it is said. */
export function wrongText(wrong: WrongContent): string {
  if (wrong.how === "not-listed") return `${wrong.status}, but it is not in the list`;
  if (wrong.how === "cut") return `${wrong.status}, but cut off after ${wrong.bytes} bytes`;
  if (wrong.how === "other-bytes") return `${wrong.status}, but other bytes than were pushed`;
  return said(wrong);
}
