import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createApi, type Api } from "../../src/harbor/api.ts";
import { createConnection } from "../../src/harbor/connection.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import { serveSandbox } from "../../src/sandbox/http-front.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { CANARY, collect, harborAt, registryAt } from "../support/harbor-at.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Started {
  readonly sandbox: Sandbox;
  readonly harbor: HarborPort;
  readonly clock: AutoClock;
  /** After the sandbox went down or came up. */
  readonly settled: () => Promise<void>;
  /** Another account on the same sandbox. */
  readonly as: (username: string, password: string) => HarborPort;
}

const FRONTS = ["over HTTP", "in memory"] as const;

async function start(front: (typeof FRONTS)[number]): Promise<Started> {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock });
  const sandbox = world.add({ name: "a", profile: "2.9", adminPassword: CANARY });
  sandbox.push("library/app", "v1");
  const limits = { idleMs: 150, hurriedMs: 150, totalMs: 300 };
  const served = front === "over HTTP" ? await serveSandbox(sandbox) : undefined;
  const deps = { clock, limits, ...(served === undefined ? { adapter: inMemoryAdapter(world) } : {}) };
  const as = (username: string, password: string): HarborPort => {
    const account = {
      username,
      password: { reveal: () => password, toJSON: () => "***", toString: () => "***" },
    };
    const harbor = harborAt(sandbox.url, deps, { account });
    open.unshift(harbor);
    return harbor;
  };
  if (served !== undefined) open.push(served);
  const settled = async (): Promise<void> => served?.settled();
  return { sandbox, harbor: as("admin", CANARY), clock, settled, as };
}

describe.each(FRONTS)("a Harbor at fault, %s", (front) => {
  test("down, and back", async () => {
    const { sandbox, harbor, settled } = await start(front);
    await harbor.identify();
    sandbox.faults.down();
    await settled();
    await expect(harbor.replicationPolicies()).rejects.toMatchObject({ code: "HARBOR_UNREACHABLE" });
    await expect(harbor.ping(500)).rejects.toMatchObject({ code: "HARBOR_UNREACHABLE" });
    sandbox.faults.up();
    await settled();
    expect(await harbor.replicationPolicies()).toEqual([]);
  });

  test("hanging", async () => {
    const { sandbox, harbor } = await start(front);
    sandbox.faults.hang();
    await expect(harbor.identify()).rejects.toMatchObject({ code: "HARBOR_TIMEOUT" });
  });

  test.each([
    ["nonsense", "HARBOR_NONSENSE"],
    ["truncate", "HARBOR_NONSENSE"],
  ] as const)("%s", async (fault, code) => {
    const { sandbox, harbor } = await start(front);
    await harbor.identify();
    sandbox.faults[fault]({ path: /\/projects/ });
    await expect(collect(harbor.projects())).rejects.toMatchObject({ code });
  });

  test("one reset and one 503 are lived through", async () => {
    const { sandbox, harbor } = await start(front);
    sandbox.faults.reset({ path: /\/projects/, times: 1 });
    expect(await collect(harbor.projects())).toHaveLength(1);
    sandbox.faults.fail(503, { path: /\/projects/, times: 1 });
    expect(await collect(harbor.projects())).toHaveLength(1);
  });

  test("a write that was done and whose answer was lost is not done twice", async () => {
    const { sandbox, harbor } = await start(front);
    sandbox.faults.reset({ path: /\/projects/, method: "POST", applied: true, times: 1 });
    await harbor.createProject("once", false);
    expect(await harbor.project("once")).toMatchObject({ name: "once" });
  });

  test("asks to slow down", async () => {
    const { sandbox, harbor, clock } = await start(front);
    await harbor.identify();
    sandbox.faults.tooMany("3", { path: /\/projects/, times: 2 });
    const before = clock.now();
    expect(await collect(harbor.projects())).toHaveLength(1);
    expect(clock.now() - before).toBeGreaterThanOrEqual(6000);
  });

  test("answers everybody as a stranger: seen by proving again", async () => {
    const { sandbox, harbor } = await start(front);
    await harbor.identify();
    sandbox.faults.anonymous();
    await expect(harbor.identify({ again: true })).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
  });

  test("a robot can't prove that a project is absent", async () => {
    const { sandbox, as } = await start(front);
    const name = sandbox.addRobot("reader", "robot-Pa55word", [
      { kind: "project", namespace: "library", access: [{ resource: "repository", action: "pull" }] },
    ]);
    const robot = as(name, "robot-Pa55word");
    expect(await robot.identify()).toMatchObject({ robot: true, administrator: false });
    await expect(robot.project("nowhere")).rejects.toMatchObject({
      code: expect.stringMatching(/^HARBOR_(FORBIDDEN|NOT_FOUND)$/) as unknown,
    });
  });
});

describe("a port that takes connections and never greets", () => {
  async function silent(): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("is no connection, when TLS is asked for", async () => {
    const harbor = harborAt(`https://${await silent()}`, { limits: { connectMs: 60 } });
    await expect(harbor.identify()).rejects.toMatchObject({
      code: "HARBOR_UNREACHABLE",
      reached: "no",
      message: expect.stringContaining("in time") as unknown,
    });
  });

  test("is no connection, when it is the proxy", async () => {
    const environment = { HTTPS_PROXY: `http://${await silent()}` };
    const harbor = harborAt("https://hub.example.com", { limits: { connectMs: 60 }, environment });
    await expect(harbor.identify()).rejects.toMatchObject({ code: "HARBOR_UNREACHABLE", reached: "no" });
  });
});

test("the compiler holds calls to openapi/harbor.yaml", () => {
  const api = createApi(
    createConnection(registryAt("http://127.0.0.1:1"), {
      clock: new AutoClock(),
      random: () => 0,
      environment: {},
    }),
  );
  const doing = "never done";
  const mistakes: ((api: Api) => unknown)[] = [
    // @ts-expect-error no such path
    (on) => on.call("get", "/nowhere", { doing }),
    // @ts-expect-error no such method there
    (on) => on.call("delete", "/systeminfo", { doing }),
    // @ts-expect-error the path's parameter is missing
    (on) => on.call("get", "/replication/policies/{id}", { doing }),
    // @ts-expect-error the id is a number
    (on) => on.call("get", "/replication/policies/{id}", { doing, path: { id: "7" } }),
    // @ts-expect-error no such key in the query
    (on) => on.call("get", "/projects", { doing, query: { nmae: "x" } }),
    // @ts-expect-error the body is missing
    (on) => on.call("post", "/replication/executions", { doing }),
    // @ts-expect-error the body's field has another type
    (on) => on.call("post", "/replication/executions", { doing, body: { policy_id: "7" } }),
  ];
  expect(mistakes).toHaveLength(7);
  api.connection.close();
});
