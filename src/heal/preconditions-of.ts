import { checkTarget, type PlannedTag } from "../failback/preconditions.ts";
import { digestAhead } from "../failback/remedies.ts";
import { groupBy } from "../group-by.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Finding } from "../parity/model.ts";
import type { RegistryName } from "../topology/model.ts";
import type { FlowContext } from "./context.ts";
import { readTarget, type TargetReading } from "./read-target.ts";

type Ends = Pick<FlowContext, "source" | "target">;

export interface PreconditionsContext {
  flow(from: RegistryName, to: RegistryName): Ends | undefined;
  /** One for each healing. */
  readonly readings: TargetReadings;
}

/** What a healing learnt of its targets, so that each project is read once. */
export class TargetReadings {
  readonly #known = new Map<string, Promise<TargetReading>>();

  of(target: HarborPort, project: string, signal: AbortSignal): Promise<TargetReading> {
    const key = `${target.registry.name} ${project}`;
    const known = this.#known.get(key) ?? readTarget(target, project, signal);
    this.#known.set(key, known);
    return known;
  }
}

export interface Preconditions {
  /** Everything but what is withheld; findings without a copy too. */
  readonly allowed: readonly Finding[];
  /** The reason names the rule of the target. */
  readonly withheld: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Whole sentences; they tell of what is withheld too, once for each reason. */
  readonly warnings: readonly string[];
}

/** Asks each target project, before anything is copied into it, whether it can take it. A target that can't be asked withholds nothing. */
export async function preconditionsOf(
  context: PreconditionsContext,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Preconditions> {
  const reasons = new Map<Finding, string>();
  const warnings = new Set<string>();
  const copies = findings.filter(
    ({ from, to, remedy }) => from !== undefined && to !== undefined && remedy === undefined,
  );
  for (const group of groupBy(copies, targetOf).values()) {
    const [first] = group;
    const flow =
      first?.from === undefined || first.to === undefined ? undefined : context.flow(first.from, first.to);
    if (first === undefined || flow === undefined) continue;
    const reading = await context.readings
      .of(flow.target, projectOf(first.repository), signal)
      .catch(() => undefined);
    signal.throwIfAborted();
    if (reading === undefined) continue;
    for (const sentence of unreadSentences(reading)) warnings.add(sentence);
    const planned = await plan(flow, reading, group, signal);
    const checked = checkTarget(reading.facts, planned);
    for (const [{ finding }, reason] of checked.withheld) reasons.set(finding, reason);
    for (const warning of checked.warnings) warnings.add(warning);
  }
  const withheld = [...reasons].map(([finding, reason]) => ({ finding, reason }));
  return {
    allowed: findings.filter((finding) => !reasons.has(finding)),
    withheld,
    warnings: [...withheldSentences(withheld), ...warnings],
  };
}

interface Planned extends PlannedTag {
  readonly finding: Finding;
}

/** Sizes are asked for where the project has a limit, for so many tags at the most. */
const SIZES_READ = 200;

async function plan(
  { source, target }: Ends,
  { facts }: TargetReading,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Planned[]> {
  const oldestFirst = findings.toSorted((a, b) => (a.pushedAt ?? 0) - (b.pushedAt ?? 0));
  return await Promise.all(
    oldestFirst.map(async (finding, i): Promise<Planned> => {
      const isLimited = facts.quota !== undefined && i < SIZES_READ;
      const bytes = isLimited ? await bytesAdded(source, target, finding, signal) : undefined;
      return {
        finding,
        path: finding.repository.slice(facts.project.length + 1),
        tag: finding.tag,
        // The subject of an accessory stands there already, and is not moved.
        moved: finding.replaces !== undefined && finding.kind !== "accessory",
        ...(bytes === undefined ? {} : { bytes }),
      };
    }),
  );
}

/** What an artifact adds to the target; undefined where that can't be told. */
async function bytesAdded(
  source: HarborPort,
  target: HarborPort,
  finding: Finding,
  signal: AbortSignal,
): Promise<number | undefined> {
  const digest = digestAhead(finding);
  if (digest === undefined || finding.kind === "accessory" || finding.kind === "unservable") return undefined;
  try {
    if ((await target.tagDigest(finding.repository, digest, signal)) !== undefined) return 0;
    return (await source.artifact(finding.repository, digest, signal))?.size;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function targetOf({ from, to, repository }: Finding): string {
  return `${from ?? ""} ${to ?? ""} ${projectOf(repository)}`;
}

function projectOf(repository: string): string {
  return repository.slice(0, repository.indexOf("/"));
}

/** One sentence a registry, whatever the number of its projects. */
function unreadSentences({ facts, unread }: TargetReading): string[] {
  return unread.map(
    ({ what, error }) =>
      `${facts.registry} does not tell our account ${what} (${error.code}), so that was not checked before healing`,
  );
}

function withheldSentences(withheld: Preconditions["withheld"]): string[] {
  return [...groupBy(withheld, ({ reason }) => reason)].map(([reason, group]) => {
    const [first] = group;
    const example = first === undefined ? "" : `${first.finding.repository}:${first.finding.tag}`;
    return group.length === 1
      ? `${example} was withheld: ${reason}`
      : `${group.length} tags were withheld, ${example} among them: ${reason}`;
  });
}
