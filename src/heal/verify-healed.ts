import type { Source } from "../bytes/blob-bytes.ts";
import { compareBytes, type BytesComparison, type InStepTag } from "../bytes/compare-bytes.ts";
import type { Remedy } from "../failback/remedies.ts";
import { groupBy } from "../group-by.ts";
import type { RegistryName } from "../topology/model.ts";
import type { FlowContext } from "./context.ts";
import type { RemedyOutcome } from "./outcome.ts";

/** What was read of the images that were just healed along one flow. */
export interface VerifiedFlow extends BytesComparison {
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly tags: number;
  /** Images that are there and that Harbor hands out to nobody now, as sentences: nothing lacks, and nothing can be verified. */
  readonly guarded: readonly string[];
}

/** After a first contact there are too many to read each; then as many are read, evenly spread. */
const MOST_TAGS = 500;

/**
 * Reads the bytes of what remedies brought over, on both of their sides: that a tag stands there says nothing of its layers. Gives findings of
 * the kind `unservable` for what is not served; what was deleted is not looked for.
 */
export async function verifyHealed(
  flow: (from: RegistryName, to: RegistryName) => FlowContext | undefined,
  outcomes: readonly RemedyOutcome[],
  signal: AbortSignal,
): Promise<VerifiedFlow[]> {
  const verified: VerifiedFlow[] = [];
  const healed = outcomes.filter(({ result, remedy }) => result === "arrived" && remedy.kind !== "delete");
  for (const ofFlow of groupBy(healed, ({ remedy }) => `${remedy.from} ${remedy.to}`).values()) {
    const [first] = ofFlow;
    const context = first === undefined ? undefined : flow(first.remedy.from, first.remedy.to);
    if (context === undefined) continue;
    const tags = spread(ofFlow.flatMap(({ remedy }) => tagsOf(remedy)));
    const compared = await compareBytes(sidesOf(context), tags, {}, signal);
    const { from, to } = context.flow;
    const guarded = compared.unread.filter(isGuarded).map(guardedText);
    const unread = compared.unread.filter((one) => !isGuarded(one));
    verified.push({ ...compared, unread, guarded, from, to, tags: tags.length });
  }
  return verified;
}

type Unread = BytesComparison["unread"][number];

/** A project's deployment security refuses to serve what is unsigned, too vulnerable or not scanned yet, which what was just copied mostly is. */
function isGuarded({ error }: Unread): boolean {
  return error.code === "HARBOR_PRECONDITION";
}

function guardedText({ registry, subject, error }: Unread): string {
  return `what was copied to ${subject} could not be read back whole from ${registry}: ${error.message}`;
}

function sidesOf({
  flow,
  source,
  target,
  distribution,
  clock,
}: FlowContext): Parameters<typeof compareBytes>[0] {
  const left: Source = { distribution: distribution.source, clock };
  const right: Source = { distribution: distribution.target, clock };
  return {
    names: { left: flow.from, right: flow.to },
    ports: { left: source, right: target },
    sources: { left, right },
  };
}

function tagsOf(remedy: Remedy): InStepTag[] {
  if (!("repository" in remedy)) return [...remedy.tags];
  return remedy.tags.map(({ tag, digest }) => ({ repository: remedy.repository, tag, digest }));
}

function spread(tags: readonly InStepTag[]): readonly InStepTag[] {
  const step = Math.ceil(tags.length / MOST_TAGS);
  return tags.filter((_, at) => at % step === 0);
}
