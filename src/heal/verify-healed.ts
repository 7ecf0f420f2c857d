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
    verified.push({ ...compared, from: context.flow.from, to: context.flow.to, tags: tags.length });
  }
  return verified;
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
