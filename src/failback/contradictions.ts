import { groupBy } from "../group-by.ts";
import type { ErrorCode } from "../errors.ts";
import type { Digest, Finding } from "../parity/model.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import { digestAhead } from "./remedies.ts";

/** What was found between two registries. */
export interface FoundBetween {
  readonly left: RegistryName;
  readonly right: RegistryName;
  readonly findings: readonly Finding[];
  readonly unread: readonly Hidden[];
}

/** What could not be read of a registry: a repository, `project/**`, or `**` for everything. */
interface Hidden {
  readonly registry: RegistryName;
  readonly subject: string;
  readonly error: { readonly code: ErrorCode };
}

interface Placed {
  readonly left: RegistryName;
  readonly right: RegistryName;
  readonly finding: Finding;
}

/**
 * Splits off the copies that another pair contradicts. Between more than two masters a copy does not end where it arrives: the target's
 * own events carry it on to all others, over whatever stands there, since an event does not say that it came by replication
 * (goharbor/harbor src/controller/event/handler/replication/replication.go:64-184). So such a tag is healed only while no pair says otherwise, and nothing
 * is hidden from us of what it would go over. A copy of what is itself to be replaced is in neither part: it is settled by what replaces it.
 */
export function splitContradicted(
  { kind, registries }: Pick<ReplicatedTopology, "kind" | "registries">,
  pairs: readonly FoundBetween[],
): { readonly agreed: readonly Finding[]; readonly contradicted: readonly Finding[] } {
  const placed = pairs.flatMap(({ left, right, findings }) =>
    findings.map((finding): Placed => ({ left, right, finding })),
  );
  if (kind !== "dual-master" || registries.length < 3) {
    return { agreed: placed.map(({ finding }) => finding), contradicted: [] };
  }
  const agreed: Finding[] = [];
  const contradicted: Finding[] = [];
  const hidden = pairs.flatMap(({ unread }) => unread).filter(isAtWork);
  const tags = groupBy(placed, ({ finding: { repository, tag } }) => `${repository}:${tag}`);
  for (const ofTag of tags.values()) {
    const moving = ofTag.map(({ finding }) => finding).filter(({ from }) => from !== undefined);
    const standing = moving.filter(({ from }) => !moving.some((other) => takesAway(other, from)));
    const isUnanimous = isAgreed(ofTag, standing) && !isHidden(hidden, standing);
    for (const { finding } of ofTag) {
      if (finding.from === undefined) agreed.push(finding);
      else if (!isUnanimous) contradicted.push(finding);
      else if (standing.includes(finding)) agreed.push(finding);
    }
  }
  return { agreed, contradicted };
}

/** Whether something else will stand there afterwards. What is to be deleted there, and is to be copied from there, is another matter. */
function takesAway({ to, replaces, remedy }: Finding, registry: RegistryName | undefined): boolean {
  return to === registry && replaces !== undefined && remedy === undefined;
}

/** A registry that is away gets no copies either; one that answers others, and only us not, or not about this, gets them. */
function isAtWork({ subject, error }: Hidden): boolean {
  return subject !== "**" || error.code === "HARBOR_UNAUTHORIZED" || error.code === "HARBOR_FORBIDDEN";
}

/** Whether some other registry may hold something else there, without our knowing. */
function isHidden(hidden: readonly Hidden[], standing: readonly Finding[]): boolean {
  return standing.some(({ repository, from, to }) =>
    hidden.some(
      ({ registry, subject }) => registry !== from && registry !== to && covers(subject, repository),
    ),
  );
}

function covers(subject: string, repository: string): boolean {
  return subject === "**" || subject === repository || subject === `${repository.split("/", 1)[0] ?? ""}/**`;
}

function isAgreed(ofTag: readonly Placed[], standing: readonly Finding[]): boolean {
  const [outcome, ...others] = new Set(standing.map(outcomeOf));
  if (standing.length === 0 || others.length > 0) return false;
  const settled = new Set(standing.flatMap(({ from, to }) => [from, to]));
  return ofTag.every(({ left, right, finding }) => {
    if (finding.from !== undefined) return true;
    const isSettled = (registry: RegistryName, digest: Digest | undefined): boolean =>
      settled.has(registry) || (digest ?? NOTHING) === outcome;
    return mayBeSettled(finding) && isSettled(left, finding.left) && isSettled(right, finding.right);
  });
}

/** Both sides differ, and nobody said that they may. Of everything else more must be known first. */
function mayBeSettled({ kind, frozen, decided }: Finding): boolean {
  return (kind === "conflict" || kind === "deleted") && frozen !== true && decided !== true;
}

const NOTHING = "nothing";

/** What the tag is to be afterwards. */
function outcomeOf(finding: Finding): string | undefined {
  if (finding.remedy === "delete") return NOTHING;
  return finding.remedy === "restore" ? finding.lost : digestAhead(finding);
}
