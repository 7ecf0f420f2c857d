import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { parseChallenge } from "../../src/registry-v2/challenge.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { collect } from "../support/harbor-at.ts";
import { refusal, scriptedServer, type Answering, type ScriptedServer } from "../support/scripted-server.ts";
import { IMAGE, registryV2At } from "./registry-at.ts";
import { firstFormat, RECORDED, signed, SIGNED_TYPE } from "./signed-manifest.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(answering: Answering): Promise<ScriptedServer> {
  const server = await scriptedServer(answering);
  open.push(server);
  return server;
}

const DIGEST = `sha256:${createHash("sha256").update(IMAGE.layer).digest("hex")}`;
const UNAUTHORIZED = refusal(401, "UNAUTHORIZED", "unauthorized");
const HEAD = { headers: { "Docker-Content-Digest": DIGEST, "Content-Type": IMAGE.mediaType } };

describe("tokens", () => {
  /** Gives out token 1, 2, … and takes those that `good` names. */
  function issuing(realm: (host: string) => string, good: (token: string) => boolean): Answering {
    let issued = 0;
    return (seen) => {
      if (seen.path === "/v2/") {
        const header = `Bearer realm="${realm(seen.headers.host ?? "")}",service="harbor-registry"`;
        return { ...UNAUTHORIZED, headers: { "WWW-Authenticate": header } };
      }
      if (seen.path === "/service/token") {
        issued += 1;
        return { body: { token: `t${issued}`, expires_in: 1800 } };
      }
      return good((seen.headers.authorization ?? "").replace("Bearer ", "")) ? HEAD : UNAUTHORIZED;
    };
  }
  const own = (host: string): string => `http://${host}/service/token`;

  test("are fetched once for a repository, kept, and renewed before they end", async () => {
    const server = await start(issuing(own, () => true));
    const clock = new AutoClock();
    const registry = registryV2At(server.url, { clock, scheme: "token" });
    for (let i = 0; i < 3; i += 1) await registry.headManifest("library/app", "v1");
    const fetched = (): number => server.seen.filter((seen) => seen.path === "/service/token").length;
    expect(fetched()).toBe(1);
    await registry.headManifest("library/other", "v1");
    expect(fetched()).toBe(2);
    clock.advance(1_750_000);
    await registry.headManifest("library/app", "v1");
    expect(fetched()).toBe(3);
    const [asked] = server.seen.filter((seen) => seen.path === "/service/token");
    expect(asked?.query.get("scope")).toBe("repository:library/app:pull,push,delete");
    expect(asked?.headers.authorization).toMatch(/^Basic /);
  });

  test("that stopped being good are fetched anew, once", async () => {
    let bad = "";
    const server = await start(issuing(own, (token) => token !== bad));
    const registry = registryV2At(server.url, { scheme: "token" });
    await registry.headManifest("library/app", "v1");
    bad = "t1";
    expect(await registry.headManifest("library/app", "v1")).toBeDefined();
    bad = "t2";
    await registry.headManifest("library/app", "v1");
    expect(server.seen.filter((seen) => seen.path === "/service/token")).toHaveLength(3);
  });

  test("that are worth nothing from the start are not asked for again and again", async () => {
    const server = await start(issuing(own, () => false));
    const registry = registryV2At(server.url, { scheme: "token" });
    await expect(registry.headManifest("library/app", "v1")).rejects.toMatchObject({
      code: "HARBOR_UNAUTHORIZED",
    });
    expect(server.seen.filter((seen) => seen.path === "/service/token")).toHaveLength(1);
  });

  test("are never asked for at a host that is none of the registry's", async () => {
    const thief = await start(() => ({ body: { token: "x" } }));
    const server = await start(
      issuing(
        () => `${thief.url}/service/token`,
        () => true,
      ),
    );
    const registry = registryV2At(server.url, { scheme: "token" });
    await expect(registry.headManifest("library/app", "v1")).rejects.toMatchObject({
      code: "HARBOR_NONSENSE",
    });
    expect(thief.seen).toEqual([]);
  });

  test("are asked for at the registry's own address where the realm is its endpoint", async () => {
    const server = await start(
      issuing(
        () => "https://peers.example/service/token",
        () => true,
      ),
    );
    const more = { endpointUrl: "https://peers.example" };
    const registry = registryV2At(server.url, { scheme: "token" }, more);
    expect(await registry.headManifest("library/app", "v1")).toBeDefined();
  });

  test.each([
    [
      'Bearer realm="https://h/service/token",service="harbor-registry"',
      "https://h/service/token",
      "harbor-registry",
    ],
    ['bearer service="s", realm="http://h/t",scope="a:b:c"', "http://h/t", "s"],
  ])("the challenge %s is understood", (header, realm, service) => {
    expect(parseChallenge(header)).toEqual({ realm, service });
  });
  test.each([undefined, "", 'Basic realm="harbor"', "Bearer", 'Bearer realm="/relative"'])(
    "%j is none",
    (header) => {
      expect(parseChallenge(header)).toBeUndefined();
    },
  );
});

