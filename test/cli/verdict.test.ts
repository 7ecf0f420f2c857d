import { expect, test } from "vitest";
import { probesJson, verdictLines } from "../../src/cli/render/verdict.ts";
import { AppError } from "../../src/errors.ts";
import { faultOf, probeReport } from "../support/probe-report.ts";

test("the verdict comes first, then each fault with what was seen and where to look", () => {
  const report = probeReport([faultOf("token-key")], ["secretkey"], {
    notes: ["all nodes run v2.9.0"],
    leftBehind: ["repository x: it stays"],
  });
  const [first, ...rest] = verdictLines(report);
  expect(first).toMatch(/^ha: FAULTY: token-key \(n2\); 1 untested/);
  expect(rest).toEqual([
    "  ! token-key at n2 (certain): token-key differs",
    "      seen: n1 refuses what n2 made",
    "      look: the file of token-key",
    "  ? secretkey is not tested: not part of the small form",
    "  visible on other nodes after: min 2 ms, median 8 ms, p95 31 ms, max 40 ms",
    "  note: all nodes run v2.9.0",
    "  left behind: repository x: it stays",
    "  small form, 2 nodes, 77 requests in 4.2 s",
  ]);
});

test("a sound cluster is SOUND, and what was never seen elsewhere is said", () => {
  expect(verdictLines(probeReport([]))[0]).toMatch(/^ha: SOUND/);
  const never = {
    checks: 4,
    never: 4,
    minMs: undefined,
    medianMs: undefined,
    p95Ms: undefined,
    maxMs: undefined,
  };
  expect(verdictLines(probeReport([], [], { visibility: never }))).toContain(
    "  visible on other nodes: never in 4 checks",
  );
});

test("scripts get the same, and null for what was not measured or not probed", () => {
  const never = {
    checks: 4,
    never: 4,
    minMs: undefined,
    medianMs: undefined,
    p95Ms: undefined,
    maxMs: undefined,
  };
  const failure = new AppError("HARBOR_FORBIDDEN", "not allowed", { hint: "allow it" });
  const json = probesJson([
    probeReport([faultOf("storage", { nodes: ["n1", "n2"] })], [], { visibility: never }),
    { topology: "hb", failure },
  ]);
  expect(JSON.parse(JSON.stringify(json))).toEqual({
    topologies: [
      {
        name: "ha",
        sound: false,
        faults: [
          {
            name: "storage",
            nodes: ["n1", "n2"],
            confidence: "certain",
            sentence: "storage differs",
            evidence: ["n1 refuses what n2 made"],
            look: ["the file of storage"],
          },
        ],
        untested: [],
        visibility: { checks: 4, never: 4, minMs: null, medianMs: null, p95Ms: null, maxMs: null },
        leftBehind: [],
        notes: [],
        form: "small",
        requests: 77,
        seconds: 4.2,
        startedAt: "2026-01-01T00:00:00.000Z",
      },
      {
        name: "hb",
        sound: null,
        faults: [],
        untested: [],
        failure: { code: "HARBOR_FORBIDDEN", message: "not allowed", hint: "allow it" },
      },
    ],
  });
});
