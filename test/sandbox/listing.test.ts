import { describe, expect, it } from "vitest";
import { PROFILE_NAMES } from "../../src/sandbox/profile.ts";
import { ask, pair, refusal, rows, textOf } from "./rig.ts";

const ARTIFACTS = "/api/v2.0/projects/pair/repositories/app/artifacts";

describe("pages", () => {
  it("hold ten by default, a hundred at most, everything with 0 or -1", () => {
    const { a } = pair("2.9");
    a.fill({ projects: 1, repositories: 1, tags: 130, prefix: "p" });
    const target = "/api/v2.0/projects/p0/repositories/repo0/artifacts";
    const sizes = ["", "?page_size=100", "?page_size=0", "?page_size=-1", "?page_size=100&page=2"].map(
      (query) => rows(ask(a, "GET", `${target}${query}`)).length,
    );
    expect(sizes).toEqual([10, 100, 130, 130, 30]);
    expect(refusal(ask(a, "GET", `${target}?page_size=101`))).toMatchObject({
      status: 422,
      code: "UNPROCESSABLE_ENTITY",
    });
    expect(refusal(ask(a, "GET", `${target}?page=x`)).status).toBe(422);
    const { headers } = ask(a, "GET", `${target}?page_size=50&page=2&q=${encodeURIComponent("tags=*")}`);
    expect(headers["x-total-count"]).toBe("130");
    expect(headers["link"]).toBe(
      `<${target}?page=1&page_size=50&q=tags=*>; rel="prev" , <${target}?page=3&page_size=50&q=tags=*>; rel="next"`,
    );
  });

  it.each(PROFILE_NAMES.filter((name) => name !== "2.1"))(
    "by key visit every artifact once on %s, whatever is pushed meanwhile",
    (profile) => {
      const { a } = pair(profile);
      for (let n = 0; n < 25; n++) a.push("pair/app", `v${n}`);
      const seen: string[] = [];
      for (let last = 0; ;) {
        const q = encodeURIComponent(`id=[${last + 1}~]`);
        const page = rows(ask(a, "GET", `${ARTIFACTS}?sort=id&page_size=4&q=${q}`));
        if (page.length === 0) break;
        last = Number(page.at(-1)?.["id"]);
        seen.push(...page.map((one) => textOf(one["digest"])));
        if (seen.length === 8) a.push("pair/app", "v1");
      }
      expect(seen).toHaveLength(26);
      expect(new Set(seen).size).toBe(26);
    },
  );

  it("cannot be sorted in 2.1, where `sort` is ignored", () => {
    for (const [profile, first] of [
      ["2.1", "v2"],
      ["2.7", "v1"],
    ] as const) {
      const { a, pass } = pair(profile);
      for (const tag of ["v1", "v2"]) {
        a.push("pair/app", tag);
        pass(1000);
      }
      const [newest] = rows(ask(a, "GET", `${ARTIFACTS}?sort=id`));
      expect(newest?.["tags"]).toMatchObject([{ name: first }]);
    }
  });

  it("by offset shift under writes", () => {
    const { a } = pair("2.9");
    for (let n = 0; n < 20; n++) a.push("pair/app", `v${n}`);
    const first = rows(ask(a, "GET", ARTIFACTS)).map((one) => one["id"]);
    a.push("pair/app", "new");
    const second = rows(ask(a, "GET", `${ARTIFACTS}?page=2`)).map((one) => one["id"]);
    expect(second.filter((id) => first.includes(id))).toHaveLength(1);
  });
});

describe("conditions", () => {
  it("ask for tags, digests, children and ids; unknown ones are ignored", () => {
    const { a } = pair("2.9");
    const first = a.push("pair/app", "v1");
    a.push("pair/app", "v1");
    a.pushIndex("pair/app", "all", ["amd64", "arm64"]);
    const count = (q: string): number =>
      rows(ask(a, "GET", `${ARTIFACTS}?q=${encodeURIComponent(q)}`)).length;
    expect(count("")).toBe(3);
    expect(count("base=*")).toBe(5);
    expect(count("tags=*")).toBe(2);
    expect(count("tags=nil")).toBe(1);
    expect(count("tags=v1")).toBe(1);
    expect(count("tags=~v")).toBe(1);
    expect(count(`digest=${first}`)).toBe(1);
    expect(count("nonsense=1")).toBe(3);
    expect(refusal(ask(a, "GET", `${ARTIFACTS}?q=broken`)).status).toBe(400);
  });

  it("are decoded twice", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "a+b".replace("+", "_"));
    const twice = encodeURIComponent(encodeURIComponent("name=~pair"));
    expect(rows(ask(a, "GET", `/api/v2.0/repositories?q=${twice}`))).toHaveLength(1);
  });

  it("find projects by several names, and audit entries by time", () => {
    const { a, pass } = pair("2.9");
    for (const name of ["one", "two", "three"]) a.createProject(name);
    const q = encodeURIComponent("name={'one' 'two'}");
    expect(rows(ask(a, "GET", `/api/v2.0/projects?q=${q}`)).map((one) => one["name"])).toEqual([
      "one",
      "two",
    ]);
    pass(3_600_000);
    a.createProject("later");
    const since = encodeURIComponent("op_time=[2026-01-01T00:30:00~]");
    expect(rows(ask(a, "GET", `/api/v2.0/audit-logs?q=${since}`)).map((one) => one["resource"])).toEqual([
      "later",
    ]);
  });
});

