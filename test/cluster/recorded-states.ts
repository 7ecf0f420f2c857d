import type {
  Answered,
  ContentCheck,
  ContentRound,
  ContentSubject,
  Evidence,
  ExecutionSeen,
  WrongContent,
} from "../../src/cluster/evidence.ts";

/**
 * What a probe of a real two-node Harbor v2.9.0 sees, healthy and broken at N2 in thirteen ways: written down by hand from what was recorded of
 * one, state by state. `own` is what a node says of what it made itself, `other` what the other node says of it.
 */
type Way = "own" | "other";

const NODES = ["n1", "n2"] as const;

function said(status: number, code = "", text = ""): Answered {
  return { status, code, text, tookMs: 4 };
}

const OK = said(200);
const REFUSED = said(0, "", "connect ECONNREFUSED");
const UNAUTHORIZED = said(401, "UNAUTHORIZED", "unauthorized");

const BYTES: readonly ContentSubject[] = [
  "manifest-by-tag",
  "manifest-by-digest",
  "manifest-by-second-tag",
  "layer",
  "layer",
];
const LISTS: readonly ContentSubject[] = ["tags-list", "artifact-list", "second-tag-gone"];

/** A wrong answer, or the delay of a right one. */
type Seen = WrongContent | number;

function bad(answered: Answered, how: WrongContent["how"] = "refused"): WrongContent {
  return { ...answered, how, bytes: 0 };
}

function round(
  pushedBy: string,
  at: number,
  read: (node: string, subject: ContentSubject) => Seen,
): ContentRound {
  const other = pushedBy === "n1" ? "n2" : "n1";
  const checks = NODES.flatMap((node) =>
    [...BYTES, ...LISTS].map((subject): ContentCheck => {
      const seen = node === pushedBy ? 20 : read(node, subject);
      return typeof seen === "number"
        ? { node, subject, rightAfterMs: seen, tries: 1 }
        : { node, subject, rightAfterMs: undefined, tries: 30, wrong: seen };
    }),
  );
  return {
    round: at,
    repository: `tidelock-probe/r${at}`,
    pushedBy,
    taggedBy: other,
    untaggedBy: pushedBy,
    push: said(201),
    tag: said(201),
    untag: OK,
    checks,
  };
}

export function bothRounds(read: (node: string, subject: ContentSubject) => Seen): ContentRound[] {
  return NODES.map((node, at) => round(node, at, read));
}

/** Each node with itself and with the other. */
function crossings<Row>(row: (from: string, to: string, way: Way) => Row): Row[] {
  return NODES.flatMap((from) => NODES.map((to) => row(from, to, from === to ? "own" : "other")));
}

function tokens(
  of: (from: string, to: string) => Answered,
  keyId: (from: string) => string = () => "JUR4",
): Pick<Evidence, "tokens"> {
  const issued = { issuedAt: 1_795_000_000, notBefore: 1_795_000_000, acceptedAfterMs: undefined };
  return {
    tokens: crossings((from, to) => ({ from, to, keyId: keyId(from), ...issued, answer: of(from, to) })),
  };
}

export function uploads(other?: Answered): Pick<Evidence, "uploads"> {
  const whole = { status: said(204), chunk: said(202), finish: said(201), rightAfterMs: 12 };
  const failed = { status: other, chunk: other, finish: other, rightAfterMs: undefined };
  return {
    uploads: crossings((from, to, way) => ({
      from,
      to,
      begin: said(202),
      ...(way === "other" && other !== undefined ? failed : whole),
    })),
  };
}

export function sessions(other: Answered): Pick<Evidence, "sessions"> {
  return {
    sessions: crossings((from, to, way) => {
      const answer = way === "own" ? OK : other;
      return { from, to, answer, username: answer.status === 200 ? "admin" : undefined };
    }),
  };
}

function forgery(other: Answered): Pick<Evidence, "forgery"> {
  return {
    forgery: crossings((from, to, way) => {
      const answer = way === "own" ? said(404, "NOT_FOUND", "label 0 is not found") : other;
      return { from, to, answer, refusedAsForged: answer.status === 403 };
    }),
  };
}

export function pings(of: (madeBy: string, askedOf: string) => Answered): Pick<Evidence, "pings"> {
  return { pings: crossings((madeBy, askedOf) => ({ madeBy, askedOf, answer: of(madeBy, askedOf), at: 0 })) };
}

/** Who started, who ran (`-`: no task), what became of it. */
export function executions(
  ...rows: readonly (readonly [string, string, string?])[]
): Pick<Evidence, "executions"> {
  const seen = rows.map(([startedBy, ranOn, reason]): ExecutionSeen => ({
    startedBy,
    result: reason === undefined ? "succeeded" : "failed",
    ranOn: ranOn === "-" ? undefined : ranOn,
    hasTask: ranOn !== "-",
    reason: reason ?? "",
    tookMs: 1500,
  }));
  return { executions: seen };
}

