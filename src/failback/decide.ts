import type { Instant } from "../clock.ts";
import { groupBy } from "../group-by.ts";
import { otherSide, type Digest, type Finding, type Side } from "../parity/model.ts";
import type { HealSettings, RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { Decision } from "./decision.ts";

/** What decides where evidence alone does not: what is declared, and what a person said of this very tag. */
export interface Deciding {
  readonly topology: Pick<ReplicatedTopology, "kind" | "heal">;
  readonly names: Readonly<Record<Side, RegistryName>>;
  readonly decisions: readonly Decision[];
}

/**
 * Turns findings that need a decision into what is to be done about them, where one was made: by a person, or by what is declared. Pure; a finding
 * that nothing decides stays as it is. A person goes before what is declared, and a frozen finding listens to persons only.
 */
export function decide(deciding: Deciding, findings: readonly Finding[]): Finding[] {
  const byTag = new Map(deciding.decisions.map((decision) => [keyOf(decision), decision]));
  return findings.map((finding) => {
    const decision = byTag.get(keyOf(finding));
    const personal =
      decision === undefined || !isDecidable(finding) ? undefined : byPerson(deciding, finding, decision);
    if (personal !== undefined) return { ...personal, decided: true };
    return finding.frozen === true ? finding : asDeclared(deciding, finding);
  });
}

/** Of these nothing is known yet, or they are not about what the tag stands for. */
const UNDECIDABLE: ReadonlySet<Finding["kind"]> = new Set([
  "in-flight",
  "unread",
  "rewound",
  "overlap",
  "displaced",
  "accessory",
]);

/**
 * Decisions about tags that were read after they were made, and do not stand any longer as they did then. They are to be forgotten: a tag that is
 * pushed again later may look the same, and was not what they were about.
 */
export function spentDecisions(
  decisions: readonly Decision[],
  { findings, unread, readAt }: Looked,
): Decision[] {
  if (unread.length > 0) return [];
  const byTag = groupBy(findings, keyOf);
  return decisions.filter((decision) => {
    const about = byTag.get(keyOf(decision)) ?? [];
    const stands = about.some(
      (finding) => PENDING.has(finding.kind) || (isDecidable(finding) && fits(decision, finding)),
    );
    return decision.at < readAt && !stands;
  });
}

/** A reading of a whole pair; `readAt` is when it began. */
interface Looked {
  readonly findings: readonly Finding[];
  readonly unread: readonly unknown[];
  readonly readAt: Instant;
}

/** What was decided holds until these are over. */
const PENDING: ReadonlySet<Finding["kind"]> = new Set(["in-flight", "unread", "rewound"]);

function isDecidable({ kind }: Finding): boolean {
  return !UNDECIDABLE.has(kind);
}

function fits({ leftDigest, rightDigest }: Decision, { left, right }: Finding): boolean {
  return leftDigest === left && rightDigest === right;
}

function keyOf({ repository, tag }: { readonly repository: string; readonly tag: string }): string {
  return `${repository}:${tag}`;
}

/** Undefined where a side moved since: then it was decided about something else. */
function byPerson(deciding: Deciding, finding: Finding, decision: Decision): Finding | undefined {
  if (!fits(decision, finding)) return undefined;
  const { choice } = decision;
  if (choice === "accept-deletion") return acceptingDeletion(deciding, finding);
  if (finding.left === finding.right) return accepted(finding, "a person accepted what stands there");
  if (choice === "keep-both") return accepted(finding, "a person accepted that they differ");
  // Nothing is ever copied from a slave to its master.
  if (choice === "keep-right" && isMasterSlave(deciding) && finding.right !== undefined) {
    return accepted(finding, "a person accepted what the slave has");
  }
  return keeping(deciding, finding, choice === "keep-left" ? "left" : "right", "a person decided to keep it");
}

function acceptingDeletion(deciding: Deciding, finding: Finding): Finding | undefined {
  return isMasterSlave(deciding) && finding.left !== undefined && finding.right === undefined
    ? accepted(finding, "a person accepted that the slave lacks it")
    : deleting(deciding, finding, "a person accepted the deletion");
}

function isMasterSlave({ topology }: Deciding): boolean {
  return topology.kind === "master-slave";
}

function accepted(finding: Finding, reason: string): Finding {
  return { ...withoutCopy(finding), notice: true, reason };
}

function asDeclared(deciding: Deciding, finding: Finding): Finding {
  const { conflicts, deletions, regressions } = deciding.topology.heal;
  switch (finding.kind) {
    case "conflict":
      return byChoice(deciding, finding, conflicts);
    case "deleted":
      // What was deleted on a slave is never taken over to its master.
      if (deletions !== "replay" || (isMasterSlave(deciding) && finding.left !== undefined)) return finding;
      return finding.replay === undefined
        ? { ...finding, reason: `${finding.reason}; not replayed, since ${whyUnproven(finding)}` }
        : (deleting(deciding, finding, "a person deleted it there, and that is replayed") ?? finding);
    case "regressed":
      return regressions === "repair" && finding.byReplication === true && finding.lost !== undefined
        ? { ...finding, remedy: "restore", from: deciding.names.left, to: deciding.names.right }
        : finding;
    default:
      return finding;
  }
}

/** A deletion is taken over on base and log together. */
function whyUnproven({ base, left, right }: Finding): string {
  return base !== undefined && base === (left ?? right)
    ? "no log shows that a person did it after the last push"
    : "both sides were never seen to have it";
}

function byChoice(deciding: Deciding, finding: Finding, choice: HealSettings["conflicts"]): Finding {
  if (choice === "report") return finding;
  const winner = choice === "newest" ? newestSide(finding) : sideOf(deciding, choice.prefer);
  if (winner === undefined) {
    return choice === "newest"
      ? { ...finding, reason: `${finding.reason}; which is newest can't be told from the audit logs` }
      : finding;
  }
  if (isMasterSlave(deciding) && winner === "right") {
    const which = choice === "newest" ? "newer" : "preferred";
    return { ...finding, reason: `${finding.reason}; the slave's is ${which}, and a slave never wins` };
  }
  const why = choice === "newest" ? "a person wrote it last" : `${choice.prefer} is preferred`;
  return keeping(deciding, finding, winner, why) ?? finding;
}

/** Two clocks agree no better than this, as we measure them. */
const CLOCK_DOUBT_MS = 2_000;

/** The side that a person wrote last, where the logs of both sides name a person and their clocks leave no doubt. */
function newestSide({ wrote }: Finding): Side | undefined {
  const { left, right } = wrote ?? {};
  if (left === undefined || right === undefined || Math.abs(left - right) <= CLOCK_DOUBT_MS) return undefined;
  return left > right ? "left" : "right";
}

function sideOf({ names }: Deciding, registry: RegistryName): Side | undefined {
  return (["left", "right"] as const).find((side) => names[side] === registry);
}

/** Copies what one side has over what the other has, which is kept under a rescue tag first. Undefined where that side has nothing. */
function keeping({ names }: Deciding, finding: Finding, winner: Side, why: string): Finding | undefined {
  const loser = otherSide(winner);
  if (finding[winner] === undefined) return undefined;
  const replaces = finding[loser];
  return {
    ...withoutCopy(finding),
    reason: `${finding.reason}; ${why}`,
    notice: false,
    from: names[winner],
    to: names[loser],
    ...(replaces === undefined || replaces === finding[winner] ? {} : { replaces, rescues: true }),
  };
}

/** Removes the tag where it still stands, with exactly the digest that was seen there. */
function deleting({ names }: Deciding, finding: Finding, why: string): Finding | undefined {
  const holder = (["left", "right"] as const).find((side) => finding[side] !== undefined);
  const digest: Digest | undefined = holder === undefined ? undefined : finding[holder];
  if (holder === undefined || digest === undefined || finding[otherSide(holder)] !== undefined)
    return undefined;
  return {
    ...withoutCopy(finding),
    reason: why,
    notice: false,
    remedy: "delete",
    replay: digest,
    from: names[otherSide(holder)],
    to: names[holder],
  };
}

function withoutCopy(finding: Finding): Finding {
  const { from, to, replaces, rescues, remedy, ...rest } = finding;
  return rest;
}