describe("names", () => {
  it("of repositories may be encoded once or twice, numbers are ids unless told otherwise", () => {
    const { a } = pair("2.9");
    a.push("pair/deep/app", "v1");
    for (const name of ["deep%2Fapp", "deep%252Fapp"]) {
      expect(rows(ask(a, "GET", `/api/v2.0/projects/pair/repositories/${name}/artifacts`))).toHaveLength(1);
    }
    a.createProject("99");
    expect(refusal(ask(a, "GET", "/api/v2.0/projects/99")).status).toBe(404);
    expect(ask(a, "GET", "/api/v2.0/projects/99", { headers: { "x-is-resource-name": "true" } }).status).toBe(
      200,
    );
  });

  it("that do not exist list as nothing to an administrator, but not in 2.1", () => {
    for (const [profile, status] of [
      ["2.1", 403],
      ["2.9", 200],
    ] as const) {
      const { a } = pair(profile);
      expect(ask(a, "GET", "/api/v2.0/projects/ghost/repositories/ghost/artifacts").status).toBe(status);
    }
  });
});

describe("what came later", () => {
  it.each(PROFILE_NAMES)("is there or not on %s", (profile) => {
    const { a } = pair(profile);
    const { minor } = a.profile;
    a.push("pair/app", "v1");
    const there = (target: string): boolean => ask(a, "GET", target).status !== 404;
    expect(there("/api/v2.0/projects/pair/artifacts")).toBe(minor >= 12);
    expect(there("/api/v2.0/auditlog-exts")).toBe(minor >= 13);
    expect(there("/api/v2.0/repositories")).toBe(minor >= 3);
    expect(there("/api/v2.0/robots")).toBe(minor >= 2);
    expect(there(`/v2/pair/app/referrers/sha256:${"0".repeat(64)}`)).toBe(minor >= 8);
    const anonymous = ask(a, "GET", "/api/v2.0/systeminfo", { as: "" }).body;
    expect(Object.keys(anonymous ?? {}).includes("harbor_version")).toBe(minor < 13);
    const old = rows(ask(a, "GET", "/api/v2.0/audit-logs"));
    expect(old.length > 0).toBe(minor < 13);
  });

  it("update times of repositories move with pushes from 2.16 on", () => {
    for (const [profile, moves] of [
      ["2.14", false],
      ["2.16", true],
    ] as const) {
      const { a, pass } = pair(profile);
      a.push("pair/app", "v1");
      const [before] = rows(ask(a, "GET", "/api/v2.0/repositories"));
      pass(60_000);
      a.push("pair/app", "v2");
      const [after] = rows(ask(a, "GET", "/api/v2.0/repositories"));
      expect(after?.["update_time"] !== before?.["update_time"]).toBe(moves);
    }
  });

  it("the audit log names what happened in the words of its release", () => {
    const resources = (profile: "2.9" | "2.12" | "2.14"): unknown[] => {
      const { a } = pair(profile);
      a.push("pair/app", "v1", { seed: 1 });
      a.deleteArtifact("pair/app", "v1");
      const target = a.profile.minor >= 13 ? "/api/v2.0/auditlog-exts" : "/api/v2.0/audit-logs";
      const list = rows(ask(a, "GET", `${target}?sort=id&q=resource_type%3Dartifact`));
      return list.map((one) => [
        one["operation"],
        textOf(one["resource"]).replace(/sha256:\w+/, "D"),
        textOf(one["operation_description"]).replace(/sha256:\w+/, "D"),
      ]);
    };
    expect(resources("2.9")).toEqual([
      ["create", "pair/app:v1", "null"],
      ["delete", "pair/app:D", "null"],
    ]);
    expect(resources("2.12")).toEqual([
      ["create", "pair/app:v1", "null"],
      ["delete", "pair/app@D", "null"],
    ]);
    expect(resources("2.14")).toEqual([
      ["create", "pair/app:v1", "push artifact: pair/app@D"],
      ["delete", "pair/app@D", "delete artifact: pair/app@D"],
    ]);
  });
});
