import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/topology/duration.ts";
import { markOf, ownedBy } from "../../src/topology/mark.ts";
import { normalUrl } from "../../src/topology/registry-url.ts";
import { makeSecret } from "../../src/topology/secret.ts";

describe("makeSecret", () => {
  const canary = "canary-7f3";
  const secret = makeSecret(canary);

  it("gives the text away when asked", () => {
    expect(secret.reveal()).toBe(canary);
  });

  it("hides it from everything that prints", () => {
    const printed = [
      JSON.stringify({ secret }),
      secret.toString(),
      String(secret),
      inspect(secret),
      inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
      inspect(secret, { customInspect: false, showHidden: true }),
      JSON.stringify({ ...secret }),
    ];
    expect(printed.filter((text) => text.includes(canary))).toEqual([]);
    expect(printed[0]).toBe('{"secret":"[secret]"}');
  });
});

describe("parseDuration", () => {
  it.each([
    ["90s", 90_000],
    ["4m", 240_000],
    ["2h", 7_200_000],
    ["1h30m", 5_400_000],
    ["250ms", 250],
    ["1d", 86_400_000],
    ["0s", 0],
  ])("%s", (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  it.each(["", "4", "m", "4 m", "-4m", "4.5m", "4min", "4M"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("normalUrl", () => {
  it.each([
    ["https://A.example.com/", "https://a.example.com"],
    ["https://a.example.com:443/harbor/", "https://a.example.com/harbor"],
    ["http://a:8080", "http://a:8080"],
    ["http://[::1]:80/", "http://[::1]"],
  ])("%s", (text, normal) => {
    expect(normalUrl(text)).toBe(normal);
  });

  it.each(["a.example.com", "ftp://a", "https://", "//a"])("%j is none", (text) => {
    expect(normalUrl(text)).toBeUndefined();
  });
});

describe("the mark", () => {
  it("names the installation that owns an object", () => {
    expect(ownedBy(markOf("main-7"))).toBe("main-7");
    expect(ownedBy("")).toBeUndefined();
    expect(ownedBy("made by hand; not Kept by Tidelock (installation main): no")).toBeUndefined();
  });
});
