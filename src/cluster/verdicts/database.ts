import { isSuccess, isUnknownToDatabase } from "../answers.ts";
import { wrongText } from "../bytes-between.ts";
import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { ContentCheck, ContentRound, ProjectSeen } from "../evidence.ts";
import { notShared, unique } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/**
 * Nodes over different databases. The project `library` is made at the first start of a database, so its time tells databases apart; its number
 * is 1 everywhere. One that was copied from the other has the same times, and shows itself by what happened since.
 */
export const database: PairFault = {
  name: "database",
  relate,
  sentence: (at, all) => notShared(at, all, "database"),
};

function relate(seen: Seen, one: string, other: string): Relation {
  const told = projectsTell(seen, one, other);
  if (told.apart.length > 0) return { is: "apart", confidence: "certain", evidence: told.apart };
  const content = contentTells(seen, one, other);
  if (content.isShared) return SAME;
  if (content.apart.length > 0) {
    return { is: "apart", confidence: told.isSame ? "likely" : "certain", evidence: content.apart };
  }
  return told.isSame ? SAME : unknown(whyMissing(seen, "identity", [one, other]));
}

interface Told {
  readonly isSame: boolean;
  readonly apart: readonly string[];
}

const NOTHING: Told = { isSame: false, apart: [] };

function projectsTell({ evidence }: Seen, one: string, other: string): Told {
  const left = evidence.identities.find(({ node }) => node === one);
  const right = evidence.identities.find(({ node }) => node === other);
  const library = compared("library", one, left?.library, other, right?.library);
  const [mine, theirs] = [left?.probeProject, right?.probeProject];
  if ((mine === "absent") !== (theirs === "absent") && mine !== undefined && theirs !== undefined) {
    // It may have been made between two looks, so that it needs more than this where everything else is one.
    if (library.isSame) return NOTHING;
    const [has, lacks] = mine === "absent" ? [other, one] : [one, other];
    return {
      isSame: false,
      apart: [...library.apart, `${has} has the probe project, ${lacks} does not know it`],
    };
  }
  const probe = compared("the probe project", one, mine, other, theirs);
  return { isSame: library.isSame || probe.isSame, apart: [...library.apart, ...probe.apart] };
}

type Project = ProjectSeen | "absent" | undefined;

function compared(what: string, one: string, left: Project, other: string, right: Project): Told {
  if (left === undefined || right === undefined || left === "absent" || right === "absent") return NOTHING;
  if (left.id === right.id && instantOf(left) === instantOf(right)) return { isSame: true, apart: [] };
  const text = (node: string, { id, createdAt }: ProjectSeen): string =>
    `${what} of ${node} has number ${id} and was created at ${createdAt}`;
  return { isSame: false, apart: [text(one, left), text(other, right)] };
}

/** To the millisecond, since versions write times with more or fewer digits. */
function instantOf({ createdAt }: ProjectSeen): number | string {
  const instant = Date.parse(createdAt);
  return Number.isNaN(instant) ? createdAt : instant;
}

/** What one node took into its database, seen or not seen in that of the other. */
function contentTells(
  { evidence }: Seen,
  one: string,
  other: string,
): { isShared: boolean; apart: string[] } {
  const rounds = evidence.content.filter(({ push }) => isSuccess(push));
  const seen = rounds.flatMap((round) => crossings(round, one, other));
  const isShared = seen.some(({ is }) => is === "known");
  return { isShared, apart: unique(seen.flatMap(({ is, text }) => (is === "unknown" ? [text] : []))) };
}

interface Crossing {
  readonly is: "known" | "unknown";
  readonly text: string;
}

function crossings(round: ContentRound, one: string, other: string): Crossing[] {
  const { pushedBy, repository, checks } = round;
  if (pushedBy !== one && pushedBy !== other) return [];
  const reader = pushedBy === one ? other : one;
  const isListedAtHome = checks.some(
    (check) => check.node === pushedBy && isListing(check) && isRight(check),
  );
  return checks
    .filter((check) => check.node === reader)
    .flatMap((check): Crossing[] => {
      if (isListing(check) && isRight(check)) return [{ is: "known", text: "" }];
      // Where the pusher itself does not list it either, listings say nothing.
      if (isRight(check) || check.wrong === undefined || !isListedAtHome) return [];
      const lacks =
        isUnknownToDatabase(check.wrong) || (isListing(check) && check.wrong.how === "not-listed");
      const text = `${repository}, pushed to ${pushedBy}, is not known to ${reader}: ${wrongText(check.wrong)}`;
      return lacks ? [{ is: "unknown", text }] : [];
    });
}

/** Harbor's own listing comes out of the database; the registry's storage has no part in it. */
function isListing({ subject }: ContentCheck): boolean {
  return subject === "artifact-list";
}

function isRight({ rightAfterMs }: ContentCheck): boolean {
  return rightAfterMs !== undefined;
}
