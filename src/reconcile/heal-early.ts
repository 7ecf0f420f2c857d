import type { Finding } from "../parity/model.ts";
import { groupBy } from "../group-by.ts";
import { healContent, type HealingContext } from "./heal-content.ts";
import { findingsOf, type ContentReport, type PassReport } from "./report.ts";

export interface EarlyHealing {
  readonly remedies: PassReport["remedies"];
  /** What the look at a part found, before anything was healed and after it. */
  readonly found: ContentReport;
  readonly left: ContentReport;
}

/** Remedies whose cost and harm depend on what they are told to bring; a whole run needs to know the whole. */
const BY_PART: ReadonlySet<string> = new Set(["auto", "scoped", "touch"]);

/**
 * Heals what evidence points at, before everything is listed: at a cost that depends on what changed, not on what there is. It is no proof; that is the
 * comparison of everything that follows, and that heals what is left.
 */
export async function healEarly(
  context: HealingContext,
  repositories: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<EarlyHealing | undefined> {
  if (!BY_PART.has(context.remedy)) return undefined;
  const found = await context.compare(signal);
  if (findingsOf(found).every(({ from }) => from === undefined)) return undefined;
  context.tell(`healing begins with the ${repositories.size} repositories that audit logs name`);
  const { remedies, content } = await healContent(context, found, signal);
  return { remedies, found, left: content };
}

/** What was found in all, before anything was healed: what is gone from the whole comparison by now was healed early. */
export function withFoundEarly(whole: ContentReport, early: EarlyHealing | undefined): ContentReport {
  return early === undefined ? whole : withFindings(whole, early.found, () => true);
}

/** What healing early displaced is told as well. */
export function withDisplacedEarly(whole: ContentReport, early: EarlyHealing | undefined): ContentReport {
  return early === undefined ? whole : withFindings(whole, early.left, ({ kind }) => kind === "displaced");
}

function withFindings(
  whole: ContentReport,
  more: ContentReport,
  isWanted: (finding: Finding) => boolean,
): ContentReport {
  const ofPairs = groupBy(more.pairs, ({ left, right }) => `${left}/${right}`);
  const pairs = whole.pairs.map((pair) => {
    const before = ofPairs.get(`${pair.left}/${pair.right}`)?.flatMap(({ findings }) => findings) ?? [];
    const known = new Set(pair.findings.map(subjectOf));
    const added = before.filter((one) => isWanted(one) && !known.has(subjectOf(one)));
    return { ...pair, findings: [...added, ...pair.findings] };
  });
  return { ...whole, pairs };
}

function subjectOf({ repository, tag }: Finding): string {
  return `${repository}:${tag}`;
}
