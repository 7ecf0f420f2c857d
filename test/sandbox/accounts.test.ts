import { describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Permission } from "../../src/sandbox/state.ts";
import { ask, created, pair, refusal, row, rows, textOf } from "./rig.ts";

const project = (access: string[]): Permission => ({
  kind: "project",
  namespace: "*",
  access: access.map((one) => ({ resource: one.split(":")[0] ?? "", action: one.split(":")[1] ?? "" })),
});
const system = (access: string[]): Permission => ({ ...project(access), kind: "system", namespace: "/" });

describe("wrong credentials", () => {
  it("are anonymous, not refused: public content answers 200", () => {
    const { a } = pair("2.9");
    a.createProject("secret");
    const answer = ask(a, "GET", "/api/v2.0/projects", { password: "wrong" });
    expect(rows(answer).map((one) => one["name"])).toEqual(["library"]);
    expect(refusal(ask(a, "GET", "/api/v2.0/users/current", { password: "wrong" })).status).toBe(401);
  });

  it("lock the name for 1.5 s, right ones too, and hold the answer back", () => {
    const { a, pass } = pair("2.9");
    const login = Buffer.from("admin:wrong").toString("base64");
    const request = { method: "GET", path: "/api/v2.0/users/current", query: "", body: Buffer.alloc(0) };
    const delivery = a.receive({ ...request, headers: { authorization: `Basic ${login}` } });
    expect(delivery).toMatchObject({ kind: "answer", delayMs: 1500 });
    expect(ask(a, "GET", "/api/v2.0/users/current").status).toBe(401);
    pass(1500);
    expect(ask(a, "GET", "/api/v2.0/users/current").status).toBe(200);
  });

  it("of a robot lock nobody", () => {
    const { a } = pair("2.9");
    const as = a.addRobot("r", "secret", [project(["repository:pull"])]);
    expect(ask(a, "GET", "/api/v2.0/users/current", { as, password: "wrong" }).status).toBe(401);
    expect(ask(a, "GET", "/api/v2.0/users/current", { as, password: "secret" }).status).toBe(412);
  });

  it("get a token that opens nothing, with 200; without a scope 401", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1");
    const target = "/service/token?service=harbor-registry&scope=repository:pair/app:pull";
    const bearer = (password: string): number => {
      const { token } = row(ask(a, "GET", target, { password }));
      const headers = { authorization: `Bearer ${textOf(token)}` };
      return ask(a, "HEAD", "/v2/pair/app/manifests/v1", { as: "", headers }).status;
    };
    expect(bearer(a.adminPassword)).toBe(200);
    expect(bearer("wrong")).toBe(401);
    expect(ask(a, "GET", "/service/token?service=harbor-registry", { as: "" }).status).toBe(401);
  });
});

describe("a token", () => {
  it("ends after half an hour and is worth nothing outside /v2", () => {
    const { a, pass } = pair("2.9");
    a.push("pair/app", "v1");
    const { token } = row(
      ask(a, "GET", "/service/token?service=harbor-registry&scope=repository:pair/app:pull"),
    );
    const headers = { authorization: `Bearer ${textOf(token)}` };
    expect(ask(a, "GET", "/api/v2.0/users/current", { as: "", headers }).status).toBe(401);
    pass(1_799_000);
    expect(ask(a, "GET", "/v2/", { as: "", headers }).status).toBe(200);
    pass(2000);
    expect(ask(a, "GET", "/v2/", { as: "", headers }).status).toBe(401);
  });
});

describe("a robot", () => {
  it("is no user, sees an empty audit log with 200, and is refused by name", () => {
    const { a } = pair("2.12");
    a.push("pair/app", "v1");
    const as = a.addRobot("r", "s", [project(["repository:list", "artifact:list"])]);
    const by = { as, password: "s" };
    expect(refusal(ask(a, "GET", "/api/v2.0/users/current", by)).code).toBe("PRECONDITION");
    expect(ask(a, "GET", "/api/v2.0/audit-logs", by)).toMatchObject({ status: 200, body: [] });
    expect(refusal(ask(a, "GET", "/api/v2.0/registries", by))).toMatchObject({ status: 403, message: as });
    expect(refusal(ask(a, "GET", "/api/v2.0/configurations", by)).status).toBe(403);
    expect(rows(ask(a, "GET", "/api/v2.0/projects/pair/artifacts", by))).toHaveLength(1);
    expect(refusal(ask(a, "GET", "/api/v2.0/projects/ghost", by)).status).toBe(403);
    expect(refusal(ask(a, "DELETE", "/api/v2.0/projects/pair/repositories/app", by)).status).toBe(403);
  });

  it("with rights on the system loses those on projects up to 2.9", () => {
    for (const [profile, status] of [
      ["2.9", 403],
      ["2.12", 200],
    ] as const) {
      const { a } = pair(profile);
      a.push("pair/app", "v1");
      const as = a.addRobot("r", "s", [system(["replication-policy:list"]), project(["repository:list"])]);
      const by = { as, password: "s" };
      expect(ask(a, "GET", "/api/v2.0/replication/policies", by).status).toBe(200);
      expect(ask(a, "GET", "/api/v2.0/projects/pair/repositories", by).status).toBe(status);
    }
  });

  it("made over the API shows its secret once and can push what it may", () => {
    const { a } = pair("2.12");
    a.push("pair/app", "v1");
    const permission = project(["repository:pull", "repository:push"]);
    const answer = ask(a, "POST", "/api/v2.0/robots", {
      body: {
        name: "pusher",
        level: "system",
        duration: -1,
        permissions: [{ ...permission, access: permission.access.map((one) => ({ ...one })) }],
      },
    });
    expect(created(answer)).toBe(1);
    const { name, secret } = row(answer);
    expect(row(ask(a, "GET", "/api/v2.0/robots/1"))).not.toHaveProperty("secret");
    const by = { as: textOf(name), password: textOf(secret) };
    expect(ask(a, "POST", "/v2/pair/app/blobs/uploads/", by).status).toBe(202);
    expect(ask(a, "DELETE", `/v2/pair/app/manifests/sha256:${"0".repeat(64)}`, by).status).toBe(401);
  });
});

