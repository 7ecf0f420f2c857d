import { readFile } from "node:fs/promises";
import type { Redis } from "ioredis";
import { makeSecret } from "../../topology/secret.ts";
import { redisHosts, redisIndexes } from "../declared-redis.ts";
import { at, type Complaint, type Finding } from "../finding.ts";
import { mapAt, textAt, type HarborFile, type Values } from "../harbor-file.ts";
import { shownHost } from "../secrecy.ts";
import { found, NOTHING, together, untested, type Tried } from "./outcome.ts";
import { answerOf, enterRedis, type RedisTarget } from "./redis.ts";

const WHAT = "the external Redis";
const LIFE_MS = 10_000;

/** Enters Redis with the declared values, writes a key into each database that Harbor will use, and then knocks without a password. */
export async function tryRedis(file: HarborFile, token: string): Promise<Tried> {
  const hosts = hostsOf(file.values);
  const masterSet = textAt(file.values, "external_redis", "sentinel_master_set");
  if (hosts.length === 0) return untested(WHAT, "its host is not declared");
  if (hosts.length > 1 && masterSet === undefined)
    return untested(WHAT, "several hosts need sentinel_master_set");
  const tls = await tlsOf(file.values);
  if (typeof tls === "string") return untested(WHAT, tls);
  const username = textAt(file.values, "external_redis", "username");
  const target: RedisTarget = { hosts, masterSet, username, tls };
  const password = textAt(file.values, "external_redis", "password");
  const [own, anonymous] = await Promise.all([
    password === undefined ? NOTHING : tryDeclaredPassword(file, target, password, token),
    tryWithoutPassword(file, target, password === undefined ? token : undefined),
  ]);
  return together([own, anonymous]);
}

async function tryDeclaredPassword(
  file: HarborFile,
  target: RedisTarget,
  password: string,
  token: string,
): Promise<Tried> {
  const entry = await enterRedis(target, makeSecret(password));
  if (entry.kind === "refused") return found(at(file, ["external_redis", "password"], LOGIN));
  if (entry.kind === "unreachable") return found(unreachable(file, target, entry.reason));
  return writeAll(file, entry.redis, token);
}

/** With a token there is no password to try first, so this is the connection to write through. */
async function tryWithoutPassword(
  file: HarborFile,
  target: RedisTarget,
  token: string | undefined,
): Promise<Tried> {
  const path = ["external_redis", "password"];
  const entry = await enterRedis(target, undefined);
  if (entry.kind === "refused") return token === undefined ? NOTHING : found(at(file, path, LOGIN));
  if (entry.kind === "unreachable")
    return token === undefined ? NOTHING : found(unreachable(file, target, entry.reason));
  const written = token === undefined ? NOTHING : await writeAll(file, entry.redis, token);
  entry.redis.disconnect();
  return together([written, found(at(file, path, token === undefined ? OPEN_THOUGH_DECLARED : OPEN))]);
}

const LOGIN: Complaint = {
  code: "redis-login",
  sentence: "is refused by Redis",
  advice: "compare it with requirepass, or with the ACL of the user; Redis before 6 knows no usernames",
};

const OPEN: Complaint = {
  code: "redis-open",
  sentence: "is not needed: Redis served this machine without one, with all sessions and jobs",
  advice: "set requirepass in redis.conf, and write the password on every node",
};

const OPEN_THOUGH_DECLARED: Complaint = {
  code: "redis-open",
  sentence: "is declared, and Redis served this machine without one, with all sessions and jobs",
  advice:
    "set it as requirepass in redis.conf, or switch the default user off; clients that log in to none may be refused",
};

function unreachable(file: HarborFile, { hosts }: RedisTarget, reason: string): Finding {
  const where = hosts.map(({ host, port }) => `${shownHost(host)}:${port}`).join(", ");
  return at(file, ["external_redis", "host"], {
    code: "redis-unreachable",
    sentence: `can't be reached from this machine at ${where}: ${reason}`,
    advice: "look at address, port, bind and firewalls; try it on a node",
  });
}

async function writeAll(file: HarborFile, redis: Redis, token: string): Promise<Tried> {
  try {
    const indexes = new Map([
      [0, "host"],
      ...redisIndexes(file.values).map(({ index, key }) => [index, key] as const),
    ]);
    const tried: Tried[] = [];
    for (const [index, key] of indexes) tried.push(await write(file, redis, index, key, token));
    return together(tried);
  } finally {
    redis.disconnect();
  }
}

/** A key of our own name, read back and removed; should that fail it is gone after ten seconds. */
async function write(
  file: HarborFile,
  redis: Redis,
  index: number,
  key: string,
  token: string,
): Promise<Tried> {
  const path = ["external_redis", key];
  const name = `tidelock:lint:${token}`;
  try {
    await redis.select(index);
  } catch {
    return found(at(file, path, noIndex(index)));
  }
  try {
    await redis.set(name, token, "PX", LIFE_MS);
    const read = await redis.get(name);
    await redis.del(name);
    return read === token
      ? NOTHING
      : untested(`database ${index} of Redis`, "what was written was not read back");
  } catch (thrown) {
    return found(at(file, path, unwritable(index, answerOf(thrown))));
  }
}

function noIndex(index: number): Complaint {
  return {
    code: "redis-no-index",
    sentence: `needs database ${index}, which Redis refuses: it has fewer, or is a Redis Cluster, which has one alone`,
    advice: "raise databases in redis.conf, or write lower indexes; Harbor works with no Redis Cluster",
  };
}

function unwritable(index: number, answer: string): Complaint {
  const because =
    answer === "READONLY"
      ? "it is a replica"
      : answer === "NOPERM"
        ? "its user lacks the right"
        : answer === ""
          ? "it gave no answer"
          : `it said ${answer}`;
  return {
    code: "redis-unwritable",
    sentence: `database ${index} took no key of ours: ${because}`,
    advice: "name the master, or the sentinels; look at memory, disk and rights of Redis",
  };
}

function hostsOf(values: Values): { host: string; port: number }[] {
  const isSentinel = textAt(values, "external_redis", "sentinel_master_set") !== undefined;
  return redisHosts(values).map((text) => {
    const [, host = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
    return {
      host: host.replace(/^\[|\]$/g, ""),
      port: port === undefined ? (isSentinel ? 26_379 : 6379) : Number(port),
    };
  });
}

/** A string says why it can't be known. */
async function tlsOf(values: Values): Promise<RedisTarget["tls"] | string> {
  const options = mapAt(values, "external_redis", "tlsOptions");
  if (options["enable"] !== true) return undefined;
  const path = textAt(options, "rootCA");
  if (path === undefined) return { ca: undefined };
  try {
    return { ca: await readFile(path, "utf8") };
  } catch {
    return `the file of tlsOptions.rootCA, ${path}, can't be read on this machine`;
  }
}
