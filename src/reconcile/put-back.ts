import { toAppError } from "../errors.ts";
import type { DisplacedOutcome } from "../failback/displaced.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { RemedyOutcome } from "../heal/outcome.ts";
import type { Finding } from "../parity/model.ts";
import { isOfEqual } from "../parity/of-equal.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import type { RegistryName } from "../topology/model.ts";
import type { ContentReport } from "./report.ts";

/** Where an image was displaced, and what became of it. */
export interface PutBack {
  readonly displaced: DisplacedOutcome;
  readonly isBack: boolean;
}

interface PuttingBack {
  readonly portOf: (name: RegistryName) => HarborPort;
  readonly distributionOf: (name: RegistryName) => RegistryV2Port;
  readonly beforeWrite: () => Promise<void>;
  readonly tell: (sentence: string) => void;
}

/**
 * Puts displaced images back under their tags, where both sides were seen to hold what we put over them: from then on the displaced one is the later push,
 * and goes its usual way. Others stay under their rescue tags.
 */
export async function putBack(
  context: PuttingBack,
  outcomes: readonly RemedyOutcome[],
  content: ContentReport,
  signal: AbortSignal,
): Promise<PutBack[]> {
  const done: PutBack[] = [];
  for (const { remedy, displaced = [] } of outcomes) {
    for (const one of displaced) {
      const ours = remedy.tags.find(({ tag }) => tag === one.tag)?.digest;
      const isBack =
        one.wasTagged &&
        ours !== undefined &&
        isSettled(content, one) &&
        (await putOne(context, one, ours, signal));
      done.push({ displaced: one, isBack });
    }
  }
  return done;
}

function isSettled({ pairs }: ContentReport, { repository, tag, registry }: DisplacedOutcome): boolean {
  const about = pairs.filter(({ left, right }) => left === registry || right === registry);
  return about.every(
    ({ findings, unread }) =>
      unread.length === 0 &&
      !findings.some((one) => one.repository === repository && one.tag === tag && !isOfEqual(one)),
  );
}

async function putOne(
  { portOf, distributionOf, beforeWrite, tell }: PuttingBack,
  { registry, repository, tag = "", digest }: DisplacedOutcome,
  ours: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const distribution = distributionOf(registry);
    const manifest = await distribution.manifest(repository, digest, signal);
    if (manifest === undefined) return false;
    await beforeWrite();
    if ((await portOf(registry).tagDigest(repository, tag, signal)) !== ours) return false;
    await distribution.putManifest(repository, tag, manifest, signal);
    tell(`${registry} ${repository}:${tag} was put back to the push that our copy had displaced`);
    return true;
  } catch (thrown) {
    signal.throwIfAborted();
    tell(`${registry} ${repository}:${tag} could not be put back: ${toAppError(thrown).message}`);
    return false;
  }
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
