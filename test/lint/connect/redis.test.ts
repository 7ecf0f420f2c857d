import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tryDeclared } from "../../../src/lint/connect/try-declared.ts";
import { lintFiles } from "../../../src/lint/lint.ts";
import { freePort, oddServer } from "./free-port.ts";
import { HAS_REDIS, startRedis, type RunningRedis } from "./start-redis.ts";

const PASSWORD = "of-redis-5521";

async function tried(...lines: string[]): Promise<{ found: string[]; untested: string[]; printed: string }> {
  const text = `external_redis:\n${lines.map((line) => `  ${line}\n`).join("")}`;
  const { files } = lintFiles([{ name: "n", text }]);
  const { findings, untested } = await tryDeclared(files, "of-this-test");
  return {
    found: findings.map(({ code, path }) => `${code} ${path.replace("external_redis.", "")}`),
    untested: untested.map(({ reason }) => reason),
    printed: JSON.stringify([findings, untested]),
  };
}

const host = (port: number): string => `host: 127.0.0.1:${port}`;

describe.skipIf(!HAS_REDIS)("against redis-server (skipped where Debian's is not installed)", () => {
  const running: RunningRedis[] = [];
  const start = async (lines: string[], kind?: "sentinel"): Promise<number> => {
    const server = await startRedis(lines, kind);
    running.push(server);
    return server.port;
  };
  let closed: number;
  beforeAll(async () => {
    closed = await start([`requirepass ${PASSWORD}`]);
  });
  afterAll(async () => {
    await Promise.all(running.map((server) => server.stop()));
  });

  test("the right password, and every database writable: nothing found, and nothing left behind", async () => {
    expect(await tried(host(closed), `password: ${PASSWORD}`)).toEqual({
      found: [],
      untested: [],
      printed: "[[],[]]",
    });
    const redis = new Redis({ port: closed, password: PASSWORD });
    expect(await redis.info("keyspace")).not.toMatch(/db\d/);
    redis.disconnect();
  });

  test("a wrong password is refused, and is not printed", async () => {
    const { found, printed } = await tried(host(closed), "password: canary-4417");
    expect(found).toEqual(["redis-login password"]);
    expect(printed).not.toContain("canary");
  });

  test("a Redis that wants a password, and none declared", async () => {
    expect((await tried(host(closed))).found).toEqual(["redis-login password"]);
  });

  test("a Redis without a password is open, whether one is declared or not", async () => {
    const port = await start([]);
    expect((await tried(host(port))).found).toEqual(["redis-open password"]);
    expect((await tried(host(port), `password: ${PASSWORD}`)).found).toContain("redis-open password");
  });

  test("a user of an access list is entered by name", async () => {
    const port = await start([
      `user default off`,
      `user harbor on >${PASSWORD} ~* +@all`,
      `user reader on >${PASSWORD} ~* +@all -@write`,
    ]);
    expect((await tried(host(port), "username: harbor", `password: ${PASSWORD}`)).found).toEqual([]);
    expect((await tried(host(port), `password: ${PASSWORD}`)).found).toEqual(["redis-login password"]);
    const reader = await tried(host(port), "username: reader", `password: ${PASSWORD}`);
    expect(new Set(reader.found.map((one) => one.split(" ")[0]))).toEqual(new Set(["redis-unwritable"]));
    expect(reader.printed).toContain("its user lacks the right");
  });

  test("each declared database is tried: one beyond the last is named", async () => {
    const port = await start([`requirepass ${PASSWORD}`, "databases 4"]);
    const { found } = await tried(
      host(port),
      `password: ${PASSWORD}`,
      "trivy_db_index: 3",
      "registry_db_index: 9",
    );
    expect(found).toEqual(["redis-no-index registry_db_index"]);
  });

  test("a replica takes no writes", async () => {
    const port = await start([`requirepass ${PASSWORD}`, `replicaof 127.0.0.1 ${await freePort()}`]);
    const { found, printed } = await tried(host(port), `password: ${PASSWORD}`);
    expect(found).toContain("redis-unwritable host");
    expect(printed).toContain("it is a replica");
  });

  test("with sentinel_master_set the master is asked of the sentinels", async () => {
    const watch = [`sentinel monitor harbor 127.0.0.1 ${closed} 1`, `sentinel auth-pass harbor ${PASSWORD}`];
    const sentinels = [await start(watch, "sentinel"), await freePort()].map((port) => `127.0.0.1:${port}`);
    const lines = [`host: ${sentinels.join(",")}`, `password: ${PASSWORD}`];
    expect(await tried(...lines, "sentinel_master_set: harbor")).toMatchObject({ found: [], untested: [] });
    const other = await tried(...lines, "sentinel_master_set: other");
    expect(other.found).toEqual(["redis-unreachable host"]);
    expect(other.printed).toContain("no sentinel named a master of other");
  });

  test("TLS towards a Redis without is told as unreachable, and a missing authority as untested", async () => {
    const tls = (more: string): Promise<{ found: string[]; untested: string[] }> =>
      tried(host(closed), `password: ${PASSWORD}`, `tlsOptions: { enable: true${more} }`);
    expect((await tls("")).found).toEqual(["redis-unreachable host"]);
    expect((await tls(", rootCA: no-such.pem")).untested[0]).toContain("no-such.pem");
  });
});

test("nobody there is told, and several hosts without a master set can't be tried", async () => {
  const { found, printed } = await tried(host(await freePort()), `password: ${PASSWORD}`);
  expect(found).toEqual(["redis-unreachable host"]);
  expect(printed).toContain("the connection was refused");
  expect((await tried("host: 127.0.0.1:1,127.0.0.1:2", `password: ${PASSWORD}`)).untested).toHaveLength(1);
});

test("a server that never answers is given up after seconds", async () => {
  const silent = await oddServer();
  const { found } = await tried(host(silent.port), `password: ${PASSWORD}`);
  await silent.close();
  expect(found).toEqual(["redis-unreachable host"]);
});
