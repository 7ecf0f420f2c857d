import { describe, expect, test } from "vitest";
import { pathWith, queryOf } from "../../src/harbor/api-address.ts";
import { capabilitiesOf, dialectOf } from "../../src/harbor/capabilities.ts";
import { printable, redactedUrl } from "../../src/harbor/redact.ts";
import { isSupported, parseVersion } from "../../src/harbor/version.ts";
import { listOf, WireObject } from "../../src/harbor/wire-object.ts";

interface Wire {
  readonly a?: string;
  readonly n?: number;
  readonly b?: boolean;
  readonly t?: string;
  readonly o?: { readonly a?: string };
  readonly l?: readonly { readonly a?: string }[] | null;
}
const read = (value: unknown): WireObject<Wire> => new WireObject<Wire>(value, "thing");

describe("fields", () => {
  test.each([[{}], [{ a: null, n: null, b: null, t: null, o: null, l: null }]])(
    "absent ones are empty: %j",
    (wire) => {
      const one = read(wire);
      expect([
        one.text("a"),
        one.count("n"),
        one.flag("b"),
        one.instant("t"),
        one.object("o"),
        one.list("l"),
      ]).toEqual(["", 0, false, undefined, undefined, []]);
      expect(one.has("a")).toBe(false);
    },
  );

  test.each(["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", ""])("the time %j is none", (t) => {
    expect(read({ t }).instant("t")).toBeUndefined();
  });

  test("times with more digits than milliseconds are read", () => {
    expect(read({ t: "2026-11-21T22:58:42.960213Z" }).instant("t")).toBe(
      Date.UTC(2026, 10, 21, 22, 58, 42, 960),
    );
  });

  test.each([
    ["text", { a: 1 }, "thing.a", (one: WireObject<Wire>) => one.text("a")],
    ["count", { n: "1" }, "thing.n", (one: WireObject<Wire>) => one.count("n")],
    ["id", {}, "thing.n", (one: WireObject<Wire>) => one.id("n")],
    ["id", { n: 1.5 }, "thing.n", (one: WireObject<Wire>) => one.id("n")],
    ["flag", { b: "true" }, "thing.b", (one: WireObject<Wire>) => one.flag("b")],
    ["instant", { t: "yesterday" }, "thing.t", (one: WireObject<Wire>) => one.instant("t")],
    ["object", { o: [] }, "thing.o", (one: WireObject<Wire>) => one.object("o")],
    ["list", { l: {} }, "thing.l", (one: WireObject<Wire>) => one.list("l")],
    ["row", { l: [{}, 3] }, "thing.l[1]", (one: WireObject<Wire>) => one.list("l")],
    [
      "field of a row",
      { l: [{ a: 1 }] },
      "thing.l[0].a",
      (one: WireObject<Wire>) => one.list("l")[0]?.text("a"),
    ],
  ])("a %s of another type is named by its path: %j", (_, wire, path, get) => {
    expect(() => get(read(wire))).toThrow(expect.objectContaining({ code: "HARBOR_NONSENSE" }) as Error);
    expect(() => get(read(wire))).toThrow(path);
  });

  test.each([[null], [3], ["x"], [[]]])("%j is no object", (value) => {
    expect(() => read(value)).toThrow("thing");
    expect(() => listOf<Wire>({}, "things")).toThrow("things");
  });
});

describe("versions", () => {
  test.each([
    ["v2.9.0-0d3a1b2c", [2, 9, 0]],
    ["v2.1.6-", [2, 1, 6]],
    ["2.12.4", [2, 12, 4]],
    ["v2.16-dev", [2, 16, 0]],
    ["v1.10.2", [1, 10, 2]],
  ])("%s", (text, [major, minor, patch]) => {
    expect(parseVersion(text)).toEqual({ major, minor, patch, text });
  });

  test.each(["", "dev", "v2", "v2.x.1", "two"])("%j is none", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test.each([
    ["2.0.9", false],
    ["2.1.0", true],
    ["2.99.0", true],
    ["3.0.0", false],
    ["1.99.0", false],
  ])("%s is spoken with: %s", (text, expected) => {
    const version = parseVersion(text);
    expect(version !== undefined && isSupported(version)).toBe(expected);
  });

  test.each([
    ["2.1.6", []],
    ["2.4.0", ["excludingFilters", "namespaceReplaceCount", "speed"]],
    [
      "2.8.9",
      ["accessories", "copyByChunk", "excludingFilters", "namespaceReplaceCount", "speed", "subjects"],
    ],
    [
      "2.12.0",
      [
        "accessories",
        "copyByChunk",
        "excludingFilters",
        "namespaceReplaceCount",
        "projectArtifacts",
        "speed",
        "strictCron",
        "subjects",
      ],
    ],
  ])("%s can do %j", (text, expected) => {
    const able = capabilitiesOf(parseVersion(text)!);
    expect(
      Object.entries(able)
        .flatMap(([name, has]) => (has ? [name] : []))
        .sort(),
    ).toEqual(expected);
  });

  test("everything that is known is there in 2.16", () => {
    const version = parseVersion("2.16.0")!;
    expect(Object.values(capabilitiesOf(version)).every(Boolean)).toBe(true);
    expect(Object.values(dialectOf(version)).every(Boolean)).toBe(true);
    expect(Object.values(dialectOf(parseVersion("2.1.0")!)).some(Boolean)).toBe(false);
  });
});

describe("addresses", () => {
  test("a repository is encoded twice, the rest once", () => {
    const template = "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}";
    expect(pathWith(template, { project_name: "p q", repository_name: "a/b", reference: "sha256:ab" })).toBe(
      "/projects/p%20q/repositories/a%252Fb/artifacts/sha256%3Aab",
    );
  });

  test("a query has no plus signs and leaves out what is undefined", () => {
    expect(queryOf({ q: "id=[5~],name=~a b+c", page: 1, sort: undefined, with_tag: true })).toBe(
      "?q=id%3D%5B5~%5D%2Cname%3D~a%20b%2Bc&page=1&with_tag=true",
    );
    expect(queryOf({})).toBe("");
  });

  test.each([
    ["https://u:p@h:8443/a/b?page=2&token=x&_state=y#f", "https://h:8443/a/b?page=2&token=…&_state=…"],
    ["http://h/", "http://h/"],
    ["nowhere", "(not a URL)"],
  ])("%s is printed as %s", (address, expected) => {
    expect(redactedUrl(address)).toBe(expected);
  });

  test("secrets are masked, the longer ones first, and lines and lengths are kept small", () => {
    expect(printable("a\n\tsecret-long secret", ["secret", "secret-long"])).toBe("a *** ***");
    expect(printable("x".repeat(400), [])).toHaveLength(301);
  });
});
