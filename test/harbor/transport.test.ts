import { afterEach, describe, expect, test } from "vitest";
import type { HarborClientDeps } from "../../src/harbor/client.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { collect, harborAt, harborOf, registryAt } from "../support/harbor-at.ts";
import {
  refusal,
  scriptedServer,
  type Answering,
  type Reply,
  type ScriptedServer,
} from "../support/scripted-server.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(
  answering: Answering,
  deps: Partial<HarborClientDeps> = {},
): Promise<[HarborPort, ScriptedServer]> {
  const server = await scriptedServer(harborOf("2.9.0", answering));
  const harbor = harborAt(server.url, deps);
  open.push(harbor, server);
  return [harbor, server];
}

function inTurn(...replies: (Reply | "reset")[]): Answering {
  return (_, response) => {
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply !== "reset") return reply ?? {};
    response.destroy();
    return "answered";
  };
}

const asked = (server: ScriptedServer): number =>
  server.seen.filter((one) => !/current|systeminfo/.test(one.path)).length;
const UNAVAILABLE: Reply = { status: 503, body: "<html>no backend</html>" };
const POLICY = {
  name: "p",
  description: "",
  sourceEndpointId: 0,
  targetEndpointId: 1,
  targetNamespace: "",
  targetNamespaceReplaceCount: -1,
  trigger: { kind: "manual", cron: "" },
  filters: [],
  deletions: false,
  override: true,
  enabled: true,
  speedKbps: 0,
  copyByChunk: false,
  singleActive: false,
} as const;

