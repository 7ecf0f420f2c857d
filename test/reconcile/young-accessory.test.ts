import { expect, test } from "vitest";
import { judgeAccessories } from "../../src/parity/judge-accessories.ts";
import { whyNotWhole } from "../../src/reconcile/whole-runs.ts";
import { digestOf } from "../support/digests.ts";

test("a signature that is too young does not withhold a whole run", () => {
  const findings = judgeAccessories({
    repository: "library/app",
    tag: "t",
    subject: digestOf("x"),
    from: "a",
    to: "b",
    torn: [],
    lacking: [{ digest: digestOf("s"), type: "signature.cosign", attachedAt: 1, inFlight: "young" }],
  });
  const pair = {
    left: "a",
    right: "b",
    findings,
    unread: [],
    tags: 1,
    inStep: 1,
    readAt: 0,
    requests: { left: 0, right: 0 },
  };
  const content = { pairs: [pair], rewound: [], warnings: [], zombies: [] };
  const flow = { from: "a", to: "b" } as Parameters<typeof whyNotWhole>[0];
  expect(whyNotWhole(flow, content, [])).toBeUndefined();
});