function clocks(aheadMs: number): Pick<Evidence, "identities"> {
  return {
    identities: HEALTHY.identities.map((identity) => ({
      ...identity,
      clock: { aheadMs: identity.node === "n2" ? aheadMs : 3, uncertainMs: 10 },
    })),
  };
}

const HEALTH = {
  core: "healthy",
  database: "healthy",
  jobservice: "healthy",
  redis: "healthy",
  registry: "healthy",
  registryctl: "healthy",
};

function reach(registry: Answered, health: Readonly<Record<string, string>>): Pick<Evidence, "reach"> {
  return {
    reach: [
      { node: "n1", core: OK, registry: OK, health: HEALTH },
      { node: "n2", core: OK, registry, health: { ...HEALTH, ...health } },
    ],
  };
}

const PULL = "failed to pull the manifest of artifact probe/x:1: http status code";

export const HEALTHY: Evidence = {
  form: "full",
  nodes: NODES,
  account: { kind: "person", admin: true },
  ...reach(OK, {}),
  identities: NODES.map((node) => ({
    node,
    version: "v2.9.0-local",
    externalUrl: "http://127.0.0.1:8090",
    storageProvider: "filesystem",
    clock: { aheadMs: node === "n1" ? 3 : -8, uncertainMs: 10 },
    library: { id: 1, createdAt: "2026-11-21T20:01:02.345Z" },
    probeProject: { id: 3, createdAt: "2026-11-21T23:31:32.490Z" },
    realm: "http://127.0.0.1:8090/service/token",
    service: "harbor-registry",
  })),
  ...tokens(() => OK),
  content: bothRounds(() => 150),
  ...uploads(),
  ...sessions(OK),
  ...forgery(said(404, "NOT_FOUND", "label 0 is not found")),
  ...pings(() => OK),
  // All on one node, whoever started them: seen healthy.
  ...executions(["n1", "n2"], ["n2", "n2"], ["n1", "n2"], ["n2", "n2"], ["n1", "n2"], ["n2", "n2"]),
  front: undefined,
  skipped: [],
};

const NO_BYTES = (_node: string, subject: ContentSubject): Seen => {
  if (LISTS.includes(subject)) return 20;
  return subject === "layer" ? bad(OK, "cut") : bad(said(404, "MANIFEST_UNKNOWN", "manifest unknown"));
};
const NO_BYTES_NO_CACHE = (node: string, subject: ContentSubject): Seen =>
  subject === "layer" ? bad(said(404, "BLOB_UNKNOWN", "blob unknown to registry")) : NO_BYTES(node, subject);
const NOT_IN_DATABASE = (_node: string, subject: ContentSubject): Seen => {
  if (subject === "artifact-list") return bad(OK, "not-listed");
  return subject === "layer" ? 150 : bad(said(404, "NOT_FOUND", "repository probe/x not found"));
};

/** Each node runs what it started, since each has a queue of its own. */
const ALONE = executions(
  ...Array.from({ length: 16 }, (_, at) =>
    at % 2 === 0 ? (["n1", "n1"] as const) : (["n2", "n2"] as const),
  ),
);
const OTHER_DATABASE: Partial<Evidence> = {
  identities: HEALTHY.identities.map((identity) =>
    identity.node === "n1"
      ? identity
      : {
          ...identity,
          library: { id: 1, createdAt: "2026-11-21T20:03:09.771Z" },
          probeProject: { id: 2, createdAt: "2026-11-21T23:40:00.001Z" },
        },
  ),
  content: bothRounds(NOT_IN_DATABASE),
  pings: [],
  executions: [],
  skipped: [
    { proof: "ping", nodes: [], reason: "the nodes are not over one database" },
    { proof: "execution", nodes: [], reason: "the nodes are not over one database" },
  ],
};

const AHEAD =
  (aheadOne: string) =>
  (from: string, to: string): Answered =>
    from === aheadOne && to !== aheadOne ? UNAUTHORIZED : OK;

/** State → what differs from healthy there, and the faults that it is. */
export const RECORDED: Readonly<
  Record<string, { readonly evidence: Partial<Evidence>; readonly faults: readonly string[] }>
