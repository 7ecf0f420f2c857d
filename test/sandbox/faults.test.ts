import { describe, expect, it } from "vitest";
import { ask, executions, pair, receive, refusal, replicate, rows, tagsOf, textOf } from "./rig.ts";

describe("faults", () => {
  it("strike the requests that are meant, so often, and end with clear", () => {
    const { a } = pair("2.9");
    a.faults.fail(503, { path: /projects/, times: 2 });
    const status = (target: string): number => ask(a, "GET", target).status;
    expect(status("/api/v2.0/ping")).toBe(200);
    expect([1, 2, 3].map(() => status("/api/v2.0/projects"))).toEqual([503, 503, 200]);
    a.faults.fail(500, { method: "POST" });
    expect(status("/api/v2.0/projects")).toBe(200);
    expect(ask(a, "POST", "/api/v2.0/projects", { body: { project_name: "x" } }).status).toBe(500);
    expect(a.faults.isDown()).toBe(false);
    a.faults.clear();
    expect(ask(a, "POST", "/api/v2.0/projects", { body: { project_name: "x" } }).status).toBe(201);
  });

  it("may come after the request took effect: the lost answer", () => {
    const { a } = pair("2.9");
    a.faults.reset({ method: "POST", times: 1 });
    expect(receive(a, "POST", "/api/v2.0/projects", { body: { project_name: "x" } }).kind).toBe("reset");
    a.faults.fail(504, { method: "POST", times: 1, applied: true });
    expect(ask(a, "POST", "/api/v2.0/projects", { body: { project_name: "y" } }).status).toBe(504);
    a.faults.reset({ method: "POST", times: 1, applied: false });
    expect(receive(a, "POST", "/api/v2.0/projects", { body: { project_name: "z" } }).kind).toBe("reset");
    expect(rows(ask(a, "GET", "/api/v2.0/projects")).map((one) => one["name"])).toEqual([
      "library",
      "x",
      "y",
    ]);
  });

  it("spoil bodies: nonsense, half of it, 429", () => {
    const { a } = pair("2.9");
    a.faults.nonsense({ times: 1 });
    expect(ask(a, "GET", "/api/v2.0/projects")).toMatchObject({
      status: 200,
      body: null,
      headers: { "content-type": "text/html" },
    });
    a.faults.truncate({ times: 1 });
    expect(ask(a, "GET", "/api/v2.0/projects")).toMatchObject({ status: 200, body: null });
    a.faults.tooMany("7", { times: 1 });
    expect(ask(a, "GET", "/api/v2.0/projects")).toMatchObject({
      status: 429,
      headers: { "retry-after": "7" },
    });
    a.faults.slow(250, { times: 1 });
    expect(receive(a, "GET", "/api/v2.0/ping")).toMatchObject({ kind: "answer", delayMs: 250 });
    a.faults.hang({ times: 1 });
    expect(receive(a, "GET", "/api/v2.0/ping").kind).toBe("hang");
  });

  it("deceive: anonymous, a hidden project, listings of nothing, a skewed clock", () => {
    const { a, clock } = pair("2.12");
    a.push("pair/app", "v1");
    a.faults.anonymous();
    expect(refusal(ask(a, "GET", "/api/v2.0/users/current")).status).toBe(401);
    expect(rows(ask(a, "GET", "/api/v2.0/projects")).map((one) => one["name"])).toEqual(["library"]);
    a.faults.clear();
    a.faults.hideProject("pair");
    expect(refusal(ask(a, "GET", "/api/v2.0/projects/pair")).status).toBe(404);
    expect(rows(ask(a, "GET", "/api/v2.0/projects/pair/artifacts"))).toEqual([]);
    expect(ask(a, "HEAD", "/v2/pair/app/manifests/v1").status).toBe(401);
    a.faults.clear();
    a.faults.emptyListing();
    for (const target of [
      "projects",
      "repositories",
      "projects/pair/repositories",
      "projects/pair/artifacts",
    ]) {
      expect(ask(a, "GET", `/api/v2.0/${target}`)).toMatchObject({ status: 200, body: [] });
    }
    expect(ask(a, "GET", "/api/v2.0/projects/pair").status).toBe(200);
    a.faults.clear();
    a.faults.clockSkew(3_600_000);
    a.push("pair/app", "v2");
    const [tag] = rows(ask(a, "GET", "/api/v2.0/projects/pair/repositories/app/artifacts/v2/tags"));
    expect(Date.parse(textOf(tag?.["push_time"])) - clock.now()).toBe(3_600_000);
  });

  it("an old backup brings ids, tags and audit of that time back", () => {
    const { a, b, settle } = pair("2.9");
    replicate(a, b);
    a.push("pair/app", "v1");
    settle();
    const before = a.snapshot();
    const backup = a.faults.backup();
    a.push("pair/app", "v1");
    a.push("pair/new", "v1");
    a.createProject("later");
    expect(a.snapshot()).not.toEqual(before);
    a.faults.restore(backup);
    settle();
    expect(a.snapshot()).toEqual(before);
    a.push("pair/app", "v2");
    settle();
    expect(tagsOf(b)["v2"]).toBe(tagsOf(a)["v2"]);
    a.faults.restore(backup);
    expect(a.snapshot()).toEqual(before);
  });

  it("down holds the Harbor's own work, which goes on afterwards with the tags of then", () => {
    const { a, b, pass, settle } = pair("2.9");
    const policy = replicate(a, b);
    a.push("pair/app", "v1");
    a.faults.down();
    pass(3_600_000);
    expect(b.tags().size).toBe(0);
    a.faults.up();
    settle();
    expect(Object.keys(tagsOf(b))).toEqual(["v1"]);
    expect(executions(a, policy)).toHaveLength(1);
  });
});