describe("a reading request", () => {
  test.each([["reset" as const], [UNAVAILABLE], [refusal(500, "UNKNOWN", "internal server error")]])(
    "is repeated after %j",
    async (first) => {
      const [harbor, server] = await start(inTurn(first, { body: [] }));
      expect(await harbor.endpoints()).toEqual([]);
      expect(asked(server)).toBe(2);
    },
  );

  test.each([400, 401, 403, 409, 412, 422])("is not repeated after %i", async (status) => {
    const [harbor, server] = await start(inTurn(refusal(status, "X", "no")));
    await expect(harbor.endpoints()).rejects.toMatchObject({ status });
    expect(asked(server)).toBe(1);
  });

  test("waits as long as Retry-After says, on our clock", async () => {
    const clock = new AutoClock();
    const busy = { ...refusal(429, "TOO_MANY_REQUEST", "slow down"), headers: { "Retry-After": "17" } };
    const [harbor] = await start(inTurn(busy, busy, { body: [] }), { clock });
    const before = clock.monotonic();
    await harbor.endpoints();
    expect(clock.monotonic() - before).toBe(34_000);
  });

  test("is given up when Retry-After asks for more than half a minute", async () => {
    const busy = { ...refusal(429, "TOO_MANY_REQUEST", "slow down"), headers: { "Retry-After": "31" } };
    const [harbor, server] = await start(inTurn(busy));
    await expect(harbor.endpoints()).rejects.toMatchObject({ code: "HARBOR_BUSY", retryAfterMs: 31_000 });
    expect(asked(server)).toBe(1);
  });

  test("can be stopped while it waits", async () => {
    const stop = new AbortController();
    const busy = { ...refusal(429, "TOO_MANY_REQUEST", "slow down"), headers: { "Retry-After": "20" } };
    const [harbor] = await start((_, response) => {
      response.once("close", () => stop.abort(new Error("enough")));
      return busy;
    });
    await expect(harbor.endpoints(stop.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("can be stopped while Harbor hangs", async () => {
    const stop = new AbortController();
    const [harbor] = await start(() => {
      stop.abort();
      return "answered";
    });
    await expect(harbor.endpoints(stop.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("a creating request", () => {
  test("whose answer is lost is looked for, and taken when it is there", async () => {
    const [harbor, server] = await start((seen, response) => {
      if (seen.method === "GET") return { body: [{ id: 7, name: "p" }] };
      response.destroy();
      return "answered";
    });
    expect(await harbor.createReplicationPolicy(POLICY)).toBe(7);
    expect(server.seen.filter((one) => one.method === "POST")).toHaveLength(1);
  });

  test("whose answer is lost is sent once more when it is not there", async () => {
    const posts: Reply[] = [
      UNAVAILABLE,
      { status: 201, headers: { Location: "/api/v2.0/replication/policies/8" } },
    ];
    const [harbor, server] = await start((seen) =>
      seen.method === "GET" ? { body: [] } : (posts.shift() ?? {}),
    );
    expect(await harbor.createReplicationPolicy(POLICY)).toBe(8);
    expect(server.seen.filter((one) => one.method === "POST")).toHaveLength(2);
  });

  test("that Harbor refuses is neither looked for nor repeated", async () => {
    const [harbor, server] = await start(() => refusal(409, "CONFLICT", "exists"));
    await expect(harbor.createReplicationPolicy(POLICY)).rejects.toMatchObject({ code: "HARBOR_CONFLICT" });
    expect(asked(server)).toBe(1);
  });

  test("for an execution is found again only as a manual one that is newer than all before", async () => {
    const execution = (id: number, trigger: string) => ({ id, policy_id: 1, trigger, status: "InProgress" });
    const listings = [
      [execution(4, "manual")],
      [execution(6, "event_based"), execution(5, "manual"), execution(4, "manual")],
    ];
    const [harbor] = await start((seen, response) => {
      if (seen.method === "GET") return { body: listings.shift() ?? [] };
      response.destroy();
      return "answered";
    });
    expect(await harbor.startExecution(1)).toBe(5);
  });
});

describe("a registry that can't be reached", () => {
  test("is told so, with all tries within ten seconds", async () => {
    const server = await scriptedServer(() => ({}));
    await server.close();
    const clock = new AutoClock();
    const harbor = harborAt(server.url, { clock });
    const before = clock.monotonic();
    await expect(harbor.identify()).rejects.toMatchObject({
      code: "HARBOR_UNREACHABLE",
      reached: "no",
      message: expect.stringContaining("refused") as unknown,
    });
    expect(harbor.requestCount()).toBe(3);
    expect(clock.monotonic() - before).toBeLessThan(10_000);
  });

  test("a name that nobody knows", async () => {
    const harbor = harborAt("http://no-such-host.invalid");
    await expect(harbor.identify()).rejects.toMatchObject({ code: "HARBOR_UNREACHABLE", reached: "no" });
  });

  test("one that takes the connection and says nothing is given up once", async () => {
    const server = await scriptedServer(() => "answered");
    const harbor = harborAt(server.url, { limits: { hurriedMs: 80 } });
    open.push(harbor, server);
    await expect(harbor.identify()).rejects.toMatchObject({ code: "HARBOR_TIMEOUT", reached: "maybe" });
    expect(server.seen).toHaveLength(1);
  });

  test("one that falls silent in the middle of an answer", async () => {
    const [harbor] = await start(
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.write("[");
        return "answered";
      },
      { limits: { idleMs: 80 } },
    );
    await expect(harbor.endpoints()).rejects.toMatchObject({ code: "HARBOR_TIMEOUT" });
  });

  test("one that drips bytes for ever is cut at the total time", async () => {
    const [harbor] = await start(
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        const drip = (): void => {
          if (!response.destroyed) response.write(" ", () => setImmediate(drip));
        };
        drip();
        return "answered";
      },
      { limits: { totalMs: 150 } },
    );
    await expect(harbor.endpoints()).rejects.toMatchObject({ code: "HARBOR_TIMEOUT" });
  });
});

describe("an answer that Harbor never gives", () => {
  test.each([
    ["a web page", "<!doctype html><p>hello", "web page"],
    ["JSON cut off", '[{"id": 1', "broken JSON"],
    ["nothing", "", "empty"],
    ["another shape", '{"registries": []}', "a list"],
    ["a field of another type", '[{"id": 1, "name": 7}]', "registries[0].name"],
    ["no id", '[{"name": "x"}]', "registries[0].id"],
  ])("%s", async (_, body, words) => {
    const [harbor, server] = await start(() => ({ body }));
    await expect(harbor.endpoints()).rejects.toMatchObject({
      code: "HARBOR_NONSENSE",
      message: expect.stringContaining(words) as unknown,
    });
    expect(asked(server)).toBe(1);
  });

  test("a redirect is not followed, and the hint says where it leads", async () => {
    const elsewhere = await scriptedServer(() => ({ body: [] }));
    open.push(elsewhere);
    const [harbor] = await start(() => ({
      status: 302,
      headers: { Location: `${elsewhere.url}/login?secret=1` },
    }));
    await expect(harbor.endpoints()).rejects.toMatchObject({
      code: "HARBOR_NONSENSE",
      hint: expect.stringContaining(elsewhere.url) as unknown,
    });
    expect(elsewhere.seen).toEqual([]);
  });

  test("more bytes than allowed", async () => {
    const [harbor] = await start(() => ({ body: `["${"x".repeat(5000)}"]` }), {
      limits: { maxAnswerBytes: 4000 },
    });
    await expect(harbor.endpoints()).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("a 404 of something in front is never taken for absence", async () => {
    const [harbor] = await start(() => ({
      status: 404,
      body: "<html>default backend",
      headers: { "Content-Type": "text/html" },
    }));
    await expect(harbor.replicationPolicy(1)).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
    await expect(harbor.project("x")).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
    await expect(harbor.tag("library/x", "v1")).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
    await expect(harbor.tagDigest("library/x", "v1")).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("a digest that is none", async () => {
    const [harbor] = await start(() => ({ headers: { "Docker-Content-Digest": "latest" } }));
    await expect(harbor.tagDigest("library/x", "v1")).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });
});

describe("what is sent", () => {
  test("Basic credentials, our name, no cookie even when one was set", async () => {
    const [harbor, server] = await start(() => ({ body: [], headers: { "Set-Cookie": "sid=1; Path=/" } }), {
      version: "1.2.3",
    });
    await harbor.endpoints();
    await harbor.endpoints();
    for (const { headers } of server.seen) {
      expect(headers).toMatchObject({ "user-agent": "tidelock/1.2.3", accept: "application/json" });
      expect(headers.authorization).toMatch(/^Basic /);
      expect(headers.cookie).toBeUndefined();
    }
  });

  test("a name that counts no pull where manifests are asked for", async () => {
    const [harbor, server] = await start(() => ({
      headers: { "Docker-Content-Digest": `sha256:${"a".repeat(64)}`, "Content-Type": "application/json" },
    }));
    await harbor.tagDigest("library/team/x", "v1");
    expect(server.seen.at(-1)).toMatchObject({ method: "HEAD", url: "/v2/library/team/x/manifests/v1" });
    expect(server.seen.at(-1)?.headers["user-agent"]).toBe("harbor-registry-client");
    expect(server.seen.at(-1)?.headers.accept).toContain("application/vnd.oci.image.index.v1+json");
  });

  test("repository names encoded twice, project names marked as names", async () => {
    const [harbor, server] = await start(() => ({ body: [] }));
    await collect(harbor.artifacts("library", "team/deep/app"));
    expect(server.seen.at(-1)?.url).toMatch(
      "/projects/library/repositories/team%252Fdeep%252Fapp/artifacts?",
    );
    await harbor.immutableRules("7");
    expect(server.seen.at(-1)?.headers["x-is-resource-name"]).toBe("true");
  });

  test("both fields for deletions, and nothing that this version does not know", async () => {
    const [harbor, server] = await start(() => ({ status: 201, headers: { Location: "/x/1" } }));
    await harbor.createReplicationPolicy({ ...POLICY, deletions: true });
    const body: unknown = JSON.parse(server.seen.at(-1)?.body ?? "");
    expect(body).toMatchObject({
      deletion: true,
      replicate_deletion: true,
      filters: [],
      dest_registry: { id: 1 },
    });
    expect(body).not.toHaveProperty("single_active_replication");
    expect(body).not.toHaveProperty("src_registry");
  });
});

describe("connections", () => {
  test("are kept, and never more requests at once than the cap", async () => {
    let now = 0;
    let most = 0;
    const [harbor, server] = await start((_, response) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end("[]");
      });
      return "answered";
    });
    await Promise.all(Array.from({ length: 60 }, () => harbor.endpoints()));
    expect(most).toBeLessThanOrEqual(4);
    expect(server.connections.opened).toBeLessThanOrEqual(8);
    expect(harbor.requestCount()).toBe(62);
  });

  test("a log tells of each try, and of nothing secret", async () => {
    const notes: unknown[] = [];
    const [harbor] = await start(inTurn("reset", { body: [] }), { log: (note) => notes.push(note) });
    await harbor.endpoints();
    expect(notes).toMatchObject([
      { tries: 1, status: 200 },
      { tries: 1, status: 200 },
      { registry: "a", method: "GET", tries: 1, code: "HARBOR_UNREACHABLE" },
      { tries: 2, status: 200 },
    ]);
    expect(JSON.stringify(notes)).not.toContain(registryAt("").account.password.reveal());
  });
});
