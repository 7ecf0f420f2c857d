/**
 * Who may import whom: pure ← ports ← adapters; pure + ports ← use cases ← daemon ← compose ← cli ← main.
 * ARCHITECTURE.md says the same in words. Type-only imports count as much as others.
 */
const PORTS = ["harbor/port.ts", "harbor/node-port.ts", "store/store.ts", "registry-v2/port.ts"];
const OBSERVED = ["observed/model.ts", "observed/state.ts"];
const PURE = ["topology/", "desired/", "plan/", "parity/", "failback/", "import/", "cluster/", ...OBSERVED];

/** What everybody may import: how failures are told, what time is called, and grouping. */
const FOR_ALL = ["errors.ts", "clock.ts", "group-by.ts", "in-turns.ts"];

/** Room (or file) → what it may import from other rooms. What is missing here may import nothing of ours. */
const ALLOWED = {
  "errors.ts": [],
  "clock.ts": [],
  "group-by.ts": [],
  "in-turns.ts": [],
  "log.ts": [],

  "topology/": [],
  "observed/model.ts": ["topology/"],
  "observed/state.ts": ["topology/", "observed/model.ts"],
  "desired/": ["topology/", "observed/model.ts"],
  "plan/": ["topology/", "desired/", ...OBSERVED],
  "parity/": ["topology/"],
  "failback/": ["topology/", "parity/", "observed/model.ts"],
  "cluster/": ["topology/"],
  "import/": ["topology/", "desired/", "plan/", ...OBSERVED],

  "harbor/port.ts": ["topology/", "observed/model.ts"],
  "harbor/node-port.ts": [],
  "store/store.ts": ["topology/", "parity/", "failback/"],
  "registry-v2/port.ts": [],

  "harbor/": ["topology/", "observed/model.ts"],
  // The /v2 side of a Harbor is reached over the same connections, refused with the same errors.
  "registry-v2/": ["topology/", "harbor/"],
  "store/": ["topology/", "parity/", "failback/"],
  // A selection whose filters no Harbor can hold is a mistake of the declaration, so its compiler is asked.
  "config/": ["topology/", "desired/filters.ts"],

  // The files of Harbor's installer, not ours: only how a misspelt word and a place in a file are named is shared.
  "lint/": ["topology/", "config/nearest.ts", "config/source-file.ts"],

  "observed/": [...PURE, ...PORTS],
  "catalog/": [...PURE, ...PORTS],
  "apply/": [...PURE, ...PORTS, "observed/harbor-now.ts", "observed/zombies.ts"],
  "bytes/": [...PURE, ...PORTS, "catalog/confirm.ts", "catalog/unread.ts"],
  "heal/": ["bytes/", ...PURE, ...PORTS, "observed/harbor-now.ts", "catalog/confirm.ts"],
  "reconcile/": ["bytes/", ...PURE, ...PORTS, "observed/", "catalog/", "apply/", "heal/"],
  // Nodes of a cluster are asked one request at a time, whatever they answer: never through Harbor's port, which repeats and explains.
  "probe/": ["cluster/", "topology/", "desired/names.ts", "harbor/node-port.ts", "store/store.ts"],
  // Of probes it borrows how an account, a project and a token are looked at.
  "doctor/": [...PURE, ...PORTS, "probe/", "observed/same-database.ts", "observed/shared-sessions.ts"],
  // Passes are handed in by the command: the loops only wish for them.
  "daemon/": [...PURE, ...PORTS, "observed/harbor-now.ts", "log.ts"],

  "sandbox/": [],
  "compose.ts": [
    ...PURE,
    ...PORTS,
    "heal/slots.ts",
    "harbor/",
    "registry-v2/",
    "store/",
    "config/",
    "log.ts",
  ],
  "cli/": [
    ...PURE,
    ...PORTS,
    "config/",
    "lint/",
    "catalog/",
    "heal/",
    "reconcile/",
    "doctor/",
    "probe/",
    "daemon/",
    "compose.ts",
  ],
  "cli/commands/demo": [...PURE, "cli/", "reconcile/", "probe/", "compose.ts", "sandbox/"],
  "main.ts": ["cli/run.ts", "config/environment.ts"],
};

const names = Object.keys(ALLOWED);
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const anyOf = (list) => `^src/(${list.map(escaped).join("|")})`;

/** A longer name is the more particular one: harbor/port.ts has rules of its own inside harbor/. */
const narrower = (name) => names.filter((other) => other !== name && other.startsWith(name));
const isRoom = (name) => name.endsWith("/");

const directions = names.map((name) => {
  const exceptions = narrower(name);
  return {
    name: `direction: ${name}`,
    comment: "see the table at the head of this file, and ARCHITECTURE.md",
    severity: "error",
    from: {
      path: anyOf([name]),
      ...(exceptions.length === 0 ? {} : { pathNot: anyOf(exceptions) }),
    },
    to: {
      path: "^src/",
      pathNot: anyOf([...FOR_ALL, ...ALLOWED[name], ...(isRoom(name) ? [name] : [])]),
    },
  };
});

/** A package, or what was generated, with the only places that may import it. */
const only = (name, path, places, to = {}) => ({
  name: `only: ${name}`,
  severity: "error",
  from: { path: "^src/", pathNot: places },
  to: { path, ...to },
});

module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "room-known",
      comment: "a new room needs a line in ALLOWED",
      severity: "error",
      from: { path: "^src/", pathNot: anyOf(names) },
      to: {},
    },
    ...directions,
    {
      name: "pure-without-effects",
      comment: "the pure rooms decide; time, files and networks belong to others",
      severity: "error",
      from: { path: anyOf(PURE) },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"], pathNot: "^(node:)?(crypto|util)$" },
    },
    {
      name: "pure-without-clock",
      comment: "clock.ts gives pure rooms its types; the time itself is an argument",
      severity: "error",
      from: { path: anyOf(PURE) },
      to: { path: "^src/clock\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "ports-are-types",
      severity: "error",
      from: { path: anyOf(PORTS) },
      to: { path: "^src/", dependencyTypesNot: ["type-only"] },
    },
    only("generated types", "^src/harbor/generated/", "^src/harbor/"),
    only("axios", "node_modules/axios/", "^src/harbor/transport\\.ts$", {
      dependencyTypesNot: ["type-only"],
    }),
    // A test hands in an adapter that needs no socket; its type is all that is known of axios there.
    only(
      "axios, as types",
      "node_modules/axios/",
      "^src/(harbor/(transport|connection)|sandbox/memory-front)\\.ts$",
    ),
    only("node-cron", "node_modules/node-cron/", "^src/daemon/schedule\\.ts$"),
    only("pino", "node_modules/pino/", "^src/log\\.ts$"),
    only("commander", "node_modules/commander/", "^src/cli/((program|run|completion/words)\\.ts$|groups/)"),
    only("zod and yaml", "node_modules/(zod|yaml)/", "^src/(config|lint)/"),
    only("pg and ioredis", "node_modules/(pg|@types/pg|ioredis)/", "^src/lint/connect/"),
    only("p-retry and p-limit", "node_modules/p-(retry|limit)/", "^src/harbor/"),
    only("sockets", "^(node:)?(http|https|http2|net|tls|dgram)$", "^src/(harbor|sandbox)/"),
    only("child processes and threads", "^(node:)?(child_process|cluster|worker_threads)$", "^$"),
    {
      name: "no-development-package",
      comment: "types may come from one, since they are gone when the program runs",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