describe("watching", () => {
  it("a listener is called before each request of a client, and may push in between", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v0");
    let n = 0;
    const off = a.onRequest(({ path }) => {
      if (path.endsWith("/artifacts")) a.push("pair/app", `v${++n}`);
    });
    const target = "/api/v2.0/projects/pair/repositories/app/artifacts";
    expect(rows(ask(a, "GET", target))).toHaveLength(2);
    expect(rows(ask(a, "GET", target))).toHaveLength(3);
    off();
    expect(rows(ask(a, "GET", target))).toHaveLength(3);
  });

  it("requests of clients are counted, reads apart from writes, replication not at all", () => {
    const { a, b, settle } = pair("2.9");
    replicate(a, b);
    a.requests.clear();
    b.requests.clear();
    ask(a, "GET", "/api/v2.0/projects?page=1");
    ask(a, "POST", "/api/v2.0/registries/ping", { body: { id: 1 } });
    expect([a.requests.total(), a.requests.writes()]).toEqual([2, 0]);
    ask(a, "POST", "/api/v2.0/projects", { body: { project_name: "pair" } });
    expect(a.requests.writes()).toBe(1);
    expect(a.requests.all()[0]).toEqual({
      method: "GET",
      target: "/api/v2.0/projects?page=1",
      from: "client",
      status: 200,
    });
    a.push("pair/app", "v1");
    settle();
    expect(b.tags().size).toBe(1);
    expect([b.requests.total(), b.requests.writes()]).toEqual([0, 0]);
  });

  it("looking changes nothing that is kept", () => {
    const { a, pass } = pair("2.12");
    a.push("pair/app", "v1");
    pass(60_000);
    const before = a.snapshot();
    for (const target of [
      "projects",
      "projects/pair/artifacts",
      "repositories",
      "audit-logs",
      "registries",
      "statistics",
      "quotas",
    ]) {
      ask(a, "GET", `/api/v2.0/${target}`);
    }
    ask(a, "HEAD", "/v2/pair/app/manifests/v1");
    pass(60_000);
    expect(a.snapshot()).toEqual(before);
  });

  it("the same seed and the same deeds make the same world", () => {
    const play = (): unknown => {
      const { a, b, settle, pass } = pair("2.9");
      replicate(a, b);
      for (const tag of ["v1", "v2"]) a.push("pair/app", tag);
      pass(200);
      b.faults.down();
      pass(100_000);
      b.faults.up();
      settle();
      return [a.snapshot(), b.snapshot()];
    };
    expect(play()).toEqual(play());
  });
});
