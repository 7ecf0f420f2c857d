import { systemClock } from "../../clock.ts";
import { serveSandbox } from "../../sandbox/http-front.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { createSandboxWorld } from "../../sandbox/world.ts";

/** Two sandboxes on loopback, of different versions, and what happens to them in the demo. */
export interface DemoWorld {
  readonly a: Sandbox;
  readonly b: Sandbox;
  readonly password: string;
  /** Three images on a. */
  pushBefore(): void;
  /** a goes down, things happen on b, a comes back. */
  outage(): Promise<void>;
  close(): Promise<void>;
}

/** Harbor takes up to 30 s to see that an execution ended, by a setting; a demo has no time for that. */
const QUICK = { flowMs: 20, taskMs: 100, statusRefreshMs: 500 };

export async function startDemoWorld(): Promise<DemoWorld> {
  const world = createSandboxWorld({ clock: systemClock, tempo: QUICK });
  const a = world.add({ name: "a", profile: "2.9" });
  const b = world.add({ name: "b", profile: "2.14" });
  const served = { a: await serveSandbox(a), b: await serveSandbox(b) };
  return {
    a,
    b,
    password: a.adminPassword,
    pushBefore() {
      for (const tag of ["1.0", "latest", "nightly"]) a.push("library/app", tag);
    },
    async outage() {
      a.faults.down();
      await served.a.settled();
      b.push("library/app", "1.1");
      b.push("library/app", "latest");
      b.deleteTag("library/app", "nightly");
      await systemClock.sleep(10 * QUICK.flowMs);
      a.faults.up();
      await served.a.settled();
    },
    async close() {
      await Promise.all([served.a.close(), served.b.close()]);
    },
  };
}
