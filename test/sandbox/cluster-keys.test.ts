import { describe, expect, it } from "vitest";
import {
  type Site,
  endpointTo,
  keyId,
  policyTo,
  runOn,
  site,
  statusOf,
  token,
  tokenTaken,
} from "./cluster-rig.ts";
import { ask, receive, row, textOf } from "./rig.ts";

describe("token-key and clock", () => {
  it("a strange key is refused in both directions, and asks for a password", () => {
    const on = site();
    on.cluster.break("token-key");
    expect(tokenTaken(on.n1, on.n2)).toEqual({ own: 200, other: 401 });
    expect(tokenTaken(on.n2, on.n1)).toEqual({ own: 200, other: 401 });
    const headers = { authorization: `Bearer ${token(on.n1)}` };
    const refused = ask(on.n2, "GET", "/v2/", { as: "", headers });
    expect(refused.headers["www-authenticate"]).toBe('Basic realm="harbor"');
  });

  it.each([600_000, 30_000, 5000, 2000])(
    "a clock %i ms ahead: its tokens are refused by the others",
    (byMs) => {
      const on = site();
      on.cluster.break("clock", { byMs });
      expect([tokenTaken(on.n1, on.n2).other, tokenTaken(on.n2, on.n1).other]).toEqual([200, 401]);
      expect(keyId(on.n1)).toBe(keyId(on.n2));
      const ahead = token(on.n2);
      on.pass(byMs + 1000);
      expect(statusOf(on.n1, "GET", "/v2/", { authorization: `Bearer ${ahead}` })).toBe(200);
      const times = [on.n1, on.n2].map(
        (node) => row(ask(node, "GET", "/api/v2.0/systeminfo"))["current_time"],
      );
      expect(Date.parse(textOf(times[1])) - Date.parse(textOf(times[0]))).toBe(byMs);
    },
  );

  it("a clock behind: it refuses the tokens of the others", () => {
    const on = site();
    on.cluster.break("clock", { byMs: -600_000, node: "n1" });
    expect([tokenTaken(on.n1, on.n2).other, tokenTaken(on.n2, on.n1).other]).toEqual([200, 401]);
  });
});

describe("secretkey", () => {
  const setup = (): Site & { endpoint: number; policy: number } => {
    const on = site();
    const peer = on.world.add({ name: "b", profile: "2.7" });
    on.cluster.break("secretkey");
    on.n1.push("probe/x", "v1", { seed: 1 });
    const endpoint = endpointTo(on.n1, peer.url, peer.adminPassword);
    return { ...on, endpoint, policy: policyTo(on.n1, endpoint) };
  };
  const ping = (on: Site, node: Site["n1"], id: number): { status: number; ms: number } => {
    const delivery = receive(node, "POST", "/api/v2.0/registries/ping", { body: { id } });
    if (delivery.kind !== "answer") throw new Error(delivery.kind);
    on.pass(10_000);
    return { status: delivery.response.status, ms: delivery.delayMs };
  };

  it("pings from the other node end unhealthy after two wrong passwords, both directions", () => {
    const on = setup();
    const peer = on.world.at("http://b.test");
    expect(ping(on, on.n1, on.endpoint)).toEqual({ status: 200, ms: 0 });
    expect(ping(on, on.n2, on.endpoint)).toEqual({ status: 400, ms: 3000 });
    const second = endpointTo(on.n2, peer?.url ?? "", peer?.adminPassword ?? "");
    expect(ping(on, on.n2, second)).toEqual({ status: 200, ms: 0 });
    expect(ping(on, on.n1, second)).toEqual({ status: 400, ms: 3000 });
  });

  it("executions from the other node fail without a task after four, and the account is locked meanwhile", () => {
    const on = setup();
    const { execution, task } = runOn(on, on.n2, on.policy);
    expect(execution).toMatchObject({ status: "Failed", total: 0 });
    expect(execution["status_text"]).toMatch(/prepare work for pushing.*http error: code 401/s);
    const lasted = Date.parse(textOf(execution["end_time"])) - Date.parse(textOf(execution["start_time"]));
    expect(lasted).toBeGreaterThan(6000);
    expect(task).toBeUndefined();
    expect(runOn(on, on.n1, on.policy).task).toMatchObject({ status: "Succeed" });
  });

  it("poisons the other node's logins as users, never as robots", () => {
    const on = setup();
    const peer = on.world.at("http://b.test");
    if (peer === undefined) throw new Error("no peer");
    const robot = peer.addRobot("probe", "Secret12345", [
      { kind: "project", namespace: "*", access: [{ resource: "repository", action: "pull" }] },
    ]);
    receive(on.n2, "POST", "/api/v2.0/registries/ping", { body: { id: on.endpoint } });
    expect(ask(peer, "GET", "/api/v2.0/users/current").status).toBe(401);
    expect(ask(peer, "GET", "/v2/", { as: robot, password: "Secret12345" }).status).toBe(200);
    on.pass(3001);
    expect(ask(peer, "GET", "/api/v2.0/users/current").status).toBe(200);
  });
});
