import { expect, test } from "vitest";
import type { ExecutionSeen } from "../../src/cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../../src/harbor/node-port.ts";
import { proveFrontReach } from "../../src/probe/proofs/front-reach.ts";

const SIGNAL = new AbortController().signal;

/** A front over nodes that answer in the given order, again and again. */
function frontOver(order: readonly string[]): NodePort {
  let asked = 0;
  return {
    name: "front",
    url: "http://front.test",
    ask: ({ path }): Promise<NodeAnswer> => {
      const node = order[asked % order.length] ?? "";
      asked += 1;
      const status = path.includes(node) ? 200 : 404;
      const body = new Uint8Array();
      const reply = { kind: "reply", status, headers: {}, cookies: [], body, cut: false } as const;
      return Promise.resolve({ ...reply, sentAt: 0, tookMs: 0 });
    },
    elsewhere: () => Promise.reject(new Error("not asked")),
    requestCount: () => asked,
    close: () => undefined,
  };
}

const ranOn = (node: string): ExecutionSeen => ({
  startedBy: node,
  result: "succeeded",
  ranOn: node,
  logPath: `/log-of-${node}`,
  hasTask: true,
  reason: "",
  tookMs: 1,
});

test.each([
  [
    ["n1", "n2"],
    ["n1", "n2"],
    ["n1", "n2"],
  ],
  [["n1", "n2"], ["n1"], ["n1"]],
  [
    ["n1", "n2", "n3"],
    ["n1", "n3"],
    ["n1", "n3"],
  ],
])("nodes %j behind a front that leads to %j", async (nodes, order, reached) => {
  const seen = await proveFrontReach(frontOver(order), nodes, nodes.map(ranOn), SIGNAL);
  expect(seen.reached).toEqual(reached);
});

test("of two nodes the log of one is enough", async () => {
  const seen = await proveFrontReach(frontOver(["n1", "n2"]), ["n1", "n2"], [ranOn("n1")], SIGNAL);
  expect(seen.reached).toEqual(["n1", "n2"]);
});

test("without a log nothing is said", async () => {
  const seen = await proveFrontReach(frontOver(["n1"]), ["n1", "n2"], [], SIGNAL);
  expect(seen).toEqual({ reached: undefined });
});
