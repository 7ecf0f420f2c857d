import type { Evidence } from "../../src/cluster/evidence.ts";
import type { Fault, FaultName, Untested, Verdict } from "../../src/cluster/faults.ts";
import type { ProbeReport } from "../../src/cluster/report.ts";

/** A fault as a probe would tell it. */
export function faultOf(name: FaultName, more: Partial<Fault> = {}): Fault {
  return {
    name,
    nodes: ["n2"],
    confidence: "certain",
    sentence: `${name} differs`,
    evidence: [`n1 refuses what n2 made`],
    look: [`the file of ${name}`],
    ...more,
  };
}

/** What a probe came to, with the faults and gaps that are given. */
export function probeReport(
  faults: readonly Fault[],
  untested: readonly FaultName[] = [],
  more: Partial<Omit<ProbeReport, "verdict">> & Partial<Pick<Verdict, "notes">> = {},
): ProbeReport {
  const { notes = [], ...rest } = more;
  return {
    topology: "ha",
    startedAt: Date.UTC(2026, 0, 1),
    finishedAt: Date.UTC(2026, 0, 1, 0, 0, 4, 200),
    visibility: { checks: 12, never: 0, minMs: 2, medianMs: 8, p95Ms: 31, maxMs: 40 },
    evidence: emptyEvidence(),
    leftBehind: [],
    requests: 77,
    ...rest,
    verdict: {
      sound: faults.length === 0,
      faults,
      untested: untested.map((name): Untested => ({ name, nodes: [], reason: "not part of the small form" })),
      notes,
    },
  };
}

function emptyEvidence(form: Evidence["form"] = "small"): Evidence {
  const nothing = {
    reach: [],
    identities: [],
    tokens: [],
    content: [],
    uploads: [],
    sessions: [],
    forgery: [],
    pings: [],
    executions: [],
    skipped: [],
  };
  return {
    form,
    nodes: ["n1", "n2"],
    account: { kind: "person", admin: true },
    front: undefined,
    ...nothing,
  };
}
