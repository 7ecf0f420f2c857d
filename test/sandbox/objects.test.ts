import { describe, expect, it } from "vitest";
import { ask, created, executions, pair, refusal, replicate, row, rows, run, tagsOf } from "./rig.ts";

const API = "/api/v2.0";

describe("projects", () => {
  it("are changed, and deleted only when empty", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1");
    const body = { metadata: { public: "true", auto_scan: "true" } };
    expect(ask(a, "PUT", `${API}/projects/pair`, { body }).status).toBe(200);
    expect(row(ask(a, "GET", `${API}/projects/pair`, { as: "" }))["metadata"]).toEqual({
      public: "true",
      auto_scan: "true",
    });
    expect(refusal(ask(a, "DELETE", `${API}/projects/pair`)).status).toBe(412);
    expect(ask(a, "DELETE", `${API}/projects/pair/repositories/app`).status).toBe(200);
    expect(ask(a, "DELETE", `${API}/projects/pair`).status).toBe(200);
    expect(ask(a, "HEAD", `${API}/projects?project_name=pair`).status).toBe(404);
    const log = rows(ask(a, "GET", `${API}/audit-logs?sort=id`)).map((one) => [
      one["operation"],
      one["resource_type"],
    ]);
    expect(log).toEqual([
      ["create", "project"],
      ["create", "artifact"],
      ["delete", "artifact"],
      ["delete", "repository"],
      ["delete", "project"],
    ]);
  });

  it("are listed by name and visibility, and belong to who made them", () => {
    const { a } = pair("2.9");
    a.addUser("ann", "secret");
    const by = { as: "ann", password: "secret" };
    expect(ask(a, "POST", `${API}/projects`, { ...by, body: { project_name: "hers" } }).status).toBe(201);
    a.createProject("other");
    expect(rows(ask(a, "GET", `${API}/projects`, by)).map((one) => one["name"])).toEqual(["hers", "library"]);
    expect(rows(ask(a, "GET", `${API}/projects?public=false&name=er`)).map((one) => one["name"])).toEqual([
      "hers",
      "other",
    ]);
    expect(refusal(ask(a, "GET", `${API}/projects/other`, by)).status).toBe(403);
    expect(refusal(ask(a, "GET", `${API}/registries`, by))).toMatchObject({ status: 403, message: "ann" });
  });

  it("have logs of their own", () => {
    for (const [profile, path] of [
      ["2.9", "logs"],
      ["2.14", "auditlog-exts"],
    ] as const) {
      const { a } = pair(profile);
      a.push("pair/app", "v1");
      a.push("other/app", "v1");
      const log = rows(ask(a, "GET", `${API}/projects/pair/${path}?q=resource_type%3Dartifact`));
      expect(log.map((one) => one["resource"])).toEqual(["pair/app:v1"]);
    }
    const { a } = pair("2.14");
    expect(rows(ask(a, "GET", `${API}/auditlog-exts/events`))).toContainEqual({
      event_type: "create_artifact",
    });
  });
});

describe("repositories", () => {
  it("are read and described; what is not there is 404", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1");
    const target = `${API}/projects/pair/repositories/app`;
    expect(ask(a, "PUT", target, { body: { description: "mine" } }).status).toBe(200);
    expect(row(ask(a, "GET", target))).toMatchObject({
      name: "pair/app",
      description: "mine",
      artifact_count: 1,
    });
    expect(refusal(ask(a, "GET", `${API}/projects/pair/repositories/none`)).code).toBe("NOT_FOUND");
    expect(refusal(ask(a, "PATCH", target)).status).toBe(405);
    expect(ask(a, "GET", "/somewhere/else").status).toBe(404);
  });
});

describe("immutable rules", () => {
  it("protect while they are enabled", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "rel-1");
    const target = `${API}/projects/pair/immutabletagrules`;
    const rule = {
      disabled: false,
      tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "rel-*" }],
      scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoExcludes", pattern: "free" }] },
    };
    const id = created(ask(a, "POST", target, { body: rule }));
    expect(rows(ask(a, "GET", target))).toMatchObject([rule]);
    expect(() => a.deleteTag("pair/app", "rel-1")).toThrow("configured as immutable");
    a.push("pair/free", "rel-1");
    a.push("pair/free", "rel-1");
    expect(ask(a, "PUT", `${target}/${id}`, { body: { ...rule, disabled: true } }).status).toBe(200);
    a.push("pair/app", "rel-1");
    expect(ask(a, "DELETE", `${target}/${id}`).status).toBe(200);
    expect(refusal(ask(a, "DELETE", `${target}/${id}`)).status).toBe(404);
  });
});