describe("a robot's rights, as they were seen on running Harbors", () => {
  const by = (sandbox: Sandbox, permissions: Permission[]): { as: string; password: string } => ({
    as: sandbox.addRobot("seen", "s", permissions),
    password: "s",
  });

  it.each(["2.7", "2.9", "2.14"] as const)(
    "on %s: without any on projects not even what is public may be read",
    (profile) => {
      const { a } = pair(profile);
      a.push("library/app", "v1");
      const path = "/api/v2.0/projects/library/repositories";
      expect(ask(a, "GET", path, by(a, [system(["audit-log:list"])])).status).toBe(403);
      expect(ask(a, "GET", path, { as: "" }).status).toBe(200);
      const elsewhere = { ...project(["repository:pull"]), namespace: "pair" };
      const other = { as: a.addRobot("other", "s", [elsewhere]), password: "s" };
      expect(ask(a, "GET", path, other).status).toBe(200);
    },
  );

  it.each([
    ["2.7", 403],
    ["2.9", 200],
  ] as const)("on %s: a private project is read singly with %i", (profile, status) => {
    const { a } = pair(profile);
    a.createProject("secret");
    const login = by(a, [project(["project:read"])]);
    expect(ask(a, "GET", "/api/v2.0/projects/secret", login).status).toBe(status);
    expect(ask(a, "GET", "/api/v2.0/projects/library", login).status).toBe(200);
    expect(rows(ask(a, "GET", "/api/v2.0/projects", login)).map((one) => one["name"])).toContain("secret");
  });

  it.each(["2.7", "2.14"] as const)("on %s: who may create projects depends on the setting", (profile) => {
    const { a } = pair(profile);
    const create = (name: string, login: { as: string; password: string }): number =>
      ask(a, "POST", "/api/v2.0/projects", { ...login, body: { project_name: name } }).status;
    const without = by(a, [project(["repository:pull"])]);
    expect(create("", without)).toBe(400);
    expect(create("one", without)).toBe(201);
    ask(a, "PUT", "/api/v2.0/configurations", { body: { project_creation_restriction: "adminonly" } });
    expect(create("two", without)).toBe(403);
    const having = { as: a.addRobot("having", "s", [system(["project:create"])]), password: "s" };
    expect(create("two", having)).toBe(201);
  });

  it("lets quotas be listed, from 2.2 on", () => {
    const { a } = pair("2.9");
    expect(ask(a, "GET", "/api/v2.0/quotas", by(a, [system(["quota:list"])])).status).toBe(200);
    const other = { as: a.addRobot("other", "s", [system(["quota:update"])]), password: "s" };
    expect(ask(a, "GET", "/api/v2.0/quotas", other).status).toBe(403);
  });

  it("stand in a token whole, whatever was asked for", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1");
    const actions = (login: { as: string; password: string }, repository: string): unknown => {
      const target = `/service/token?service=harbor-registry&scope=repository:${repository}:pull`;
      const { token } = row(ask(a, "GET", target, login));
      const claims = Buffer.from(textOf(token).split(".")[1] ?? "", "base64url").toString();
      return (JSON.parse(claims) as { access: unknown }).access;
    };
    const login = by(a, [project(["repository:pull", "repository:push"])]);
    expect(actions(login, "pair/any")).toEqual([
      { type: "repository", name: "pair/any", actions: ["pull", "push"] },
    ]);
    expect(actions(login, "ghost/any")).toEqual([{ type: "repository", name: "ghost/any", actions: [] }]);
  });
});

describe("a session cookie", () => {
  it("is given with every answer, and turns writes into 403", () => {
    const { a } = pair("2.9");
    const { headers } = ask(a, "GET", "/api/v2.0/ping");
    const cookie = textOf(headers["set-cookie"]).split(";")[0] ?? "";
    const body = { project_name: "x" };
    expect(ask(a, "POST", "/api/v2.0/projects", { body, headers: { cookie } }).status).toBe(403);
    expect(ask(a, "POST", "/api/v2.0/projects", { body }).status).toBe(201);
  });
});
