import { groupBy } from "../group-by.ts";
import type { Accessory } from "../observed/model.ts";
import type { Finding, Side } from "../parity/model.ts";
import { AttachedRows } from "./attached-rows.ts";
import { compareAccessories, type AccessoryContext, type Subject } from "./compare-accessories.ts";

/**
 * Accessories of a project that are asked for accessories of their own, newest first. No listing of any Harbor has these, so each costs a
 * request on both sides; a signature on an SBOM mostly comes right after it, and a copy brings along whatever hangs on its subject.
 */
const LOOKED_INTO = 50;

interface Candidate {
  readonly subject: Subject;
  readonly accessory: Accessory;
}

/** The newest SBOMs and the like that both sides of a project have. */
export class NestedCandidates {
  #newest: Candidate[] = [];

  add(rows: Readonly<Record<Side, AttachedRows>>, subject: Subject): void {
    const { digest } = subject;
    const there = new Set(rows.right.of(digest).map((accessory) => accessory.digest));
    for (const accessory of rows.left.of(digest)) {
      // Nobody signs a signature.
      if (!there.has(accessory.digest) || accessory.type.startsWith("signature.")) continue;
      this.#newest.push({ subject, accessory });
    }
    if (this.#newest.length > 2 * LOOKED_INTO) this.#newest = this.newest();
  }

  newest(): Candidate[] {
    return this.#newest
      .toSorted((a, b) => b.accessory.attachedAt - a.accessory.attachedAt)
      .slice(0, LOOKED_INTO);
  }
}

/** Compares what hangs on accessories that both sides have. */
export async function compareNested(
  context: AccessoryContext,
  candidates: NestedCandidates,
  signal: AbortSignal,
): Promise<Finding[]> {
  const found = await Promise.all(candidates.newest().map((one) => compareBelow(context, one, signal)));
  const ofOneCopy = groupBy(found.flat(), ({ kind, repository, tag, from, to, replaces }) =>
    JSON.stringify([kind, repository, tag, from, to, replaces]),
  );
  return [...ofOneCopy.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [merged(first, others)],
  );
}

/** Several accessories of one image travel by one copy of it. */
function merged(first: Finding, others: readonly Finding[]): Finding {
  const accessories = [first, ...others].flatMap((one) => one.accessories ?? []);
  return accessories.length === 0 ? first : { ...first, accessories };
}

async function compareBelow(
  context: AccessoryContext,
  { subject: of, accessory }: Candidate,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { repository, tag, digest } = of;
  const below = { left: new AttachedRows(), right: new AttachedRows() };
  const read = async (side: Side): Promise<boolean> => {
    const found = await context.ports[side].artifact(repository, accessory.digest, signal);
    if (found !== undefined) below[side].attach(found.digest, found.accessories);
    return found !== undefined;
  };
  try {
    // Gone meanwhile: the next reading tells.
    if (!(await Promise.all([read("left"), read("right")])).every(Boolean)) return [];
  } catch {
    signal.throwIfAborted();
    return [unread(of)];
  }
  const subject = { repository, tag, digest: accessory.digest };
  const found = await compareAccessories(context, below, () => false, [subject], signal);
  // It travels with the tag, whose digest both sides have.
  return found.map(({ replaces, ...finding }) => ({
    ...finding,
    left: digest,
    right: digest,
    ...(replaces === undefined ? {} : { replaces: digest }),
  }));
}

function unread({ repository, tag, digest }: Subject): Finding {
  const reason = "what is attached to its accessories could not be read";
  return { kind: "unread", repository, tag, left: digest, right: digest, reason, notice: false };
}
