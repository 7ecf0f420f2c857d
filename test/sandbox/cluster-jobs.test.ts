import { describe, expect, it } from "vitest";
import type { ClusterFault } from "../../src/sandbox/cluster.ts";
import {
  type Site,
  codeOf,
  endpointTo,
  layersOf,
  logIn,
  movedUpload,
  policyTo,
  runOn,
  site,
  statusOf,
  withSession,
} from "./cluster-rig.ts";
import { ask, receive, row, textOf } from "./rig.ts";

describe("jobs", () => {
  const setup = (fault?: ClusterFault): Site & { policy: number } => {
    const on = site();
    if (fault !== undefined) on.cluster.break(fault);
    const peer = on.world.add({ name: "b", profile: "2.7" });
    on.n1.push("probe/x", "v1", { seed: 1 });
    return { ...on, policy: policyTo(on.n1, endpointTo(on.n1, peer.url, peer.adminPassword)) };
  };

  it("of a sound cluster run on either node, and only that one has the log", () => {
    const on = setup();
    const ran = Array.from({ length: 12 }, () => runOn(on, on.n1, on.policy));
    expect(new Set(ran.flatMap((one) => one.logs))).toEqual(new Set(["n1", "n2"]));
    for (const { logs, task } of ran) expect([logs.length, task?.["status"]]).toEqual([1, "Succeed"]);
  });

  it("job-secret: fail exactly where the runner isn't the starter", () => {
    const on = setup("job-secret");
    for (const [starter, runner] of [
      ["n1", "n1"],
      ["n1", "n2"],
      ["n2", "n1"],
      ["n2", "n2"],
    ] as const) {
      on.cluster.quickest(runner);
      const { task, logs, log } = runOn(on, on.cluster.node(starter), on.policy);
      expect([logs, task?.["status"]]).toEqual([[runner], starter === runner ? "Succeed" : "Failed"]);
      if (starter !== runner) {
        expect(log).toMatch(
          /failed to pull the manifest .*http status code: 401.*unauthorized to access repository/,
        );
      }
    }
  });

  it("storage: fail where the bytes are not", () => {
    const on = setup("storage");
    on.cluster.quickest("n2");
    const failed = runOn(on, on.n1, on.policy);
    expect(failed.task).toMatchObject({ status: "Failed" });
    expect(failed.log).toMatch(/failed to pull the manifest .*404.*MANIFEST_UNKNOWN/);
    on.cluster.quickest("n1");
    expect(runOn(on, on.n2, on.policy).task).toMatchObject({ status: "Succeed" });
  });

  it("jobservice-down: nothing can be started there, the others run what they start", () => {
    const on = setup("jobservice-down");
    const failed = runOn(on, on.n2, on.policy);
    expect(failed.execution).toMatchObject({ status: "Failed", total: 0 });
    expect(failed.execution["status_text"]).toMatch(/^Post ".*\/api\/v1\/jobs": .*connection refused$/);
    for (let at = 0; at < 4; at++)
      expect(runOn(on, on.n1, on.policy).task).toMatchObject({ status: "Succeed" });
  });

  it("registry-down: fail with 502 on that node", () => {
    const on = setup("registry-down");
    on.cluster.quickest("n2");
    expect(runOn(on, on.n1, on.policy).log).toMatch(/failed to pull the manifest .*http status code: 502/);
  });

  it("may lead to the cluster itself, by a node or by its front", () => {
    const on = setup();
    for (const [at, url] of [on.n2.url, on.cluster.front.url].entries()) {
      const endpoint = endpointTo(on.n1, url, on.cluster.adminPassword);
      const policy = policyTo(on.n1, endpoint, {
        dest_namespace: `probe/copy${at}`,
        dest_namespace_replace_count: 1,
      });
      expect(runOn(on, on.n2, policy).task).toMatchObject({ status: "Succeed" });
      expect(statusOf(on.n2, "GET", `/v2/probe/copy${at}/x/manifests/v1`)).toBe(200);
    }
  });
});

describe("database", () => {
  it("numbers mean other objects, and what the other node ran stays pending", () => {
    const on = site();
    const peer = on.world.add({ name: "b", profile: "2.7" });
    on.n1.push("other/y", "v1", { seed: 1 });
    const first = policyTo(on.n1, endpointTo(on.n1, peer.url, peer.adminPassword), {
      filters: [{ type: "name", value: "other/**" }],
    });
    on.cluster.break("database");
    const endpoint = endpointTo(on.n2, peer.url, peer.adminPassword);
    on.n2.createProject("probe");
    on.n2.push("probe/x", "v1", { seed: 2 });
    const second = policyTo(on.n2, endpoint);
    expect(second).toBe(first);
    expect(runOn(on, on.n1, second).task?.["src_resource"]).toContain("other/y");
    expect(codeOf(ask(on.n2, "POST", "/api/v2.0/registries/ping", { body: { id: 77 } }))).toBe("NOT_FOUND");
    on.cluster.quickest("n1");
    const pending = runOn(on, on.n2, second);
    expect(pending.task?.["status"]).toBe("Pending");
    expect(pending.logs).not.toContain("n2");
  });

  it("a blob is there by GET where Harbor knows nothing of it", () => {
    const on = site();
    on.cluster.break("database");
    on.n2.createProject("probe");
    const [layer = ""] = layersOf(on, on.n1.push("probe/x", "v1", { seed: 1 }));
    const blob = `/v2/probe/x/blobs/${layer}`;
    expect([statusOf(on.n2, "HEAD", blob), statusOf(on.n2, "GET", blob)]).toEqual([404, 200]);
    expect(movedUpload(on.n1, on.n2).statuses).toEqual([202, 202, 201]);
    const session = withSession(on.n2, logIn(on.n1));
    expect(session).toEqual({ current: 200, mutate: 201 });
  });

  it("a robot of the one is nobody on the other, which waits before it says so; its token counts", () => {
    const on = site();
    on.cluster.break("database");
    on.n2.createProject("probe");
    const access = [{ resource: "repository", action: "pull" }];
    const as = on.n1.addRobot("probe", "Secret12345", [{ kind: "project", namespace: "probe", access }]);
    const delivery = receive(on.n2, "GET", "/v2/", { as, password: "Secret12345" });
    expect(delivery).toMatchObject({ kind: "answer", delayMs: 1500, response: { status: 401 } });
    const target = "/service/token?service=harbor-registry&scope=repository:probe/x:pull";
    const given = textOf(row(ask(on.n1, "GET", target, { as, password: "Secret12345" }))["token"]);
    expect(statusOf(on.n2, "GET", "/v2/", { authorization: `Bearer ${given}` })).toBe(200);
  });
});
