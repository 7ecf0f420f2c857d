import type { TagJudgement } from "../parity/compare-repository.ts";
import type { Digest, Finding, Side } from "../parity/model.ts";
import { AttachedRows } from "./attached-rows.ts";
import { compareAccessories, type AccessoryContext, type Subject } from "./compare-accessories.ts";
import type { NestedCandidates } from "./compare-nested.ts";
import type { ProjectReading } from "./read-project.ts";

type Readings = Readonly<Record<Side, ProjectReading>>;

/** Compares what is attached to the artifacts of one repository that are in step; `nested` gathers what may have accessories of its own. */
export async function compareAttached(
  context: AccessoryContext,
  readings: Readings,
  repository: string,
  { judged, nested }: { readonly judged: readonly TagJudgement[]; readonly nested: NestedCandidates },
  signal: AbortSignal,
): Promise<Finding[]> {
  const rows = { left: attachedIn(readings.left), right: attachedIn(readings.right) };
  if (rows.left.isEmpty(repository) && rows.right.isEmpty(repository)) return [];
  const subjects = subjectsOf(repository, judged);
  const tagged = { left: digestsIn(readings.left, repository), right: digestsIn(readings.right, repository) };
  const isTagged = (side: Side, digest: Digest): boolean => tagged[side]().has(digest);
  const found = await compareAccessories(context, rows, isTagged, subjects, signal);
  // A copy brings all that hangs on its subject, however deep; so only what is equal so far is looked into.
  const differing = new Set(found.map(({ left }) => left));
  for (const subject of subjects) if (!differing.has(subject.digest)) nested.add(rows, subject);
  return found;
}

const NOTHING = new AttachedRows({ linksSubjects: true });

function attachedIn(reading: ProjectReading): AttachedRows {
  return reading.kind === "read" ? reading.attached : NOTHING;
}

/** Each artifact once, under the first of its tags. */
function subjectsOf(repository: string, judged: readonly TagJudgement[]): Subject[] {
  const subjects = new Map<Digest, Subject>();
  for (const { tag, verdict } of judged) {
    if (verdict.kind !== "in-step") continue;
    const known = subjects.get(verdict.digest);
    if (known === undefined || tag < known.tag) {
      subjects.set(verdict.digest, { repository, tag, digest: verdict.digest });
    }
  }
  return [...subjects.values()];
}

/** Gathered only where something differs. */
function digestsIn(reading: ProjectReading, repository: string): () => ReadonlySet<Digest> {
  let digests: Set<Digest> | undefined;
  return () => {
    const rows = reading.kind === "read" ? [...(reading.rows.get(repository)?.values() ?? [])] : [];
    digests ??= new Set(rows.map(({ digest }) => digest));
    return digests;
  };
}
