import { describe, expect, it } from "vitest";
import {
  csrfOf,
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
import { ask, receive, row } from "./rig.ts";

const X = "/v2/probe/x/manifests/v1";

describe("storage", () => {
  it("a copied storage becomes right in one direction, never in the other", () => {
    const on = site();
    on.cluster.break("storage-stale", { byMs: 5000 });
    on.n1.push("probe/x", "v1", { seed: 1 });
    expect(ask(on.n2, "GET", X).status).toBe(404);
    on.pass(5000);
    expect(ask(on.n2, "GET", X).status).toBe(200);
    on.n2.push("probe/x", "v2", { seed: 2 });
    on.pass(60_000);
    expect(ask(on.n1, "GET", "/v2/probe/x/manifests/v2").status).toBe(404);
  });

  it("what was there before is on both sides, and listings are right on either", () => {
    const on = site();
    on.n1.push("probe/x", "v1", { seed: 1 });
    on.cluster.break("storage");
    on.n1.push("probe/x", "v2", { seed: 2 });
    expect([ask(on.n2, "GET", X).status, statusOf(on.n2, "GET", "/v2/probe/x/manifests/v2")]).toEqual([
      200, 404,
    ]);
    expect(row(ask(on.n2, "GET", "/v2/probe/x/tags/list"))["tags"]).toEqual(["v1", "v2"]);
  });

  it("delays are healthy: later on the other node, at once on the own one", () => {
    const on = site();
    on.cluster.visibility(() => 700);
    const digest = on.n1.push("probe/x", "v1", { seed: 1, size: 500 });
    const [layer = ""] = layersOf(on, digest);
    const content = (): unknown[] => [
      ask(on.n1, "GET", X).status,
      statusOf(on.n2, "GET", X),
      receive(on.n2, "GET", `/v2/probe/x/blobs/${layer}`).kind,
      movedUpload(on.n1, on.n2).statuses[1],
    ];
    expect(content()).toEqual([200, 404, "reset", 404]);
    on.pass(699);
    expect(statusOf(on.n2, "GET", X)).toBe(404);
    on.pass(1);
    expect(content()).toEqual([200, 200, "answer", 404]);
    on.cluster.visibility(() => 0);
    expect(content()).toEqual([200, 200, "answer", 202]);
  });
});

describe("redis and csrf-key", () => {
  it("a login gives two cookies, of which the last is the session", () => {
    const on = site();
    const { answer, sid, csrf } = logIn(on.n1);
    const [first = ""] = (answer.headers["set-cookie"] ?? "").split(";");
    expect(first).toMatch(/^sid=/);
    expect(withSession(on.n1, { sid: first, csrf }).current).toBe(401);
    expect(withSession(on.n1, { sid, csrf })).toEqual({ current: 200, mutate: 201 });
    expect(
      ask(on.n1, "GET", "/api/v2.0/users/current", { as: "", headers: { cookie: sid } }).headers,
    ).not.toHaveProperty("set-cookie", expect.stringContaining("sid="));
  });

  it("a wrong password, and no token at all, are refused", () => {
    const { n1 } = site();
    const { cookie, token: csrf } = csrfOf(n1);
    const body = Buffer.from("principal=admin&password=wrong");
    const login = (headers: Record<string, string>) =>
      ask(n1, "POST", "/c/login", { as: "", headers, body }).status;
    expect(login({ cookie, "x-harbor-csrf-token": csrf })).toBe(401);
    expect(login({})).toBe(403);
  });

  it("with another CSRF key the other node takes only its own token", () => {
    const on = site();
    on.cluster.break("csrf-key");
    const login = logIn(on.n1);
    expect(withSession(on.n2, login)).toEqual({ current: 200, mutate: 403 });
    expect(withSession(on.n2, { ...login, csrf: csrfOf(on.n2) })).toEqual({ current: 200, mutate: 201 });
    const { cookie, token: csrf } = login.csrf;
    const body = Buffer.from(`principal=admin&password=${on.n1.adminPassword}`);
    const headers = { cookie, "x-harbor-csrf-token": csrf };
    expect(ask(on.n2, "POST", "/c/login", { as: "", headers, body }).status).toBe(403);
  });

  it("with an own queue every job runs where it was started", () => {
    const on = site();
    on.cluster.break("redis");
    const peer = on.world.add({ name: "b", profile: "2.7" });
    on.n1.push("probe/x", "v1", { seed: 1 });
    const policy = policyTo(on.n1, endpointTo(on.n1, peer.url, peer.adminPassword));
    for (const node of [on.n1, on.n2, on.n1, on.n2])
      expect(runOn(on, node, policy).logs).toEqual([node.name]);
  });
});
