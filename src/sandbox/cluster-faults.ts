import { BlobStore } from "./blob-store.ts";
import type { Core, Redis } from "./core.ts";
import type { Exposure } from "./exposure.ts";
import { install } from "./installation.ts";
import type { NodeSettings } from "./node-settings.ts";
import type { PartName } from "./part.ts";
import { emptyRedis } from "./redis.ts";
import type { Node } from "./sandbox-front.ts";
import { emptyState } from "./state.ts";

export interface BreakOptions {
  /** The name of the node. */
  readonly node?: string;
  /** How far the clock is ahead, 600 s by default; how often a stale storage is filled from the others', 5 s by default. */
  readonly byMs?: number;
}

type Undo = () => void;
/** Puts the fault on; returns what takes it off again. */
export type Breaker = (node: Node, options: BreakOptions) => Undo;

const CLOCK_MS = 600_000;
const COPIED_EVERY_MS = 5000;
const DAY_MS = 86_400_000;

/** How each of the faults is made, by its name. */
export function breakers(exposure: Exposure) {
  const apart =
    (copied: (options: BreakOptions) => number | undefined): Breaker =>
    ({ core }, options) => {
      const before = exposure.part(core.name, copied(options));
      return () => exposure.rejoin(core.name, before);
    };
  return {
    "token-key": setting("tokenKey"),
    secretkey: setting("secretKey"),
    storage: apart(() => undefined),
    "storage-stale": apart(({ byMs = COPIED_EVERY_MS }) => byMs),
    redis: ownRedis,
    "upload-secret": setting("uploadSecret"),
    "job-secret": setting("jobSecret"),
    "csrf-key": setting("csrfKey"),
    database: ownDatabase,
    clock: ({ sandbox, core }, { byMs = CLOCK_MS }) => {
      const before = core.faults.skewMs;
      sandbox.faults.clockSkew(byMs);
      return () => sandbox.faults.clockSkew(before);
    },
    "core-down": ({ sandbox }) => {
      sandbox.faults.down();
      return () => sandbox.faults.up();
    },
    "registry-down": stopped("registry"),
    "jobservice-down": stopped("jobservice"),
    "registryctl-down": stopped("registryctl"),
    version: setting("harborVersion", nextPatch),
    realm: setting("externalUrl", () => "http://retired.test"),
  } satisfies Readonly<Record<string, Breaker>>;
}

type Key =
  "tokenKey" | "secretKey" | "uploadSecret" | "jobSecret" | "csrfKey" | "harborVersion" | "externalUrl";

/** One setting of the node is another than that of the others: by default as `prepare` writes it on another machine. */
function setting(
  key: Key,
  other: (before: string, node: string) => string = (before, node) => `${before}, made anew on ${node}`,
): Breaker {
  return ({ core }) => {
    const before: Pick<NodeSettings, Key> = { ...core.settings };
    core.settings[key] = other(before[key] ?? "", core.name);
    return () => Object.assign(core.settings, { [key]: before[key] });
  };
}

/** The next patch release, built by somebody else. */
function nextPatch(version: string): string {
  return version.replace(/^(v\d+\.\d+\.)(\d+).*$/, (_, minor: string, patch: string) => {
    return `${minor}${Number(patch) + 1}-0b5f3a61`;
  });
}

function stopped(part: PartName): Breaker {
  return ({ sandbox }) => {
    sandbox.faults.stopPart(part);
    return () => sandbox.faults.startPart(part);
  };
}

const ownRedis: Breaker = ({ core }) => {
  const before = core.redis;
  useRedis(core, emptyRedis());
  return () => useRedis(core, before);
};

function useRedis(core: Core, redis: Redis): void {
  const at = core.redis.workers.indexOf(core);
  if (at !== -1) core.redis.workers.splice(at, 1);
  redis.workers.push(core);
  core.redis = redis;
  core.blobs = new BlobStore(core.files, redis.descriptors, core.sight);
}

/** A database of its own, as empty as on the first day, and made on another one. */
const ownDatabase: Breaker = ({ sandbox, core }) => {
  const before = core.database;
  core.database = { state: emptyState() };
  install(core, sandbox.adminPassword, core.now() - DAY_MS);
  core.derived.clear();
  return () => {
    core.database = before;
    core.derived.clear();
  };
};
