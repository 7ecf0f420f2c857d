import { describe, expect, it } from "vitest";
import { proveExecutions } from "../../src/probe/proofs/executions.ts";
import { provePings } from "../../src/probe/proofs/pings.ts";
import { sweepObjects } from "../../src/probe/sweep-objects.ts";
import { markOf } from "../../src/topology/mark.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, sees, type ProofRig } from "./proof-rig.ts";

const MINUTE = 60_000;

/** A probe that was killed: what it made stays. Without waiting, `sees` counts its requests and kills it after so many. */
async function killedAfter(rig: ProofRig, requests: number): Promise<void> {
  const stop = new AbortController();
  let left = requests;
  const nodes = rig.context.nodes.map((node) =>
    sees(node, () => {
      if (left-- === 0) stop.abort(new Error("killed"));
      return undefined;
    }),
  );
  const context = { ...rig.context, nodes, limits: { ...rig.context.limits, pingGapMs: 0, executions: 2 } };
  try {
    await provePings(context, stop.signal);
    await proveExecutions(context, stop.signal);
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
  }
}

const objects = (rig: ProofRig) => {
  const { endpoints, policies, robots } = rig.objects();
  return { endpoints, policies, robots };
};
const NOTHING = { endpoints: [], policies: [], robots: [] };

describe("the sweep of objects", () => {
  it("removes what a probe left that was killed at any request", async () => {
    const whole = makeRig();
    await killedAfter(whole, Infinity);
    expect(objects(whole).policies).toHaveLength(2);
    const requests = whole.context.nodes.reduce((sum, node) => sum + node.requestCount(), 0);
    let leaving = 0;
    for (let after = 1; after < requests; after += 3) {
      const killed = makeRig();
      await killedAfter(killed, after);
      if (objects(killed).endpoints.length > 0) leaving += 1;
      killed.clock.advance(11 * MINUTE);
      const next = makeRig({ after: killed, seed: 2 });
      expect(await sweepObjects(next.context, next.signal)).toEqual([]);
      expect(objects(killed)).toEqual(NOTHING);
    }
    expect(leaving).toBeGreaterThan(5);
  });

  it("leaves what is younger than ten minutes: its probe may be at work", async () => {
    const running = makeRig();
    await killedAfter(running, Infinity);
    const before = objects(running);
    running.clock.advance(8 * MINUTE);
    const next = makeRig({ after: running, seed: 2 });
    expect(await sweepObjects(next.context, next.signal)).toEqual([]);
    expect(objects(running)).toEqual(before);
  });

  it("touches nothing that lacks our mark, whatever it is called", async () => {
    const killed = makeRig();
    await killedAfter(killed, Infinity);
    const node = killed.cluster.nodes[0]!;
    const { label } = killed.context;
    const front = killed.cluster.front.url;
    const like = (name: string, description: string) =>
      ask(node, "POST", "/api/v2.0/registries", {
        body: { name, description, url: front, type: "harbor", credential: {} },
      });
    like(`tidelock.ha.probe-${label}-9`, "somebody's");
    like("tidelock.ha.probe-mine", markOf("here"));
    like(`tidelock.other.probe-${label}-1`, markOf("here"));
    like(`tidelock.ha.probe-${label}-8`, markOf("there"));
    like("tidelock.ha.a", markOf("here"));
    const robot = { name: "theirs", description: markOf("here"), level: "project", permissions: [] };
    ask(node, "POST", "/api/v2.0/robots", { body: robot });
    killed.clock.advance(11 * MINUTE);
    const next = makeRig({ after: killed, seed: 2 });
    expect(await sweepObjects(next.context, next.signal)).toEqual([]);
    expect(objects(killed)).toEqual({
      endpoints: [
        `tidelock.ha.probe-${label}-9`,
        "tidelock.ha.probe-mine",
        `tidelock.other.probe-${label}-1`,
        `tidelock.ha.probe-${label}-8`,
        "tidelock.ha.a",
      ],
      policies: [],
      robots: ["robot$+theirs"],
    });
  });

  it("removes at each node what was left there, where the databases are apart", async () => {
    const killed = makeRig();
    killed.cluster.break("database");
    await killedAfter(killed, Infinity);
    expect(killed.objects("n1").endpoints).toHaveLength(1);
    expect(killed.objects("n2").endpoints).toHaveLength(1);
    killed.clock.advance(11 * MINUTE);
    const next = makeRig({ after: killed, seed: 2 });
    expect(await sweepObjects(next.context, next.signal)).toEqual([]);
    for (const name of ["n1", "n2"]) expect(killed.objects(name)).toMatchObject(NOTHING);
  });

  it("tells what it could not remove, and goes on", async () => {
    const killed = makeRig();
    await killedAfter(killed, Infinity);
    killed.clock.advance(11 * MINUTE);
    const next = makeRig({ after: killed, seed: 2 });
    const nodes = next.context.nodes.map((node) =>
      sees(node, ({ method, path }) =>
        method === "DELETE" && path.includes("/registries/") ? { status: 500 } : undefined,
      ),
    );
    const left = await sweepObjects({ ...next.context, nodes }, next.signal);
    expect(left.length).toBeGreaterThan(0);
    for (const sentence of left) expect(sentence).toMatch(/^endpoint tidelock\.ha\.probe-.*refused.*500/);
    expect(objects(killed)).toMatchObject({ policies: [], robots: [] });
  });
});
