import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "../../src/errors.ts";
import type { NodeAnswer, NodePort, NodeRequest } from "../../src/harbor/node-port.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, type ProofRig } from "./proof-rig.ts";
import { changed, probe, watched, type ProbeChanges } from "./probe-rig.ts";

const EMPTY = { endpoints: [], policies: [], robots: [], repositories: [] };
const MINUTE = 60_000;
/** More than a full probe of two nodes asks for; beyond its end nothing is interrupted. */
const moments = fc.integer({ min: 1, max: 330 });
const forms = fc.constantFrom("small" as const, "full" as const);

/** As if the process were gone: from this request on nothing is asked any more, not even for removing. */
async function killedAt(rig: ProofRig, moment: number, changes: ProbeChanges): Promise<void> {
  let asked = 0;
  const nodes = watched(rig.context.nodes, () => {
    asked += 1;
    if (asked >= moment) throw new AppError("CANCELLED", "the process was killed");
  });
  const gone = new AbortController();
  const watching = watched(nodes, () => {
    if (asked + 1 >= moment) gone.abort();
  });
  await probe(rig, { ...changes, nodes: watching, signal: gone.signal }).catch(() => undefined);
}

describe("a probe that is killed anywhere", () => {
  test("leaves nothing that the next full one would not remove, ten minutes later", async () => {
    await fc.assert(
      fc.asyncProperty(moments, forms, async (moment, form) => {
        const rig = makeRig({ limits: { executions: 2, pingGapMs: 100 } });
        await killedAt(rig, moment, { form });
        rig.clock.advance(11 * MINUTE);
        const report = await probe(rig, { form: "full", seed: 6 });
        expect(report.verdict.sound).toBe(true);
        expect(report.leftBehind).toEqual([]);
        expect(rig.objects()).toEqual(EMPTY);
      }),
      { numRuns: 10 },
    );
  });

  test("is not swept away while it may still be at work", async () => {
    const rig = makeRig();
    await killedAt(rig, 60, { form: "small" });
    const { repositories } = rig.objects();
    expect(repositories).toHaveLength(1);
    rig.clock.advance(9 * MINUTE);
    await probe(rig, { seed: 6 });
    expect(rig.objects().repositories).toEqual(repositories);
    rig.clock.advance(2 * MINUTE);
    await probe(rig, { seed: 7 });
    expect(rig.objects().repositories).toEqual([]);
  });

  test("is swept by its own installation alone", async () => {
    const rig = makeRig();
    await killedAt(rig, 60, { form: "small", installation: "another" });
    rig.clock.advance(20 * MINUTE);
    await probe(rig, { seed: 6 });
    expect(rig.objects().repositories).toHaveLength(1);
    await probe(rig, { seed: 7, installation: "another" });
    expect(rig.objects().repositories).toEqual([]);
  });

  test("is swept on each node that lists something, where the database is not one", async () => {
    const rig = makeRig();
    rig.cluster.break("database");
    await probe(rig, { project: "made-for-it" });
    await killedAt(rig, 75, { form: "small" });
    rig.clock.advance(11 * MINUTE);
    const { leftBehind } = await probe(rig, { seed: 6 });
    expect(leftBehind).toEqual([]);
    expect(rig.objects("n1").repositories).toEqual([]);
    expect(rig.objects("n2").repositories).toEqual([]);
  });
});

