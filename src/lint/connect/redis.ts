import type { Redis, RedisOptions } from "ioredis";
import type { Secret } from "../../topology/model.ts";
import { isAboutCertificate, PATIENCE_MS, whyUnreachable } from "./why-unreachable.ts";

/** Where Redis is: itself, or sentinels that know the master of a set. */
export interface RedisTarget {
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** Name of the master set; undefined where `hosts` is Redis itself. */
  readonly masterSet: string | undefined;
  readonly username: string | undefined;
  /** Undefined without TLS; a private authority as PEM, otherwise those that this machine trusts. */
  readonly tls: { readonly ca: string | undefined } | undefined;
}

export type RedisEntry =
  /** To be closed with `redis.disconnect()`. */
  | { readonly kind: "open"; readonly redis: Redis }
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable"; readonly reason: string };

/** Connects, logs in where there is a password, and makes sure that commands are taken. Never tries again. */
export async function enterRedis(target: RedisTarget, password: Secret | undefined): Promise<RedisEntry> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(optionsFor(target));
  let last: unknown;
  redis.on("error", (error: unknown) => (last = error));
  try {
    await redis.connect();
    if (password !== undefined) await logIn(redis, target.username, password);
    await redis.ping();
    return { kind: "open", redis };
  } catch (thrown) {
    redis.disconnect();
    if (isRefusal(thrown) || isRefusal(last)) return { kind: "refused" };
    return { kind: "unreachable", reason: reasonFor(target, last ?? thrown) };
  }
}

/** The library would do it by itself, but with warnings to the console. A Redis that has no password lets everybody in, which others find out. */
async function logIn(redis: Redis, username: string | undefined, password: Secret): Promise<void> {
  try {
    if (username === undefined) await redis.auth(password.reveal());
    else await redis.auth(username, password.reveal());
  } catch (thrown) {
    const hasNone = /no password is set|without any password configured/;
    if (!(thrown instanceof Error && hasNone.test(thrown.message))) throw thrown;
  }
}

function optionsFor({ hosts, masterSet, tls }: RedisTarget): RedisOptions {
  const [first] = hosts;
  return {
    ...(masterSet === undefined ? { ...first } : { sentinels: [...hosts], name: masterSet, role: "master" }),
    ...(tls === undefined ? {} : { tls: tls.ca === undefined ? {} : { ca: tls.ca } }),
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
    reconnectOnError: () => false,
    sentinelRetryStrategy: () => null,
  };
}

/** Redis' own answers begin with a word in capitals. */
export function answerOf(thrown: unknown): string {
  return thrown instanceof Error ? (/^(?:-)?([A-Z]+)\b/.exec(thrown.message)?.[1] ?? "") : "";
}

function isRefusal(thrown: unknown): boolean {
  const isOldWay = thrown instanceof Error && /^ERR invalid password/.test(thrown.message);
  return isOldWay || ["NOAUTH", "WRONGPASS", "NOPERM", "DENIED"].includes(answerOf(thrown));
}

function reasonFor({ masterSet }: RedisTarget, thrown: unknown): string {
  if (thrown instanceof Error && /sentinel/i.test(thrown.message))
    return `no sentinel named a master of ${masterSet ?? "the set"} that answers`;
  return isAboutCertificate(thrown) ? "its certificate is not trusted here" : whyUnreachable(thrown);
}
