import { describe, expect, it } from "vitest";
import { observe } from "../../src/observed/observe.ts";
import { sandboxPair, INSTALLATION } from "../apply/sandbox-pair.ts";

const DUAL = `
    kind: dual-master
    registries: [a, b]`;

describe("observe", () => {
  it("reads what stands in the registries, and pings only what is ours", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    await pair.configure();
    const foreign = await pair.ports().get("a")!.createEndpoint({
      name: "foreign",
      url: pair.b.url,
      description: "",
      username: "admin",
      password: "Harbor12345",
      insecure: false,
      caCertificate: "",
    });
    const now = pair.clock.now();
    const found = (await pair.observe()).get("a");
    expect(found).toMatchObject({ kind: "read", at: now, capabilities: { projectArtifacts: false } });
    if (found?.kind !== "read") return;
    expect(found.endpoints.map(({ name }) => name).toSorted()).toEqual(["foreign", "tidelock.t.b"]);
    expect(found.policies.map(({ name }) => name)).toEqual(["tidelock.t.a-to-b"]);
    expect([...found.health.values()]).toEqual([{ kind: "healthy" }]);
    expect(found.health.has(foreign)).toBe(false);
  });

  it("pings no endpoint of ours that nobody asks about, as one that an earlier declaration left", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    await pair.configure();
    const pings = (): number =>
      pair.a.requests.all().filter(({ target }) => target.endsWith("/registries/ping")).length;
    const before = pings();
    const deps = { clock: pair.clock, installation: INSTALLATION, pinged: new Set(["tidelock.t.c"]) };
    const found = (await observe(pair.ports().values(), deps)).get("a");
    expect(found?.kind === "read" && found.health.size).toBe(0);
    expect(pings()).toBe(before);
    await pair.observe();
    expect(pings()).toBe(before + 1);
  });

  it("tells a peer that refuses the credentials from one that is down", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    await pair.configure();
    const healthOfB = async (): Promise<string[]> => {
      const found = (await pair.observe()).get("a");
      return found?.kind === "read" ? [...found.health.values()].map(({ kind }) => kind) : [];
    };
    pair.b.faults.rotatePassword("admin", "other");
    expect(await healthOfB()).toEqual(["refused"]);
    pair.b.faults.down();
    await pair.settled();
    expect(await healthOfB()).toEqual(["unreachable"]);
  });

  it("waits out the lock that a refused ping causes, so that writing at once is not refused as well", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    await pair.configure();
    pair.b.faults.rotatePassword("admin", "other");
    const before = pair.clock.now();
    await pair.observe();
    expect(pair.clock.now() - before).toBeGreaterThanOrEqual(1500);
  });

  it.each([
    ["down", "HARBOR_UNREACHABLE"],
    ["anonymous", "HARBOR_UNAUTHORIZED"],
    ["nonsense", "HARBOR_NONSENSE"],
  ] as const)("leaves a registry unread that is %s, and reads the other", async (fault, code) => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    pair.b.faults[fault]();
    await pair.settled();
    const observed = await pair.observe();
    expect(observed.get("a")?.kind).toBe("read");
    expect(observed.get("b")).toMatchObject({ kind: "unread", error: { code } });
  });

  it("writes nothing", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    await pair.configure();
    const before = [pair.a.snapshot(), pair.b.snapshot(), pair.a.requests.writes(), pair.b.requests.writes()];
    await pair.observe();
    expect([
      pair.a.snapshot(),
      pair.b.snapshot(),
      pair.a.requests.writes(),
      pair.b.requests.writes(),
    ]).toEqual(before);
  });

  it("ends with the signal's reason when it is told to stop", async () => {
    await using pair = await sandboxPair("2.9");
    await pair.declare(DUAL);
    const signal = AbortSignal.abort(new Error("enough"));
    const deps = { clock: pair.clock, installation: INSTALLATION, pinged: new Set<string>(), signal };
    await expect(observe(pair.ports().values(), deps)).rejects.toThrow("enough");
  });
});