describe("a probe that is stopped anywhere", () => {
  test("removes what it made before it gives up; what Harbor keeps for a while is told, and goes with the next", async () => {
    await fc.assert(
      fc.asyncProperty(moments, forms, async (moment, form) => {
        const rig = makeRig({ limits: { executions: 2, pingGapMs: 100 } });
        const stop = new AbortController();
        let asked = 0;
        const nodes = watched(rig.context.nodes, () => {
          asked += 1;
          if (asked === moment) stop.abort(new Error("enough"));
        });
        let reported: readonly string[] = [];
        const ended = await probe(rig, { form, nodes, signal: stop.signal }).then(
          ({ leftBehind }) => {
            reported = leftBehind;
            return "done";
          },
          (error: unknown) => (error as AppError).code,
        );
        expect(["done", "CANCELLED"]).toContain(ended);
        if (!stop.signal.aborted) expect(ended).toBe("done");
        const { repositories, robots, ...objects } = rig.objects();
        expect(repositories).toEqual([]);
        const left = Object.values(objects).flat();
        // One that is stopped while it cleans up has a report, and tells it there.
        const told = [...rig.told.filter((one) => one.startsWith("left behind: ")), ...reported].join();
        expect(left.filter((name) => !told.includes(name))).toEqual([]);
        if (left.length + robots.length === 0) return;
        rig.clock.advance(11 * MINUTE);
        expect(await probe(rig, { form: "full", seed: 6 })).toMatchObject({ leftBehind: [] });
        expect(rig.objects()).toEqual(EMPTY);
      }),
      {
        numRuns: 10,
        examples: [
          [161, "full"],
          [177, "full"],
        ],
      },
    );
  });
});

test.each([1, 4, 20, 30])(
  "a probe that loses its lease at write %i does not write, and removes what it made",
  async (at) => {
    const rig = makeRig();
    let granted = 0;
    let written = 0;
    const lost = new AppError("ALREADY_RUNNING", "another Tidelock took over");
    const nodes = watched(rig.context.nodes, (_, { method }) => {
      if (method !== "GET" && method !== "DELETE") written += 1;
    });
    const beforeWrite = (): Promise<void> => {
      if (granted >= at - 1) return Promise.reject(lost);
      granted += 1;
      return Promise.resolve();
    };
    await expect(probe(rig, { nodes, beforeWrite })).rejects.toBe(lost);
    expect(granted).toBe(at - 1);
    expect(written).toBeLessThanOrEqual(granted);
    expect(rig.objects()).toEqual(EMPTY);
  },
);

test("a proof that breaks off takes nothing of the others with it", async () => {
  const rig = makeRig();
  const nodes = watched(rig.context.nodes, (_, { path }) => {
    if (path.includes("/service/token")) throw new TypeError("out of order");
  });
  const { evidence } = await probe(rig, { nodes });
  expect(evidence.skipped).toEqual([{ proof: "token", nodes: [], reason: "it broke off: out of order" }]);
  expect(evidence.content).toHaveLength(2);
  expect(evidence.uploads).toHaveLength(4);
});

/** What systemd and people were promised for the end of a daemon. */
const PROMISED_MS = 10_000;

/** A cluster that deletes no replication policy, as Harbor does not before it knows that all executions are over. */
function keepingPolicies(
  rig: ProofRig,
  seeing: (request: NodeRequest) => void,
  isKept: () => boolean = () => true,
): NodePort[] {
  return rig.context.nodes.map((node) =>
    changed(node, (request, whole) => {
      seeing(request);
      return isDeletion(request, "/replication/policies/") && isKept()
        ? Promise.resolve(refused(412))
        : whole();
    }),
  );
}

const isDeletion = ({ method, path }: NodeRequest, of: string): boolean =>
  method === "DELETE" && path.includes(of);

function refused(status: number): NodeAnswer {
  const nothing = { headers: {}, cookies: [], body: Buffer.from(""), cut: false, sentAt: 0, tookMs: 0 };
  return { kind: "reply", status, ...nothing };
}

/** Whether each replication policy of the cluster would copy. */
function armed({ cluster }: ProofRig): unknown[] {
  const { body } = ask(cluster.nodes[0]!, "GET", "/api/v2.0/replication/policies");
  return (body as { enabled?: unknown }[]).map(({ enabled }) => enabled ?? false);
}