describe("blobs", () => {
  test("are read where a registry over object storage sends us, without our credentials", async () => {
    const storage = await start(() => ({ body: IMAGE.layer }));
    const server = await start(() => ({
      status: 307,
      headers: { Location: `${storage.url}/bucket/x?sig=1` },
    }));
    const registry = registryV2At(server.url);
    expect(await registry.serveBlob("library/app", DIGEST)).toEqual({
      bytes: IMAGE.layer.length,
      matches: true,
    });
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
    expect(server.seen[0]?.headers["user-agent"]).toBe("harbor-registry-client");
  });

  test("that were changed are seen to be: their bytes do not give the digest", async () => {
    const server = await start(() => ({ body: Buffer.from("something else") }));
    const registry = registryV2At(server.url);
    expect(await registry.serveBlob("library/app", DIGEST)).toEqual({ bytes: 14, matches: false });
    await expect(registry.blob("library/app", DIGEST)).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
    await expect(registry.manifest("library/app", DIGEST)).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("that break off are a failure that holds nothing of the HTTP library", async () => {
    const server = await start((_, response) => {
      response.writeHead(200, { "Content-Length": "1000" });
      response.write("abc", () => response.destroy());
      return "answered";
    });
    const error: unknown = await registryV2At(server.url)
      .serveBlob("library/app", DIGEST)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "HarborError", code: "HARBOR_UNREACHABLE" });
    expect(error instanceof Error && error.cause).toBeUndefined();
  });

  test("can be left off in the middle", async () => {
    const stop = new AbortController();
    const server = await start((_, response) => {
      response.writeHead(200, { "Content-Length": "1000" });
      response.write("abc", () => setImmediate(() => stop.abort()));
      return "answered";
    });
    const reading = registryV2At(server.url).serveBlob("library/app", DIGEST, undefined, stop.signal);
    await expect(reading).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("an upload goes on at the registry's own address, whatever Location names", async () => {
    const server = await start((seen) =>
      seen.method === "POST"
        ? {
            status: 202,
            headers: { Location: "https://elsewhere.example/v2/library/app/blobs/uploads/1?_state=s" },
          }
        : { status: 201 },
    );
    expect(await registryV2At(server.url).uploadBlob("library/app", IMAGE.layer)).toBe(DIGEST);
    expect(server.seen.at(-1)?.url).toBe(
      `/v2/library/app/blobs/uploads/1?_state=s&digest=${encodeURIComponent(DIGEST)}`,
    );
  });

  test("an upload whose last answer is lost is looked for before it is begun anew", async () => {
    const server = await start((seen, response) => {
      if (seen.method === "POST")
        return { status: 202, headers: { Location: "/v2/library/app/blobs/uploads/1" } };
      if (seen.method === "HEAD") return { headers: { "Content-Length": String(IMAGE.layer.length) } };
      response.destroy();
      return "answered";
    });
    expect(await registryV2At(server.url).uploadBlob("library/app", IMAGE.layer)).toBe(DIGEST);
    expect(server.seen.map((seen) => seen.method)).toEqual(["POST", "PUT", "HEAD"]);
  });
});

describe("manifests", () => {
  test("are never put twice when the answer is lost", async () => {
    const server = await start((_, response) => {
      response.destroy();
      return "answered";
    });
    const registry = registryV2At(server.url);
    const putting = registry.putManifest("library/app", "v1", {
      mediaType: IMAGE.mediaType,
      bytes: IMAGE.layer,
    });
    await expect(putting).rejects.toMatchObject({ code: "HARBOR_UNREACHABLE", reached: "maybe" });
    expect(server.seen).toHaveLength(1);
  });

  test("of Docker's first format have the digest of what was signed, whoever signed it", async () => {
    const headers = { "Content-Type": SIGNED_TYPE, "Docker-Content-Digest": RECORDED.digest };
    const server = await start(() => ({ body: Buffer.from(RECORDED.body), headers }));
    const registry = registryV2At(server.url);
    for (const reference of ["v1", RECORDED.digest]) {
      const manifest = await registry.manifest("library/old", reference);
      expect(manifest).toMatchObject({ digest: RECORDED.digest, mediaType: SIGNED_TYPE });
      expect(Buffer.from(manifest?.bytes ?? []).toString()).toBe(RECORDED.body);
    }
    const bytes = Buffer.from(RECORDED.body);
    const put = registry.putManifest("library/old", "v1", { mediaType: SIGNED_TYPE, bytes });
    expect(await put).toBe(RECORDED.digest);
  });

  test.each([
    ["another image", signed(firstFormat([DIGEST]), "s").toString()],
    ["no signature", firstFormat([DIGEST]).toString()],
    ["a signature that names no format", RECORDED.body.replace(/"protected": ".+"/, '"protected": "e30"')],
    ["a signature of another kind", RECORDED.body.replace(/"protected": ".+"/, '"protected": "bm8"')],
    ["no JSON", "<html>"],
  ])("of Docker's first format are checked: %s is nonsense", async (_, body) => {
    const server = await start(() => ({ body, headers: { "Content-Type": SIGNED_TYPE } }));
    const reading = registryV2At(server.url).manifest("library/old", RECORDED.digest);
    await expect(reading).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("that a registry stores as something else are told", async () => {
    const server = await start(() => ({
      status: 201,
      headers: { "Docker-Content-Digest": `sha256:${"1".repeat(64)}` },
    }));
    const bytes = IMAGE.layer;
    const putting = registryV2At(server.url).putManifest("library/app", "v1", { mediaType: "x/y", bytes });
    await expect(putting).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });
});

describe("tags", () => {
  test.each([
    [{ name: "library/app", tags: null }, []],
    [{ name: "library/app", tags: ["a", "b"] }, ["a", "b"]],
  ])("%j", async (body, expected) => {
    const server = await start(() => ({ body }));
    expect(await collect(registryV2At(server.url).tags("library/app"))).toEqual(expected);
  });

  test("of a registry that gives all at once are given once", async () => {
    const tags = Array.from({ length: 250 }, (_, i) => `v${String(i).padStart(3, "0")}`);
    const server = await start(() => ({ body: { tags } }));
    expect(await collect(registryV2At(server.url).tags("library/app"))).toEqual(tags);
  });

  test("of another shape are nonsense", async () => {
    const server = await start(() => ({ body: { tags: [1] } }));
    await expect(collect(registryV2At(server.url).tags("library/app"))).rejects.toMatchObject({
      code: "HARBOR_NONSENSE",
    });
  });
});
