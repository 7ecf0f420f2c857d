import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";
import type { LiveApi } from "./live-api.ts";
import type { Declaration, Tidelock } from "./tidelock.ts";

const PROJECT = "tidelock-live-robots";
const APP = `${PROJECT}/app`;
const TOPOLOGY = "live-robots";
const NO_ROBOTS = "before 2.10 no robot may have rights on the system and on projects at once";

interface Robot {
  readonly name: string;
  readonly secret: string;
}

interface Diagnosis {
  readonly verdict: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly advice: readonly {
    readonly registry: string;
    readonly account: string;
    readonly robot?: object;
  }[];
}

async function makeRobot(api: LiveApi, definition: object, name: string): Promise<Robot> {
  const made = await api.send("POST", "/robots", { ...definition, name });
  if (made.status !== 201) throw new Error(`robot ${name}: ${made.status} ${JSON.stringify(made.body)}`);
  return made.body as Robot;
}

const WEAK = {
  level: "system",
  duration: -1,
  disable: false,
  permissions: [
    { kind: "project", namespace: PROJECT, access: [{ resource: "repository", action: "pull" }] },
  ],
};

describeLive("robot accounts only", (rig) => {
  const { a, b } = rig;
  const topology = `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }
    heal: { settle: 2s, conflicts: newest, deletions: replay }`;
  let tidelock: Tidelock;

  const isTooOld = async (): Promise<boolean> => {
    const versions = await Promise.all([a, b].map(async ({ port }) => (await port.identify()).version));
    return versions.some(({ major, minor }) => major === 2 && minor < 10);
  };

  test("doctor names the robots to create, and has no fault with them", async ({ skip }) => {
    if (await isTooOld()) skip(NO_ROBOTS);
    await Promise.all([a.createProject(PROJECT), b.createProject(PROJECT)]);
    const weak = {
      a: await makeRobot(a.api, WEAK, "tidelock-live-weak"),
      b: await makeRobot(b.api, WEAK, "tidelock-live-weak"),
    };
    const lacking = await rig.declare({
      topology,
      users: { a: weak.a.name, b: weak.b.name },
      passwords: { a: weak.a.secret, b: weak.b.secret },
    });
    const before = await lacking.run("--output", "json", "doctor");
    expect(before.code, before.out + before.err).toBe(2);
    const { advice } = JSON.parse(before.out.trimEnd().split("\n").at(-1) ?? "") as Diagnosis;

    const made = new Map<string, Robot>();
    for (const [name, side] of Object.entries({ a, b })) {
      for (const account of ["account", "replicationAccount"]) {
        const robot = advice.find((one) => one.registry === name && one.account === account)?.robot;
        expect(robot, `${account} of ${name}: ${before.out}`).toBeDefined();
        made.set(
          `${name} ${account}`,
          await makeRobot(side.api, robot ?? {}, `tidelock-live-${account.toLowerCase()}`),
        );
      }
    }
    const of = (name: "a" | "b"): Robot => made.get(`${name} account`) ?? { name: "", secret: "" };
    const others = (name: "a" | "b"): { user: string; password: string } => {
      const robot = made.get(`${name} replicationAccount`);
      return { user: robot?.name ?? "", password: robot?.secret ?? "" };
    };
    const declaration: Declaration = {
      topology,
      users: { a: of("a").name, b: of("b").name },
      passwords: { a: of("a").secret, b: of("b").secret },
      replication: { a: others("a"), b: others("b") },
    };
    tidelock = await rig.declare(declaration);
    const after = await tidelock.run("--output", "json", "doctor");
    expect(after.code, after.out + after.err).toBe(0);
  });

  test("with them a gap is found and healed, a deletion replayed, and all of it proven", async ({ skip }) => {
    if (await isTooOld()) skip(NO_ROBOTS);
    const first = await tidelock.json("reconcile");
    expect(first.code, first.out + first.err).toBe(0);
    for (let i = 1; i <= 6; i += 1) await a.push(APP, `v${i}`, `v${i} of a`);
    await rig.untilEqual(PROJECT);
    await rig.untilQuiet(TOPOLOGY);
    await tidelock.judged();
    const agreed = await tidelock.json("reconcile");
    expect([agreed.code, agreed.topology.proven], agreed.out + agreed.err).toEqual([0, true]);

    let moved = "";
    await rig.outageOfA(TOPOLOGY, 2, async () => {
      moved = await b.push(APP, "v1", "v1 of b");
      await b.push(APP, "v7", "v7 of b");
      await b.deleteTag(APP, "v2");
    });
    const healed = await tidelock.json("reconcile");
    expect([healed.code, healed.topology.proven], healed.out + healed.err).toEqual([0, true]);
    const [left, right] = await Promise.all([a.tags(PROJECT), b.tags(PROJECT)]);
    expect([...left].toSorted()).toEqual([...right].toSorted());
    expect([left.get(`${APP}:v1`), left.has(`${APP}:v2`), left.has(`${APP}:v7`)]).toEqual([
      moved,
      false,
      true,
    ]);
  });
});
