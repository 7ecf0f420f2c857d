import { toAppError } from "../errors.ts";
import type { DisplacedOutcome } from "../failback/displaced.ts";
import type { Remedy } from "../failback/remedies.ts";
import type { FlowContext } from "../heal/context.ts";
import { putOver, type Place } from "../heal/look-before.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import type { Finding } from "../parity/model.ts";
import { isOfEqual } from "../parity/of-equal.ts";
import type { RegistryName } from "../topology/model.ts";
import type { ContentReport } from "./report.ts";

/** Where an image was displaced, and what became of it. */
export interface PutBack {
  readonly displaced: DisplacedOutcome;
  readonly isBack: boolean;
}

interface PuttingBack {
  readonly flow: (from: RegistryName, to: RegistryName) => FlowContext | undefined;
  readonly tell: (sentence: string) => void;
}

/**
 * Puts displaced images back under their tags, where both sides were seen to hold what we put over them: from then on the displaced one is the later push,
 * and goes its usual way. Others stay under their rescue tags, as does what was pushed at the very moment of putting back.
 */
export async function putBack(
  context: PuttingBack,
  outcomes: readonly RemedyOutcome[],
  content: ContentReport,
  signal: AbortSignal,
): Promise<PutBack[]> {
  const done: PutBack[] = [];
  for (const { remedy, result, displaced = [] } of outcomes) {
    const flow = context.flow(remedy.from, remedy.to);
    for (const one of displaced) {
      const ours = oursOf(remedy, one);
      // What is withheld with something displaced is a copy at work, which may go over it once more.
      const isOver = result !== "withheld";
      const mayGoBack = isOver && one.wasTagged && ours !== undefined && isSettled(content, one);
      const put =
        mayGoBack && flow !== undefined ? await putOne(context, flow, one, ours, signal) : undefined;
      done.push({ displaced: one, isBack: put !== undefined });
      done.push(...(put ?? []).map((more) => ({ displaced: more, isBack: false })));
    }
  }
  return done;
}

/** What we put over the tag that was displaced. */
function oursOf(remedy: Remedy, { repository, tag }: DisplacedOutcome): string | undefined {
  const tags =
    "repository" in remedy ? remedy.tags : remedy.tags.filter((one) => one.repository === repository);
  return tags.find((one) => one.tag === tag)?.digest;
}

function isSettled({ pairs }: ContentReport, { repository, tag, registry }: DisplacedOutcome): boolean {
  const about = pairs.filter(({ left, right }) => left === registry || right === registry);
  return about.every(
    ({ findings, unread }) =>
      unread.length === 0 &&
      !findings.some((one) => one.repository === repository && one.tag === tag && !isOfEqual(one)),
  );
}

/** What that displaced in its turn; undefined where it was not put back. */
async function putOne(
  { tell }: PuttingBack,
  flow: FlowContext,
  { registry, repository, tag = "", digest }: DisplacedOutcome,
  ours: string,
  signal: AbortSignal,
): Promise<readonly DisplacedOutcome[] | undefined> {
  const named = `${registry} ${repository}:${tag}`;
  try {
    const place = placeOf(flow, registry);
    const manifest = await place.distribution.manifest(repository, digest, signal);
    if (manifest === undefined) return undefined;
    const work = { tag, digest, replaces: ours };
    const result = await putOver(flow, { ...place, repository, work, manifest }, signal);
    if (result.kind === "refused") tell(`${named} could not be put back: ${result.reason}`);
    if (result.kind !== "put") return undefined;
    tell(`${named} was put back to the push that our copy had displaced`);
    return result.displaced;
  } catch (thrown) {
    signal.throwIfAborted();
    tell(`${named} could not be put back: ${toAppError(thrown).message}`);
    return undefined;
  }
}

function placeOf({ flow, source, target, distribution }: FlowContext, registry: RegistryName): Place {
  return registry === flow.from
    ? { port: source, distribution: distribution.source }
    : { port: target, distribution: distribution.target };
}

/** What was displaced in this pass, as findings of the last reading. */
export function withDisplaced(content: ContentReport, done: readonly PutBack[]): ContentReport {
  const pairs = content.pairs.map((pair) => {
    const here = done.filter(
      ({ displaced: { registry } }) => registry === pair.left || registry === pair.right,
    );
    return here.length === 0 ? pair : { ...pair, findings: [...pair.findings, ...here.map(toFinding)] };
  });
  return { ...content, pairs };
}

function toFinding({ displaced, isBack }: PutBack): Finding {
  const { registry, repository, tag = "**", digest, rescueTag } = displaced;
  const kept = rescueTag === undefined ? "it could not be kept" : `it is kept on ${registry} as ${rescueTag}`;
  const became = isBack ? "it was put back" : kept;
  return {
    kind: "displaced",
    repository,
    tag,
    reason: `a push of ${digest} was overtaken by our copy; ${became}`,
    notice: isBack,
  };
}