describe("a probe that is stopped while Harbor keeps what it made", () => {
  const limits = { executions: 2, pingGapMs: 100 };

  test.each([
    ["removes what it made", (request: NodeRequest) => isDeletion(request, "/replication/policies/")],
    ["lets the cluster copy", ({ method, path }: NodeRequest) => method === "GET" && path.includes("/tasks")],
  ])("and that %s, ends in time: what could do harm first, and what stays is told", async (_, isMoment) => {
    const rig = makeRig({ limits });
    const stop = new AbortController();
    let stoppedAt = 0;
    const deleted: string[] = [];
    const nodes = keepingPolicies(rig, (request) => {
      if (stop.signal.aborted && request.method === "DELETE") deleted.push(request.path);
      if (stop.signal.aborted || !isMoment(request)) return;
      stoppedAt = rig.clock.monotonic();
      stop.abort(new Error("enough"));
    });
    const left = await probe(rig, { form: "full", nodes, signal: stop.signal }).then(
      ({ leftBehind }) => leftBehind,
      () => rig.told.filter((sentence) => sentence.startsWith("left behind: ")),
    );
    expect(stop.signal.aborted).toBe(true);
    expect(rig.clock.monotonic() - stoppedAt).toBeLessThanOrEqual(PROMISED_MS);
    const { repositories, robots, policies, endpoints } = rig.objects();
    expect([repositories, robots, armed(rig)]).toEqual([[], [], [false, false]]);
    const firstOf = (kind: string): number => deleted.findIndex((path) => path.includes(kind));
    expect(firstOf("/robots/")).toBeLessThan(firstOf("/repositories/"));
    for (const name of policies) {
      expect(left).toContainEqual(expect.stringMatching(new RegExp(`replication policy ${name}: .*412`)));
    }
    for (const name of endpoints) expect(left).toContainEqual(expect.stringContaining(`endpoint ${name}: `));
    rig.clock.advance(11 * MINUTE);
    expect(await probe(rig, { form: "full", seed: 6 })).toMatchObject({ leftBehind: [] });
    expect(rig.objects()).toEqual(EMPTY);
  });

  test("removes what Harbor keeps for some seconds only", async () => {
    const rig = makeRig({ limits: { ...limits, executions: 0 } });
    const stop = new AbortController();
    let stoppedAt = 0;
    const stopAtFirst = (request: NodeRequest): void => {
      if (stop.signal.aborted || !isDeletion(request, "/replication/policies/")) return;
      stoppedAt = rig.clock.monotonic();
      stop.abort(new Error("enough"));
    };
    const isKept = (): boolean => rig.clock.monotonic() - stoppedAt < 5_000;
    const nodes = keepingPolicies(rig, stopAtFirst, isKept);
    const { leftBehind } = await probe(rig, { form: "full", nodes, signal: stop.signal });
    expect([leftBehind, rig.objects()]).toEqual([[], EMPTY]);
    expect(rig.clock.monotonic() - stoppedAt).toBeLessThanOrEqual(PROMISED_MS);
  });

  test("does so while a node is silent, too", async () => {
    const rig = makeRig({ limits });
    const stop = new AbortController();
    let stoppedAt = 0;
    const [first, second] = keepingPolicies(rig, (request) => {
      if (stop.signal.aborted || !isDeletion(request, "/replication/policies/")) return;
      stoppedAt = rig.clock.monotonic();
      stop.abort(new Error("enough"));
    });
    const silent = changed(first!, async (request, whole) => {
      if (!stop.signal.aborted) return await whole();
      await rig.clock.sleep(request.timeoutMs ?? 10_000);
      return { kind: "silence", why: "timeout", text: "no answer", sentAt: 0, tookMs: 0 };
    });
    await probe(rig, { form: "full", nodes: [silent, second!], signal: stop.signal });
    expect(rig.clock.monotonic() - stoppedAt).toBeLessThanOrEqual(PROMISED_MS);
    const { repositories, robots } = rig.objects();
    expect([repositories, robots, armed(rig)]).toEqual([[], [], [false, false]]);
  });
});
