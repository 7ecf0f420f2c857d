import { afterAll, beforeAll, describe } from "vitest";
import { cleanUp } from "./cleanup.ts";
import { LIVE_PAIR, WHY_SKIPPED } from "./live-environment.ts";
import { liveHarbor, type LiveHarbor } from "./live-harbor.ts";
import { declare, type Declaration, type Tidelock } from "./tidelock.ts";
import { until } from "./until.ts";

/** Two real Harbors, and Tidelock over them. */
export interface LiveRig {
  readonly a: LiveHarbor;
  readonly b: LiveHarbor;
  /** Gone at the end of the suite. */
  declare(declaration: Declaration): Promise<Tidelock>;
  /** Waits until both hold the same tags of a project, as Harbor itself copies them. */
  untilEqual(project: string): Promise<void>;
  /** Waits until no execution of these policies is at work on either side. */
  untilQuiet(topology: string): Promise<void>;
  /** Takes `a` down, lets things happen on `b`, waits until `events` copies of them were lost, and brings `a` back. */
  outageOfA(topology: string, events: number, meanwhile: () => Promise<void>): Promise<void>;
}

/** A suite over two real Harbors; skipped where the environment names none. Begins and ends with nothing of ours in them. */
export function describeLive(title: string, body: (rig: LiveRig) => void): void {
  describe.skipIf(WHY_SKIPPED !== undefined)(title, () => {
    const { rig, close } = createRig();
    beforeAll(async () => {
      await Promise.all([rig.a.start(), rig.b.start()]);
      await cleanUp(rig.a, rig.b);
    });
    afterAll(async () => {
      await Promise.all([rig.a.start(), rig.b.start()]);
      await close();
      await cleanUp(rig.a, rig.b);
    });
    body(rig);
  });
}

function createRig(): { rig: LiveRig; close: () => Promise<void> } {
  const a = liveHarbor(LIVE_PAIR.a);
  const b = liveHarbor(LIVE_PAIR.b);
  const declared: Tidelock[] = [];
  const rig: LiveRig = {
    a,
    b,
    declare: async (declaration) => {
      const tidelock = await declare(LIVE_PAIR, declaration);
      declared.push(tidelock);
      return tidelock;
    },
    untilEqual: async (project) => {
      await until(`both hold the same of ${project}`, async () => {
        const [left, right] = await Promise.all([a.tags(project), b.tags(project)]);
        return left.size === right.size && [...left].every(([tag, digest]) => right.get(tag) === digest);
      });
    },
    untilQuiet: async (topology) => {
      await until(`executions of ${topology} ended`, async () => {
        const all = (await Promise.all([a.executions(topology), b.executions(topology)])).flat();
        return all.every(({ state }) => state !== "running");
      });
    },
    outageOfA: async (topology, events, meanwhile) => {
      const before = await b.died(topology);
      await a.stop();
      await meanwhile();
      await until(`${events} copies were lost`, async () => (await b.died(topology)) >= before + events);
      await a.start();
    },
  };
  const close = async (): Promise<void> => {
    await Promise.all(declared.map((one) => one[Symbol.asyncDispose]()));
    a.port.close();
    b.port.close();
    a.registry.close();
    b.registry.close();
  };
  return { rig, close };
}