describe("robots", () => {
  it("are listed, changed, given new secrets and removed", () => {
    const { a } = pair("2.12");
    const permissions = [
      { kind: "project", namespace: "pair", access: [{ resource: "repository", action: "pull" }] },
    ];
    const body = { name: "r", level: "project", duration: -1, permissions };
    const id = created(ask(a, "POST", `${API}/robots`, { body }));
    expect(refusal(ask(a, "POST", `${API}/robots`, { body })).status).toBe(409);
    expect(refusal(ask(a, "POST", `${API}/robots`, { body: { ...body, name: "No!" } })).status).toBe(400);
    expect(rows(ask(a, "GET", `${API}/robots`))).toMatchObject([{ name: "robot$pair+r", permissions }]);
    const fresh = row(ask(a, "PATCH", `${API}/robots/${id}`, { body: { secret: "" } }))["secret"];
    const by = { as: "robot$pair+r", password: typeof fresh === "string" ? fresh : "" };
    expect(ask(a, "GET", `${API}/users/current`, by).status).toBe(412);
    expect(ask(a, "PUT", `${API}/robots/${id}`, { body: { ...body, disable: true } }).status).toBe(200);
    expect(ask(a, "GET", `${API}/users/current`, by).status).toBe(401);
    expect(ask(a, "DELETE", `${API}/robots/${id}`).status).toBe(200);
    expect(refusal(ask(a, "GET", `${API}/robots/${id}`)).status).toBe(404);
  });
});

describe("configuration", () => {
  it("shows what the release knows, to administrators", () => {
    const { a } = pair("2.1");
    expect(row(ask(a, "GET", `${API}/configurations`))).not.toHaveProperty("skip_audit_log_database");
    expect(refusal(ask(a, "GET", `${API}/configurations`, { as: "" })).status).toBe(401);
    expect(refusal(ask(a, "GET", `${API}/retentions/1`)).status).toBe(404);
    expect(ask(a, "GET", `${API}/projects/library/webhook/policies`)).toMatchObject({
      status: 200,
      body: [],
    });
  });

  it("can switch the audit log off", () => {
    const { a } = pair("2.9");
    ask(a, "PUT", `${API}/configurations`, { body: { skip_audit_log_database: true, unknown: 1 } });
    a.push("pair/app", "v1");
    expect(rows(ask(a, "GET", `${API}/audit-logs`))).toEqual([]);
  });
});

describe("signatures by tag", () => {
  it("are accessories in 2.7, plain artifacts in 2.1, and are known before their subject comes", () => {
    for (const [profile, listed] of [
      ["2.1", 2],
      ["2.7", 1],
    ] as const) {
      const on = pair(profile, "2.7");
      const subject = on.a.push("pair/app", "v1");
      const signature = on.a.sign("pair/app", subject);
      expect(rows(ask(on.a, "GET", `${API}/projects/pair/repositories/app/artifacts`))).toHaveLength(listed);
      expect(Object.values(tagsOf(on.a))).toContain(signature);
      run(on, on.a, replicate(on.a, on.b));
      expect(on.b.accessories("pair/app", subject)).toEqual([signature]);
    }
  });
});

describe("labels in filters", () => {
  it("never match a push, and excluding them always passes", () => {
    const { a, b, settle } = pair("2.9");
    const matching = replicate(a, b, { filters: [{ type: "label", value: ["ready"] }] });
    const excluding = replicate(a, b, {
      filters: [{ type: "label", value: ["ready"], decoration: "excludes" }],
    });
    a.push("pair/app", "v1");
    settle();
    expect(executions(a, matching)).toEqual([]);
    expect(executions(a, excluding)).toHaveLength(1);
  });
});

describe("a plain registry as endpoint", () => {
  it("is not asked when the endpoint is made, so that its outage fails the task and gets three runs", () => {
    const on = pair("2.9");
    const { a, b, settle } = on;
    const credential = { type: "basic", access_key: "admin", access_secret: b.adminPassword };
    const body = { name: "plain", type: "docker-registry", url: b.url, credential };
    const endpoint = created(ask(a, "POST", `${API}/registries`, { body }));
    const policy = {
      name: "p",
      dest_registry: { id: endpoint },
      enabled: true,
      trigger: { type: "event_based" },
    };
    const id = created(ask(a, "POST", `${API}/replication/policies`, { body: policy }));
    b.faults.down();
    a.push("library/app", "v1");
    settle();
    expect(executions(a, id)).toMatchObject([{ status: "Failed", total: 1, failed: 1 }]);
    b.faults.up();
    a.push("library/app", "v2");
    settle();
    expect(Object.keys(tagsOf(b, "library/app"))).toEqual(["v2"]);
  });
});
