import { at, type Complaint, type Finding } from "../finding.ts";
import { textAt, type HarborFile } from "../harbor-file.ts";
import {
  hasExternalRedis,
  isShadowed,
  redisHosts,
  redisIndexes,
  type RedisIndex,
} from "../declared-redis.ts";
import type { Rule } from "./rule.ts";

/** One Redis for all nodes, where Harbor reads it. */
export const oneRedis: Rule = (file) => {
  if (!hasExternalRedis(file.values)) return [at(file, ["external_redis"], MISSING)];
  return [...(isShadowed(file.values) ? [at(file, ["redis"], SHADOWED)] : []), ...hosts(file)];
};

const MISSING: Complaint = {
  code: "external-redis-missing",
  sentence: "is not there: each node would keep its own sessions, upload states and job queues",
  advice: "write external_redis with host and password, the same on every node",
};

const SHADOWED: Complaint = {
  code: "redis-shadowed",
  sentence: "makes the installer ignore external_redis: each node would use its bundled Redis",
  advice: "take the section out, and write the indexes below external_redis",
};

function hosts(file: HarborFile): Finding[] {
  const given = redisHosts(file.values);
  const isSentinel = textAt(file.values, "external_redis", "sentinel_master_set") !== undefined;
  const portless = given.filter((host) => !/:\d+$/.test(host));
  const path = ["external_redis", "host"];
  const sentinel: Complaint = {
    code: "sentinel-missing",
    sentence: `names ${given.length} hosts, which Harbor understands as sentinels, but sentinel_master_set is not there`,
    advice: "write sentinel_master_set with the name of the master set, or one host alone",
  };
  const port: Complaint = {
    code: "redis-port-missing",
    sentence: "has no port; Harbor's components take the address as it stands",
    advice: isSentinel ? "write each as HOST:26379" : "write HOST:6379",
  };
  return [
    ...(given.length > 1 && !isSentinel ? [at(file, path, sentinel)] : []),
    ...(portless.length > 0 ? [at(file, path, port)] : []),
  ];
}

/** Who uses which database inside of Redis. A purge of the cache of one must not take the jobs of another. */
export const indexes: Rule = (file) => {
  if (!hasExternalRedis(file.values)) return [];
  const used = redisIndexes(file.values);
  return [...used.filter(isCoresOwn).map((one) => at(file, placeOf(one), zero(one))), ...shared(file, used)];
};

/** The optional ones may stay in core's database: that is their default. */
function isCoresOwn({ key, index }: RedisIndex): boolean {
  return index === 0 && !/^(?:harbor|cache_layer)_/.test(key);
}

function zero({ key }: RedisIndex): Complaint {
  return {
    code: "redis-index-zero",
    sentence:
      "is 0, which belongs to Harbor's core; the installer takes a 0 for nothing and uses its default",
    advice: `write another ${key}, one that no other component has`,
  };
}

function shared(file: HarborFile, used: readonly RedisIndex[]): Finding[] {
  return used.flatMap((one, position) => {
    const other = used.slice(0, position).find(({ index }) => index === one.index);
    if (other === undefined || one.index === 0) return [];
    const [blamed, owner] = one.isDeclared ? [one, other] : [other, one];
    const sentence = `is ${blamed.index}, as ${owner.key} is${owner.isDeclared ? "" : " by default"}: they would overwrite each other`;
    const advice = "give each component an index of its own";
    return [at(file, placeOf(blamed), { code: "redis-index-shared", sentence, advice })];
  });
}

function placeOf({ key }: RedisIndex): string[] {
  return ["external_redis", key];
}
