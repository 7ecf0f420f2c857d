import { describe, expect, it } from "vitest";
import { type Site, createdAt, csrfOf, keyId, logIn, site, statusOf, withSession } from "./cluster-rig.ts";
import { ask, row } from "./rig.ts";

const X = "/v2/probe/x/manifests/v1";

describe("processes", () => {
  it("core-down: nobody answers there, and the front goes to the others", () => {
    const on = site();
    on.cluster.break("core-down");
    expect(statusOf(on.n2, "GET", "/api/v2.0/ping")).toBe(0);
    const front = Array.from({ length: 4 }, () => {
      const request = {
        method: "GET",
        path: "/api/v2.0/ping",
        query: "",
        headers: {},
        body: Buffer.alloc(0),
      };
      return on.cluster.front.receive(request);
    });
    expect(front.map((one) => (one.kind === "answer" ? one.response.status : one.kind))).toEqual([
      200, 200, 200, 200,
    ]);
    on.cluster.mend();
    expect(statusOf(on.n2, "GET", "/api/v2.0/ping")).toBe(200);
  });

  it.each([
    ["registry-down", "registry"],
    ["jobservice-down", "jobservice"],
    ["registryctl-down", "registryctl"],
  ] as const)("%s: health tells within ten seconds, with 200", (fault, part) => {
    const on = site();
    const unhealthy = (): unknown => {
      const body = row(ask(on.n2, "GET", "/api/v2.0/health"));
      const parts = body["components"] as unknown as { name: string; status: string; error?: string }[];
      return parts
        .filter((one) => one.status !== "healthy")
        .map((one) => [one.name, one.error?.includes("refused")]);
    };
    on.cluster.break(fault);
    expect(unhealthy()).toEqual([]);
    on.pass(10_000);
    expect(unhealthy()).toEqual([[part, true]]);
    on.cluster.mend();
    expect(unhealthy()).toEqual([[part, true]]);
    on.pass(10_000);
    expect(unhealthy()).toEqual([]);
  });

  it("registry-down: what Harbor knows by itself is answered still", () => {
    const on = site();
    on.n1.push("probe/x", "v1", { seed: 1 });
    on.cluster.break("registry-down");
    const anonymous = ask(on.n2, "GET", "/v2/", { as: "" }).status;
    expect([statusOf(on.n2, "GET", "/v2/"), anonymous]).toEqual([502, 401]);
    expect([statusOf(on.n2, "HEAD", X), ask(on.n2, "GET", X).text]).toEqual([502, ""]);
    expect(statusOf(on.n2, "GET", "/v2/probe/x/tags/list")).toBe(200);
    expect(statusOf(on.n2, "HEAD", "/v2/probe/x/manifests/none")).toBe(404);
  });
});

it("realm: one node sends its clients elsewhere, the others to the front", () => {
  const on = site();
  const realms = (): string[] =>
    [on.n1, on.n2].map((node) => ask(node, "GET", "/v2/", { as: "" }).headers["www-authenticate"] ?? "");
  expect(new Set(realms())).toEqual(
    new Set([`Bearer realm="${on.cluster.front.url}/service/token",service="harbor-registry"`]),
  );
  on.cluster.break("realm");
  const [first, second] = realms();
  expect(first).toContain(`realm="${on.cluster.front.url}/`);
  expect(second).not.toContain(on.cluster.front.url);
  const external = (node: Site["n1"]) => row(ask(node, "GET", "/api/v2.0/systeminfo"))["external_url"];
  expect(external(on.n1)).toBe(on.cluster.front.url);
  expect(external(on.n2)).not.toBe(on.cluster.front.url);
});

it("registries of their own may share a Redis: the one takes the other's sessions and jobs", () => {
  const on = site("2.9", { database: false, storage: false });
  expect(createdAt(on, "n1")).not.toBe(createdAt(on, "n2"));
  expect(keyId(on.n1)).not.toBe(keyId(on.n2));
  const login = logIn(on.n1);
  expect(withSession(on.n2, { ...login, csrf: csrfOf(on.n2) })).toEqual({ current: 200, mutate: 201 });
  const apart = site("2.9", { database: false, storage: false, redis: false });
  expect(withSession(apart.n2, logIn(apart.n1)).current).toBe(401);
});
