import type { Adoption } from "../../import/adoption.ts";
import type { Difference } from "../../plan/model.ts";
import type { AdoptionResult } from "../../reconcile/adopt.ts";

/** What adopting changes, and what the next plan will, field by field. */
export function adoptionLines({ registry, kind, was, name, now, later }: Adoption): string[] {
  return [
    `  ${registry}: the ${objectText(kind)} ${was} becomes ${name}`,
    ...now.map((difference) => `    ${differenceText(difference)}`),
    ...later.map((difference) => `    then, by the next plan: ${differenceText(difference)}`),
  ];
}

/** What became of one. */
export function resultLine({ adoption: { registry, kind, was, name }, failure }: AdoptionResult): string {
  const what = `${registry}: the ${objectText(kind)} ${was}`;
  return failure === undefined ? `adopted: ${what} is ${name} now` : `failed: ${what}: ${failure.message}`;
}

/** The stable form for scripts. */
export function adoptionJson(
  adoption: Adoption,
  results: readonly AdoptionResult[],
): Record<string, unknown> {
  const { registry, kind, was, name, now, later } = adoption;
  const result = results.find((one) => one.adoption === adoption);
  const outcome = result === undefined ? "planned" : result.failure === undefined ? "adopted" : "failed";
  const why = result?.failure === undefined ? {} : { error: result.failure.message };
  return { registry, kind, was, name, now, later, outcome, ...why };
}

function objectText(kind: Adoption["kind"]): string {
  return kind === "endpoint" ? "endpoint" : "replication policy";
}

function differenceText({ field, found, wanted }: Difference): string {
  return `${field}: ${shown(found)} -> ${shown(wanted)}`;
}

function shown(text: string): string {
  if (text === "") return "(none)";
  return text.startsWith("-----BEGIN") ? `(certificate, ${text.length} characters)` : text;
}
