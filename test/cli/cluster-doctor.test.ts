import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterStage, type ClusterStage } from "../support/cluster-stage.ts";
import { lastJson, type Ran } from "../support/run-cli.ts";

interface CheckJson {
  readonly registry: string | null;
  readonly subject: string;
  readonly state: string;
  readonly text: string;
}

/** Checks of the cluster by their subject. */
function checksOf(ran: Ran): Map<string, CheckJson> {
  const checks = lastJson(ran)["checks"] as CheckJson[];
  return new Map(checks.filter(({ registry }) => registry === "ha").map((check) => [check.subject, check]));
}

interface Access {
  readonly kind: string;
  readonly namespace: string;
  readonly access: readonly { readonly resource: string; readonly action: string }[];
}

/** The robot that the doctor prints for the cluster. */
function robotOf(ran: Ran): Access[] {
  const [advice] = lastJson(ran)["advice"] as { robot: { permissions: Access[] } | null }[];
  return advice?.robot?.permissions ?? [];
}

const DOCTOR = ["doctor", "--output", "json"];
const SECRET = "Robot-Secret-1";

describe("a cluster of 2.14", () => {
  let stage: ClusterStage;
  beforeAll(async () => {
    stage = await clusterStage({ profile: "2.14" });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test("an administrator lacks nothing; nothing is changed by looking", async () => {
    const before = stage.cluster.nodes[0]?.tags();
    const ran = await stage.cli(...DOCTOR);
    expect(ran.code).toBe(0);
    const checks = checksOf(ran);
    expect(
      ["n1", "n2", "front", "account", "project", "registry:create", "sessions"].map(
        (one) => checks.get(one)?.state,
      ),
    ).toEqual(["ok", "ok", "ok", "ok", "ok", "ok", "ok"]);
    expect(checks.get("project")?.text).toBe("tidelock-probe is not there yet: the first probe makes it");
    expect(stage.cluster.nodes[0]?.tags()).toEqual(before);
    await stage.cli("probe", "--form", "small");
    const after = checksOf(await stage.cli(...DOCTOR));
    expect([...after.values()].filter(({ state }) => state !== "ok")).toEqual([]);
    expect(after.get("repository:push")?.text).toBe("pushing through each node");
  });

  test("what a robot lacks is named with the faults that stay untested, and the robot that has it is printed", async () => {
    const [node] = stage.cluster.nodes;
    const name = node?.addRobot("weak", SECRET, [
      {
        kind: "project",
        namespace: "tidelock-probe",
        access: [
          { resource: "repository", action: "pull" },
          { resource: "project", action: "read" },
        ],
      },
    ]);
    await stage.declare({ account: `{ username: "${name ?? ""}", password: "${SECRET}" }` });
    const ran = await stage.cli(...DOCTOR);
    expect(ran.code).toBe(2);
    const checks = checksOf(ran);
    expect(checks.get("repository:push")).toMatchObject({ state: "fault" });
    expect(checks.get("registry:create")).toMatchObject({ state: "warning" });
    expect(checks.get("registry:create")?.text).toMatch(
      /lacks it: .*untested without it: secretkey, job-secret$/,
    );
    expect(checks.get("sessions")?.text).toMatch(/^a robot has no sessions/);
    expect(ran.text).not.toContain(SECRET);
    const permissions = robotOf(ran);
    expect(permissions.map(({ kind, namespace }) => [kind, namespace])).toEqual([
      ["system", "/"],
      ["project", "tidelock-probe"],
    ]);
  });

  test("the robot that is printed is enough", async () => {
    const permissions = robotOf(await stage.cli(...DOCTOR));
    const name = stage.cluster.nodes[0]?.addRobot("enough", SECRET, permissions);
    await stage.declare({ account: `{ username: "${name ?? ""}", password: "${SECRET}" }` });
    const ran = await stage.cli(...DOCTOR);
    expect(
      [...checksOf(ran).values()].filter(({ state }) => state === "fault" || state === "warning"),
    ).toEqual([]);
    expect(ran.code).toBe(0);
    const probe = await stage.cli("probe", "--form", "small");
    expect([probe.code, probe.out[0]]).toEqual([0, expect.stringMatching(/^ha: SOUND/)]);
  });

  test("a node that is down is a fault, and the rest is found out all the same", async () => {
    await stage.declare();
    stage.cluster.break("core-down", { node: "n1" });
    await stage.settled();
    const ran = await stage.cli(...DOCTOR);
    stage.cluster.mend();
    await stage.settled();
    expect(ran.code).toBe(2);
    const checks = checksOf(ran);
    expect(checks.get("n1")).toMatchObject({ state: "fault" });
    expect(checks.get("registry:create")).toMatchObject({ state: "ok" });
  });

  test("a wrong password is told once, and nothing else is tried with it", async () => {
    await stage.declare({ account: "{ username: admin, password: wrong-one }" });
    const ran = await stage.cli(...DOCTOR);
    expect(ran.code).toBe(2);
    expect(checksOf(ran).get("account")).toMatchObject({ state: "fault" });
    expect(checksOf(ran).has("registry:create")).toBe(false);
    expect(ran.text).not.toContain("wrong-one");
  });

  test("a public project is not probed in", async () => {
    await stage.declare({ more: "" });
    stage.cluster.nodes[0]?.createProject("tidelock-open", { public: true });
    await stage.declare({ project: "tidelock-open" });
    const ran = await stage.cli(...DOCTOR);
    expect(checksOf(ran).get("project")).toMatchObject({ state: "fault" });
    expect(checksOf(ran).get("project")?.text).toMatch(/^tidelock-open is public/);
  });
});

test.each([
  ["2.7", ["project"]],
  ["2.1", []],
] as const)("on %s a robot can have no more than %j", async (profile, kinds) => {
  await using stage = await clusterStage({ profile });
  stage.cluster.nodes[0]?.addUser("somebody", SECRET);
  await stage.declare({ account: `{ username: somebody, password: "${SECRET}" }` });
  const ran = await stage.cli(...DOCTOR);
  expect(ran.code).toBe(2);
  expect(robotOf(ran).map(({ kind }) => kind)).toEqual(kinds);
  expect(JSON.stringify(lastJson(ran)["advice"])).toContain("declare an administrator");
});
