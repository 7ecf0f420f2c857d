import type { Digest, Finding, Side } from "../parity/model.ts";
import { compareAccessories, type AccessoryContext, type Subject } from "./compare-accessories.ts";
import type { NestedCandidates } from "./compare-nested.ts";
import type { RepositoryRows } from "./repository-rows.ts";

/** A tag that is in step, and what it stands for. */
export type InStepTag = readonly [tag: string, digest: Digest];

/** Compares what is attached to the artifacts of one repository that are in step; `nested` gathers what may have accessories of its own. */
export async function compareAttached(
  context: AccessoryContext,
  rows: Readonly<Record<Side, RepositoryRows>>,
  repository: string,
  { inStep, nested }: { readonly inStep: Iterable<InStepTag>; readonly nested: NestedCandidates },
  signal: AbortSignal,
): Promise<Finding[]> {
  const attached = { left: rows.left.attached, right: rows.right.attached };
  if (attached.left.isEmpty() && attached.right.isEmpty()) return [];
  const subjects = subjectsOf(repository, inStep);
  const tagged = { left: digestsIn(rows.left), right: digestsIn(rows.right) };
  const isTagged = (side: Side, digest: Digest): boolean => tagged[side]().has(digest);
  const found = await compareAccessories(context, attached, isTagged, subjects, signal);
  // A copy brings all that hangs on its subject, however deep; so only what is equal so far is looked into.
  const differing = new Set(found.map(({ left }) => left));
  for (const subject of subjects) if (!differing.has(subject.digest)) nested.add(attached, subject);
  return found;
}

/** Each artifact once, under the first of its tags. */
function subjectsOf(repository: string, inStep: Iterable<InStepTag>): Subject[] {
  const subjects = new Map<Digest, Subject>();
  for (const [tag, digest] of inStep) {
    const known = subjects.get(digest);
    if (known === undefined || tag < known.tag) subjects.set(digest, { repository, tag, digest });
  }
  return [...subjects.values()];
}

/** Gathered only where something differs. */
function digestsIn(rows: RepositoryRows): () => ReadonlySet<Digest> {
  let digests: Set<Digest> | undefined;
  return () => (digests ??= new Set([...rows.readings.values()].map(({ digest }) => digest)));
}
