import { afterEach, describe, expect, test } from "vitest";
import { proxyFor } from "../../src/harbor/proxy-choice.ts";
import { proxyServer, type ProxyServer } from "../support/connect-proxy-server.ts";
import { harborAt, harborOf } from "../support/harbor-at.ts";
import { scriptedServer, type Certificate, type ScriptedServer } from "../support/scripted-server.ts";
import { TEST_AUTHORITY, testCertificate } from "../support/test-certificates.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(
  tls?: Certificate,
  refuse?: number,
): Promise<{ server: ScriptedServer; proxy: ProxyServer }> {
  const server = await scriptedServer(
    harborOf("2.9.0", () => ({ body: [] })),
    tls,
  );
  const proxy = await proxyServer(refuse);
  open.push(server, proxy);
  return { server, proxy };
}

describe("through a proxy", () => {
  test("https goes by CONNECT, so that the proxy sees the host only", async () => {
    const { server, proxy } = await start(testCertificate("right"));
    const harbor = harborAt(server.url, { environment: { HTTPS_PROXY: proxy.url } }, { ca: TEST_AUTHORITY });
    open.unshift(harbor);
    expect(await harbor.endpoints()).toEqual([]);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(server.url).host}`]));
    expect(server.seen).toHaveLength(3);
  });

  test("http goes in absolute form", async () => {
    const { server, proxy } = await start();
    const harbor = harborAt(server.url, { environment: { http_proxy: proxy.url } });
    open.unshift(harbor);
    expect(await harbor.endpoints()).toEqual([]);
    expect(proxy.asked[0]).toBe(`GET ${server.url}/api/v2.0/users/current`);
  });

  test("the proxy's own account is told to the proxy alone", async () => {
    const { server, proxy } = await start(testCertificate("right"));
    const withAccount = proxy.url.replace("http://", "http://user:p%40ss@");
    const harbor = harborAt(
      server.url,
      { environment: { HTTPS_PROXY: withAccount } },
      { ca: TEST_AUTHORITY },
    );
    open.unshift(harbor);
    await harbor.endpoints();
    expect(proxy.authorizations[0]).toBe(`Basic ${Buffer.from("user:p@ss").toString("base64")}`);
    expect(server.seen.every((seen) => seen.headers["proxy-authorization"] === undefined)).toBe(true);
  });

  test("a refusal of the proxy is told as one, and not as one of Harbor", async () => {
    const { server, proxy } = await start(testCertificate("right"), 407);
    const harbor = harborAt(server.url, { environment: { HTTPS_PROXY: proxy.url } }, { ca: TEST_AUTHORITY });
    await expect(harbor.identify()).rejects.toMatchObject({
      code: "HARBOR_UNREACHABLE",
      message: expect.stringContaining("proxy") as unknown,
    });
  });

  test("an exempted registry is reached directly", async () => {
    const { server, proxy } = await start();
    const environment = { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.0/8" };
    const harbor = harborAt(server.url, { environment });
    open.unshift(harbor);
    await harbor.endpoints();
    expect(proxy.asked).toEqual([]);
    expect(server.seen).toHaveLength(3);
  });

  test("the environment of this process is not looked at", async () => {
    const { server, proxy } = await start();
    const before = process.env["HTTP_PROXY"];
    process.env["HTTP_PROXY"] = proxy.url;
    try {
      const harbor = harborAt(server.url);
      open.unshift(harbor);
      await harbor.endpoints();
      expect(proxy.asked).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["HTTP_PROXY"];
      else process.env["HTTP_PROXY"] = before;
    }
  });
});

describe("which proxy", () => {
  const HARBOR = new URL("https://hub.example.com");
  test.each([
    [{}, undefined],
    [{ HTTPS_PROXY: "http://p:3128" }, "http://p:3128/"],
    [{ https_proxy: "http://lower:1", HTTPS_PROXY: "http://upper:1" }, "http://lower:1/"],
    [{ HTTPS_PROXY: "p:3128" }, "http://p:3128/"],
    [{ ALL_PROXY: "http://all:1" }, "http://all:1/"],
    [{ HTTP_PROXY: "http://p:1" }, undefined],
    [{ HTTPS_PROXY: "socks5://p:1" }, undefined],
    [{ HTTPS_PROXY: "" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "example.com" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: ".example.com" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "a, HUB.example.com" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "hub.example.com:443" }, undefined],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "hub.example.com:8443" }, "http://p:1/"],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "ub.example.com" }, "http://p:1/"],
  ])("%j", (environment, expected) => {
    expect(proxyFor(HARBOR, environment)?.href).toBe(expected);
  });

  test.each([
    ["https://10.1.2.3", "10.0.0.0/8", true],
    ["https://11.1.2.3", "10.0.0.0/8", false],
    ["https://10.1.2.3", "10.1.2.3", true],
    ["https://[fd00::1]", "fd00::/8", true],
    ["https://[fd00::1]", "fd00::1", true],
    ["https://hub.example.com", "10.0.0.0/8", false],
    ["https://10.1.2.3", "10.0.0.0/99", false],
  ])("%s is exempted by %s: %s", (url, list, exempt) => {
    const proxy = proxyFor(new URL(url), { HTTPS_PROXY: "http://p:1", NO_PROXY: list });
    expect(proxy === undefined).toBe(exempt);
  });
});