> = {
  "1 token key": {
    evidence: tokens(
      (from, to) => (from === to ? OK : UNAUTHORIZED),
      (from) => (from === "n1" ? "JUR4" : "Q2XB"),
    ),
    faults: ["token-key"],
  },
  "2 secretkey": {
    evidence: {
      ...pings((madeBy, askedOf) =>
        madeBy === askedOf ? OK : said(400, "BAD_REQUEST", "the registry is unhealthy"),
      ),
      ...executions(
        ["n1", "n2"],
        ["n2", "-", "failed to do the prepare work for pushing/uploading resources: http error: code 401"],
        [
          "n1",
          "n1",
          "failed to check the existence of the manifest of artifact probe/x:1 on the destination registry: http status code: 401",
        ],
        ["n2", "-", "failed to do the prepare work for pushing/uploading resources: http error: code 401"],
      ),
    },
    faults: ["secretkey"],
  },
  "3 storage": {
    evidence: {
      content: bothRounds(NO_BYTES),
      ...uploads(said(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")),
      ...executions(
        ["n1", "n1"],
        ["n2", "n1"],
        ["n1", "n2", `${PULL}: 404, body: MANIFEST_UNKNOWN`],
        ["n2", "n1"],
      ),
    },
    faults: ["storage"],
  },
  "3b storage and redis": {
    evidence: {
      content: bothRounds(NO_BYTES_NO_CACHE),
      ...uploads(said(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")),
      ...sessions(UNAUTHORIZED),
      ...ALONE,
    },
    faults: ["storage", "redis"],
  },
  "4 redis": { evidence: { ...sessions(UNAUTHORIZED), ...ALONE }, faults: ["redis"] },
  "5 registry http.secret": {
    evidence: uploads(said(404, "BLOB_UPLOAD_INVALID", "blob upload invalid")),
    faults: ["upload-secret"],
  },
  "6 JOBSERVICE_SECRET": {
    evidence: executions(
      ["n1", "n1"],
      ["n2", "n1", `${PULL}: 401, body: unauthorized to access repository`],
      ["n1", "n2", `${PULL}: 401, body: unauthorized to access repository`],
      ["n2", "n2"],
    ),
    faults: ["job-secret"],
  },
  "7 database": { evidence: OTHER_DATABASE, faults: ["database"] },
  "7 database, the project only in one": {
    evidence: {
      ...OTHER_DATABASE,
      content: bothRounds((_node, subject) =>
        subject === "artifact-list"
          ? bad(OK, "not-listed")
          : bad(said(401, "UNAUTHORIZED", "project probe not found")),
      ),
      ...uploads(said(401, "UNAUTHORIZED", "project probe not found")),
    },
    faults: ["database"],
  },
  "7b database and redis": {
    evidence: { ...OTHER_DATABASE, ...sessions(UNAUTHORIZED) },
    faults: ["redis", "database"],
  },
  "8 CSRF_KEY": { evidence: forgery(said(403, "FORBIDDEN", "CSRF token invalid")), faults: ["csrf-key"] },
  "9a registry dead": {
    evidence: {
      ...reach(said(502), { registry: "unhealthy" }),
      content: [],
      uploads: [],
      skipped: [
        { proof: "content", nodes: ["n2"], reason: "its registry is down" },
        { proof: "upload", nodes: ["n2"], reason: "its registry is down" },
      ],
      ...executions(["n1", "n1"], ["n2", "n2", `${PULL}: 502`], ["n1", "n2", `${PULL}: 502`], ["n2", "n1"]),
    },
    faults: ["registry-down"],
  },
  "9a registry dead since the probe began": {
    evidence: {
      content: bothRounds((_node, subject) => (LISTS.includes(subject) ? 20 : bad(said(502)))),
      ...uploads(said(502)),
    },
    faults: ["registry-down"],
  },
  "9b core dead": {
    evidence: {
      reach: [
        { node: "n1", core: OK, registry: OK, health: HEALTH },
        { node: "n2", core: REFUSED, registry: REFUSED, health: undefined },
      ],
      identities: HEALTHY.identities.slice(0, 1),
      tokens: HEALTHY.tokens.slice(0, 1),
      content: [],
      uploads: [],
      sessions: [],
      forgery: [],
      pings: [],
      executions: [],
    },
    faults: ["core-down"],
  },
  "9c jobservice dead": {
    evidence: {
      ...reach(OK, { jobservice: "unhealthy" }),
      ...executions(
        ["n1", "n1"],
        [
          "n2",
          "-",
          'Post "http://127.0.0.1:8292/api/v1/jobs": dial tcp 127.0.0.1:8292: connect: connection refused',
        ],
        ["n1", "n1"],
      ),
    },
    faults: ["jobservice-down"],
  },
  "9d registryctl dead": { evidence: reach(OK, { registryctl: "unhealthy" }), faults: ["registryctl-down"] },
  "10a clock +600 s": { evidence: { ...clocks(599_998), ...tokens(AHEAD("n2")) }, faults: ["clock"] },
  "10b clock -600 s": { evidence: { ...clocks(-600_001), ...tokens(AHEAD("n1")) }, faults: ["clock"] },
  "10c clock +30 s": { evidence: { ...clocks(30_001), ...tokens(AHEAD("n2")) }, faults: ["clock"] },
  "10e clock +2 s": {
    evidence: {
      ...clocks(2030),
      tokens: tokens(AHEAD("n2")).tokens.map((use) =>
        use.from === "n2" && use.to === "n1" ? { ...use, acceptedAfterMs: 3200 } : use,
      ),
    },
    faults: ["clock"],
  },
  "11 copied every 5 s": {
    evidence: {
      content: bothRounds((node, subject) => {
        if (LISTS.includes(subject)) return 20;
        return node === "n2" ? 5200 : NO_BYTES(node, subject);
      }),
      ...uploads(said(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")),
    },
    faults: ["storage-stale"],
  },
};
