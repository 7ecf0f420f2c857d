import axios, { isAxiosError, type AxiosError } from "axios";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { serveSandbox, type Served } from "../../src/sandbox/http-front.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { pair, textOf } from "./rig.ts";

const served: Served[] = [];

afterEach(async () => {
  await Promise.all(served.splice(0).map((one) => one.close()));
});

async function serve(): Promise<{ sandbox: Sandbox; url: string; front: Served }> {
  const world = createSandboxWorld({ clock: systemClock });
  const sandbox = world.add({ name: "a", profile: "2.9" });
  const front = await serveSandbox(sandbox);
  served.push(front);
  return { sandbox, url: front.url, front };
}

/** What went wrong, as a client in Node sees it. */
async function failure(promise: Promise<Response>): Promise<string> {
  try {
    await (await promise).text();
    return "none";
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    return cause?.code ?? (error as Error).name;
  }
}

describe("over HTTP", () => {
  it("answers on a real socket and takes the served address as its own", async () => {
    const { sandbox, url } = await serve();
    expect(sandbox.url).toBe(url);
    const answer = await fetch(`${url}/v2/`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain(`realm="${url}/service/token"`);
  });

  it("refuses connections while down, and listens on the same port afterwards", async () => {
    const { sandbox, url, front } = await serve();
    sandbox.faults.down();
    await front.settled();
    expect(await failure(fetch(`${url}/api/v2.0/ping`))).toBe("ECONNREFUSED");
    sandbox.faults.up();
    await front.settled();
    expect(await (await fetch(`${url}/api/v2.0/ping`)).text()).toBe("Pong");
  });

  it("breaks, hangs, delays and cuts for real", async () => {
    const { sandbox, url } = await serve();
    sandbox.push("pair/app", "v1", { seed: 1, size: 1000 });
    sandbox.faults.reset({ times: 1 });
    expect(["ECONNRESET", "UND_ERR_SOCKET"]).toContain(await failure(fetch(`${url}/api/v2.0/ping`)));
    sandbox.faults.reset({ times: 1, afterBytes: 20 });
    expect(["ECONNRESET", "UND_ERR_SOCKET"]).toContain(await failure(fetch(`${url}/api/v2.0/projects`)));
    sandbox.faults.hang({ times: 1 });
    expect(await failure(fetch(`${url}/api/v2.0/ping`, { signal: AbortSignal.timeout(100) }))).toBe(
      "TimeoutError",
    );
    sandbox.faults.slow(60, { times: 1 });
    const before = performance.now();
    await fetch(`${url}/api/v2.0/ping`);
    expect(performance.now() - before).toBeGreaterThan(55);
    sandbox.faults.truncate({ times: 1 });
    const cut = await fetch(`${url}/api/v2.0/projects`);
    await expect(cut.json()).rejects.toThrow(SyntaxError);
  });

  it("a hanging connection breaks when the fault is cleared", async () => {
    const { sandbox, url } = await serve();
    sandbox.faults.hang();
    let arrived = (): void => undefined;
    const asked = new Promise<void>((resolve) => (arrived = resolve));
    sandbox.onRequest(() => arrived());
    const hanging = failure(fetch(`${url}/api/v2.0/ping`));
    await asked;
    sandbox.faults.clear();
    expect(["ECONNRESET", "UND_ERR_SOCKET"]).toContain(await hanging);
  });

  it("keeps connections alive and sends a length with HEAD", async () => {
    const { sandbox, url } = await serve();
    sandbox.push("pair/app", "v1", { seed: 1 });
    const login = Buffer.from(`admin:${sandbox.adminPassword}`).toString("base64");
    const head = await fetch(`${url}/v2/pair/app/manifests/v1`, {
      method: "HEAD",
      headers: { authorization: `Basic ${login}` },
    });
    expect(head.status).toBe(200);
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(100);
    const get = await fetch(`${url}/api/v2.0/ping`);
    expect(get.headers.get("keep-alive")).toMatch(/timeout=[1-9]/);
  });
});

describe("in memory", () => {
  const setup = () => {
    const on = pair("2.9");
    const client = axios.create({
      adapter: inMemoryAdapter(on.world),
      baseURL: `${on.a.url}/api/v2.0`,
      auth: { username: "admin", password: on.a.adminPassword },
    });
    return { ...on, client };
  };

  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    try {
      await promise;
      return "none";
    } catch (error) {
      return isAxiosError(error) || axios.isCancel(error) ? textOf((error as AxiosError).code) : "not axios";
    }
  };

  it("answers as a server would: parameters, bodies, headers, statuses", async () => {
    const { client } = setup();
    const made = await client.post<string>("/projects", { project_name: "x", metadata: { public: "true" } });
    expect([made.status, made.headers["location"]]).toEqual([201, "/api/v2.0/projects/2"]);
    const list = await client.get<{ name: string }[]>("/projects", { params: { q: "name=x", page_size: 5 } });
    expect(list.data.map((one) => one.name)).toEqual(["x"]);
    expect(await codeOf(client.get("/projects/none"))).toBe("ERR_BAD_REQUEST");
    const tolerated = await client.get("/projects/none", { validateStatus: () => true });
    expect(tolerated.status).toBe(404);
    const bytes = await client.get<Buffer>("/ping", { responseType: "arraybuffer" });
    expect(bytes.data.toString()).toBe("Pong");
  });

  it("fails as axios fails", async () => {
    const { a, client } = setup();
    expect(await codeOf(client.get("http://elsewhere.test/"))).toBe("ECONNREFUSED");
    a.faults.down();
    expect(await codeOf(client.get("/ping"))).toBe("ECONNREFUSED");
    a.faults.up();
    a.faults.reset({ times: 1 });
    expect(await codeOf(client.get("/ping"))).toBe("ECONNRESET");
    a.faults.fail(500, { times: 1 });
    expect(await codeOf(client.get("/ping"))).toBe("ERR_BAD_RESPONSE");
  });

  it("lets virtual time pass for slow and hanging answers", async () => {
    const { a, clock, client } = setup();
    const before = clock.now();
    a.faults.slow(5000, { times: 1 });
    await client.get("/ping");
    expect(clock.now() - before).toBe(5000);
    a.faults.slow(5000, { times: 1 });
    expect(await codeOf(client.get("/ping", { timeout: 1000 }))).toBe("ECONNABORTED");
    a.faults.hang({ times: 1 });
    expect(await codeOf(client.get("/ping", { timeout: 2000 }))).toBe("ECONNABORTED");
    expect(clock.now() - before).toBe(8000);
  });

  it("ends with its signal", async () => {
    const { a, client } = setup();
    a.faults.hang({ times: 1 });
    const stop = new AbortController();
    const asked = codeOf(client.get("/ping", { signal: stop.signal }));
    stop.abort();
    expect(await asked).toBe("ERR_CANCELED");
  });
});
