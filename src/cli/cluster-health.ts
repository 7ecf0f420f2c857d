import type { AppError } from "../errors.ts";
import type { KeptProbe } from "../probe/probe-json.ts";
import { pauseText } from "../reconcile/held-back.ts";
import type { Pause } from "../store/store.ts";
import type { HealthState } from "./health-verdict.ts";

export interface ClusterHealth {
  readonly name: string;
  readonly state: HealthState;
  readonly reason: string;
  /** Names of what is wrong, from the last probe or an earlier one that none has disproved since. */
  readonly faults: readonly string[];
  readonly untested: readonly string[];
  /** How late nineteen of twenty things were visible on other nodes; undefined: not measured. */
  readonly visibilityP95Ms: number | undefined;
  readonly probedAt: number | undefined;
}

export interface ClusterSeen {
  readonly name: string;
  readonly probe: (KeptProbe & { readonly at: number }) | undefined;
  /** Names of faults whose incidents are open. */
  readonly standing: readonly string[];
  /** Why it could not be probed now. */
  readonly failure: AppError | undefined;
  readonly pause: Pause | undefined;
  readonly visibleWithinMs: number;
}

/** A fault is critical; content that comes late is a warning; what could not be tested for lack of rights is only told. */
export function judgeCluster(seen: ClusterSeen): ClusterHealth {
  const { name, probe, pause, standing } = seen;
  const now = probe?.faults.map((fault) => fault.name) ?? [];
  const faults = [...new Set([...now, ...standing])];
  const [state, reason] = pause === undefined ? judged(seen, faults) : (["OK", pauseText(pause)] as const);
  return {
    name,
    state,
    reason,
    faults,
    untested: (probe?.untested ?? []).filter((one) => !faults.includes(one)),
    visibilityP95Ms: probe?.p95Ms,
    probedAt: probe?.at,
  };
}

function judged(
  { probe, failure, standing, visibleWithinMs }: ClusterSeen,
  faults: readonly string[],
): readonly [HealthState, string] {
  if (failure?.code === "HARBOR_UNREACHABLE") return ["CRITICAL", failure.message];
  if (faults.length > 0) {
    const seen = probe?.faults ?? [];
    const texts = seen.map(({ name, nodes }) =>
      nodes.length === 0 ? name : `${name} at ${nodes.join(", ")}`,
    );
    const earlier = standing
      .filter((name) => !seen.some((one) => one.name === name))
      .map((name) => `${name} (found before, not disproved since)`);
    return ["CRITICAL", `faulty: ${[...texts, ...earlier].join(", ")}`];
  }
  if (failure !== undefined) return ["UNKNOWN", `could not be probed: ${failure.message}`];
  if (probe === undefined) return ["UNKNOWN", "was never probed"];
  const late = probe.p95Ms;
  if (late !== undefined && late > visibleWithinMs) {
    return ["WARNING", `what one node took is seen on others only after ${Math.round(late)} ms (p95)`];
  }
  const visible = late === undefined ? "" : `, visible on every node after ${Math.round(late)} ms (p95)`;
  const left = probe.untested.length === 0 ? "" : `; not tested: ${probe.untested.join(", ")}`;
  return ["OK", `sound${visible} (${probe.form} form)${left}`];
}

/** `OK - ha: sound, … | faults=0 untested=7 visibility_p95=12ms;2000`. */
export function clusterHealthLine(health: ClusterHealth, visibleWithinMs: number): string {
  const { name, state, reason, faults, untested, visibilityP95Ms } = health;
  const late =
    visibilityP95Ms === undefined
      ? ""
      : ` visibility_p95=${Math.round(visibilityP95Ms)}ms;${visibleWithinMs}`;
  return `${state} - ${name}: ${reason} | faults=${faults.length} untested=${untested.length}${late}`;
}

/** The stable form for scripts. */
export function clusterHealthJson(health: ClusterHealth): Record<string, unknown> {
  const { visibilityP95Ms, probedAt, ...rest } = health;
  return {
    ...rest,
    visibilityP95Ms: visibilityP95Ms ?? null,
    probedAt: probedAt === undefined ? null : new Date(probedAt).toISOString(),
  };
}
