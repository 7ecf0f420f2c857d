import type { ImmutableRule, RetentionPolicy } from "../observed/model.ts";
import type { RegistryName } from "../topology/model.ts";
import { matchesPattern, retentionFates } from "./retention-fate.ts";

/** What was read of one project of a target before anything is copied into it. What could not be read is missing, and withholds nothing. */
export interface TargetFacts {
  readonly registry: RegistryName;
  readonly project: string;
  /** `unknown` where nobody could tell. */
  readonly exists: "yes" | "no" | "unknown";
  /** Whether our endpoint may create it where it lacks. */
  readonly creatable: "yes" | "no" | "unknown";
  readonly proxyCache: boolean;
  readonly readOnly: boolean;
  /** Missing where there is no limit. */
  readonly quota?: { readonly limitBytes: number; readonly usedBytes: number };
  readonly immutableRules: readonly ImmutableRule[];
  readonly retention?: RetentionPolicy;
}

/** One tag that is to be copied into that project. */
export interface PlannedTag {
  /** Inside the project. */
  readonly path: string;
  readonly tag: string;
  /** The target has the tag, with another digest. */
  readonly moved: boolean;
  /** What it adds to the target, where that is known; 0 where the target has the artifact already. */
  readonly bytes?: number;
}

export interface Checked<T> {
  readonly withheld: ReadonlyMap<T, string>;
  /** Whole sentences. */
  readonly warnings: readonly string[];
}

/** Which of these tags the target can't take, and by which rule of it. `planned` is oldest first, as they are copied. */
export function checkTarget<T extends PlannedTag>(facts: TargetFacts, planned: readonly T[]): Checked<T> {
  const ofProject = projectRule(facts);
  if (ofProject !== undefined) {
    return { withheld: new Map(planned.map((one) => [one, ofProject])), warnings: [] };
  }
  const withheld = new Map<T, string>();
  for (const one of planned) {
    const why = immutableRule(facts, one) ?? quotaRule(facts, one);
    if (why !== undefined) withheld.set(one, why);
  }
  const copied = planned.filter((one) => !withheld.has(one));
  return { withheld, warnings: [...sumWarning(facts, copied), ...retentionWarnings(facts, copied)] };
}

/** What keeps everything out of a project. */
function projectRule(facts: TargetFacts): string | undefined {
  const { registry, project } = facts;
  if (facts.readOnly) return `${registry} is in read-only mode`;
  if (facts.proxyCache) return `project ${project} on ${registry} is a proxy cache, which takes no copies`;
  if (facts.exists === "no" && facts.creatable === "no") {
    return `${registry} has no project ${project}, and the account of the endpoint may not create one`;
  }
  return undefined;
}

/**
 * A tag that exists is never moved under an enabled rule that covers it; one that lacks may be created (goharbor/harbor
 * src/pkg/immutable/match/rule/match.go, src/server/middleware/immutable/pushmf.go).
 */
function immutableRule(
  { registry, project, immutableRules }: TargetFacts,
  one: PlannedTag,
): string | undefined {
  if (!one.moved) return undefined;
  const rule = immutableRules.find((candidate) => covers(candidate, one));
  if (rule === undefined) return undefined;
  const shown = `tags ${quoted(rule.tagPattern, rule.tagExcludes)} in ${quoted(rule.repositoryPattern, rule.repositoryExcludes)}`;
  return `an immutable tag rule of project ${project} on ${registry} (${shown}) forbids to move this tag`;
}

function covers(rule: ImmutableRule, { path, tag }: PlannedTag): boolean {
  if (rule.disabled) return false;
  const inRepository = matchesPattern(rule.repositoryPattern, path) !== rule.repositoryExcludes;
  return inRepository && matchesPattern(rule.tagPattern, tag) !== rule.tagExcludes;
}

function quoted(pattern: string, excludes: boolean): string {
  return excludes ? `all but "${pattern}"` : `"${pattern}"`;
}

function quotaRule({ registry, project, quota }: TargetFacts, one: PlannedTag): string | undefined {
  if (quota === undefined || one.bytes === 0) return undefined;
  const room = quota.limitBytes - quota.usedBytes;
  const named = `the quota of project ${project} on ${registry}`;
  if (room <= 0) return `${named} is used up (${sizeText(quota.limitBytes)})`;
  if (one.bytes === undefined || one.bytes <= room) return undefined;
  return `${named} has room for ${sizeText(room)}, and this takes ${sizeText(one.bytes)}`;
}

/** Layers that several of them share are counted once by Harbor, so the sum proves nothing; but it is worth a look. */
function sumWarning({ registry, project, quota }: TargetFacts, copied: readonly PlannedTag[]): string[] {
  if (quota === undefined) return [];
  const sum = copied.reduce((bytes, one) => bytes + (one.bytes ?? 0), 0);
  const room = quota.limitBytes - quota.usedBytes;
  if (sum <= room) return [];
  return [
    `what is to be copied into project ${project} on ${registry} takes up to ${sizeText(sum)}, and its quota has room for ${sizeText(room)}; raise it if copies fail`,
  ];
}

function retentionWarnings(
  { registry, project, retention }: TargetFacts,
  copied: readonly PlannedTag[],
): string[] {
  const fates = retentionFates(retention, copied);
  const [first] = fates;
  if (first === undefined) return [];
  const [{ path, tag }, why] = first;
  const what = fates.size === 1 ? "1 tag" : `${fates.size} tags`;
  return [
    `tag retention of project ${project} on ${registry} may remove ${what} again that are copied now, ${path}:${tag} among them: ${why}`,
  ];
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** As Harbor writes sizes. */
function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power] ?? "B"}`;
}
