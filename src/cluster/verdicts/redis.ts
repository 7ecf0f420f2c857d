import { isSuccess, said } from "../answers.ts";
import { SAME, unknown, type Relation, type Seen } from "../decision.ts";
import type { SessionCrossing } from "../evidence.ts";
import { notShared } from "../in-words.ts";
import type { PairFault } from "../judge-pairs.ts";
import { whyMissing } from "../missing.ts";

/**
 * Nodes over different Redis servers, or different numbers in one: a person who logged in at one node is a stranger at the other. Where sessions
 * can't be tried, a job that ran elsewhere than it was started proves one queue; that none did proves nothing.
 */
export const redis: PairFault = {
  name: "redis",
  relate,
  sentence: (at, all) =>
    `${notShared(at, all, "Redis")}: sessions and jobs of one are not known to the other`,
};

function relate(seen: Seen, one: string, other: string): Relation {
  const { sessions } = seen.evidence;
  const crossed = sessions.filter(
    ({ from, to }) => (from === one && to === other) || (from === other && to === one),
  );
  const tried = crossed.filter(({ from }) => worksAtHome(sessions, from));
  const known = tried.filter((crossing) => isSuccess(crossing.answer) && isSamePerson(sessions, crossing));
  if (known.length > 0) return SAME;
  const split = betweenDatabases(seen, one, other);
  const lost = tried.filter(({ answer }) => answer.status === 401);
  // Somebody of one database need not be in the other; the administrator is in both.
  if (lost.length > 0 && (!split || seen.evidence.account.admin)) {
    const bothWays = [one, other].every((node) => lost.some(({ from }) => from === node));
    const alone = split ? [] : ranAlone(seen, one, other).texts;
    return {
      is: "apart",
      confidence: bothWays ? "certain" : "likely",
      evidence: [...lost.map(lostText), ...alone],
    };
  }
  if (split) return unknown(whyMissing(seen, "session", [one, other]));
  const jobs = ranAlone(seen, one, other);
  if (jobs.crossed) return SAME;
  const [strange] = tried.filter(({ answer }) => !isSuccess(answer));
  const why = strange === undefined ? whyMissing(seen, "session", [one, other]) : lostText(strange);
  return unknown([why, ...jobs.texts].join("; "));
}

function worksAtHome(sessions: readonly SessionCrossing[], node: string): boolean {
  return sessions.some(({ from, to, answer }) => from === node && to === node && isSuccess(answer));
}

function isSamePerson(sessions: readonly SessionCrossing[], { from, username }: SessionCrossing): boolean {
  const home = sessions.find((own) => own.from === from && own.to === from)?.username;
  return home === undefined || username === undefined || home === username;
}

function betweenDatabases(seen: Seen, one: string, other: string): boolean {
  const decision = seen.decided.get("database");
  return decision?.outcome === "found" && decision.between(one, other);
}

/** Whether jobs crossed between the two; if none did, what that is worth. */
function ranAlone(
  { evidence }: Seen,
  one: string,
  other: string,
): { readonly crossed: boolean; readonly texts: readonly string[] } {
  const ran = evidence.executions.filter(
    ({ startedBy, ranOn }) =>
      [one, other].includes(startedBy) && ranOn !== undefined && [one, other].includes(ranOn),
  );
  const crossed = ran.some(({ startedBy, ranOn }) => startedBy !== ranOn);
  const fromBoth = [one, other].every((node) => ran.some(({ startedBy }) => startedBy === node));
  if (crossed || !fromBoth) return { crossed, texts: [] };
  const odds = `by chance alone that happens once in ${2 ** Math.min(ran.length, 30)} times, if chances are even`;
  return {
    crossed,
    texts: [`all ${ran.length} executions of ${one} and ${other} ran where they were started; ${odds}`],
  };
}

function lostText({ from, to, answer }: SessionCrossing): string {
  return `a session begun at ${from} and used at ${to}: ${said(answer)}`;
}
