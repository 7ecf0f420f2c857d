import type { Visibility } from "../cluster/evidence.ts";
import type { ProbeReport } from "../cluster/report.ts";

/** The stable form of a probe, for scripts and for the store. What was not measured is null. */
export function probeJson(report: ProbeReport): Record<string, unknown> {
  const { topology, verdict, visibility, leftBehind, evidence, requests, startedAt, finishedAt } = report;
  return {
    name: topology,
    sound: verdict.sound,
    faults: verdict.faults,
    untested: verdict.untested,
    visibility: visibilityJson(visibility),
    leftBehind,
    notes: verdict.notes,
    form: evidence.form,
    requests,
    seconds: Math.round((finishedAt - startedAt) / 100) / 10,
    startedAt: new Date(startedAt).toISOString(),
  };
}

function visibilityJson({ checks, never, minMs, medianMs, p95Ms, maxMs }: Visibility): object {
  return {
    checks,
    never,
    minMs: minMs ?? null,
    medianMs: medianMs ?? null,
    p95Ms: p95Ms ?? null,
    maxMs: maxMs ?? null,
  };
}

/** What of a kept probe is asked for again. */
export interface KeptProbe {
  readonly form: "small" | "full";
  readonly sound: boolean;
  readonly faults: readonly { readonly name: string; readonly nodes: readonly string[] }[];
  readonly untested: readonly string[];
  readonly p95Ms: number | undefined;
}

/** Undefined where a value is no probe: of what an earlier version may have stored, nothing is sure to be there. */
export function readKeptProbe(value: unknown): KeptProbe | undefined {
  const form = field(value, "form");
  const sound = field(value, "sound");
  if ((form !== "small" && form !== "full") || typeof sound !== "boolean") return undefined;
  const p95Ms = field(field(value, "visibility"), "p95Ms");
  return {
    form,
    sound,
    faults: list(field(value, "faults")).map((fault) => ({
      name: text(field(fault, "name")),
      nodes: list(field(fault, "nodes")).map(text),
    })),
    untested: list(field(value, "untested")).map((one) => text(field(one, "name"))),
    p95Ms: typeof p95Ms === "number" ? p95Ms : undefined,
  };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
