import type {
  Answered,
  ContentCheck,
  ContentRound,
  ContentSubject,
  EndpointPing,
  Evidence,
  ExecutionSeen,
  ForgeryCrossing,
  Identity,
  Proof,
  Reach,
  SessionCrossing,
  Skipped,
  TokenUse,
  UploadCrossing,
  WrongContent,
} from "../../src/cluster/evidence.ts";
import type { FaultName } from "../../src/cluster/faults.ts";

/** A fault on a node: what all other nodes share, this one has of its own. */
export interface ModelFault {
  readonly name: FaultName;
  readonly node: string;
  /** Of a clock: how far ahead. Of a storage that is copied: how late. */
  readonly byMs?: number;
}

export interface ModelCluster {
  readonly nodes: readonly string[];
  readonly faults: readonly ModelFault[];
  readonly form: "small" | "full";
  readonly account?: Evidence["account"];
  /** In [0, 1): delays, who runs a job, what a balancer chooses. */
  readonly random: () => number;
  /** The longest delay of a healthy storage. */
  readonly slowestMs?: number;
  /** Whether nodes that are away, and what is proven by numbers over two databases, are left out, as the probe does; else they are asked all the same. */
  readonly leavesOut?: boolean;
  /** Whether the project of the probe is in every database. */
  readonly projectEverywhere?: boolean;
  readonly executions?: number;
}

export const OK: Answered = { status: 200, code: "", text: "", tookMs: 5 };
const CREATED: Answered = { ...OK, status: 201 };
const ACCEPTED: Answered = { ...OK, status: 202 };
const REFUSED: Answered = {
  status: 0,
  code: "",
  text: "connect ECONNREFUSED 10.0.0.2:443",
  tookMs: 1,
};
const BAD_GATEWAY: Answered = { status: 502, code: "", text: "", tookMs: 3 };

export function answer(status: number, code: string, text: string): Answered {
  return { status, code, text, tookMs: 5 };
}

const NO_PROJECT = answer(401, "UNAUTHORIZED", "project tidelock-probe not found");
const NO_REPOSITORY = answer(404, "NOT_FOUND", "repository tidelock-probe/x not found");
const NOW_S = 1_795_000_000;

/** A cluster, as far as a probe sees it: each answer is that of a recorded one, computed from who shares what with whom. */
export function evidenceOf(cluster: ModelCluster): Evidence {
  const model = modelOf(cluster);
  const { up, nodes } = model;
  const full = cluster.form === "full";
  const byNumber = full && (cluster.leavesOut === false || !model.faulty("database"));
  const skipped = skippedIn(model, full && !byNumber);
  const account = cluster.account ?? { kind: "person", admin: true };
  const asPerson = full && account.kind === "person";
  if (full && !asPerson) skipped.push({ proof: "session", nodes: [], reason: "robots have no sessions" });
  const [first] = up;
  return {
    form: cluster.form,
    nodes,
    account,
    reach: nodes.map((node) => reachOf(model, node)),
    identities: up.map((node) => identityOf(model, node)),
    tokens: model.serving.flatMap((from) => up.map((to) => tokenUse(model, from, to))),
    content: model.serving.map((pusher, round) => contentRound(model, pusher, round)),
    uploads: model.serving.flatMap((from) => model.serving.map((to) => uploadCrossing(model, from, to))),
    sessions: asPerson ? up.flatMap((from) => up.map((to) => sessionCrossing(model, from, to))) : [],
    forgery: full ? up.flatMap((from) => up.map((to) => forgeryCrossing(model, from, to))) : [],
    pings: byNumber ? up.flatMap((madeBy) => up.map((askedOf) => endpointPing(model, madeBy, askedOf))) : [],
    executions: byNumber ? executionsOf(model, cluster.executions ?? 8) : [],
    front:
      first === undefined
        ? undefined
        : { reach: OK, realm: realmOf(model, first), realmAnswers: undefined, reached: undefined, asked: 6 },
    publicAddresses: ["https://hub.example.com"],
    skipped,
  };
}

function skippedIn({ nodes, up }: Model, overTwoDatabases: boolean): Skipped[] {
  const proofs: readonly Proof[] = [
    "identity",
    "token",
    "content",
    "upload",
    "session",
    "forgery",
    "ping",
    "execution",
  ];
  const away = nodes
    .filter((node) => !up.includes(node))
    .flatMap((node) => proofs.map((proof) => ({ proof, nodes: [node], reason: `${node} does not answer` })));
  const reason = "the nodes are not over one database";
  const byNumber = (["ping", "execution"] as const).map((proof) => ({ proof, nodes: [], reason }));
  return overTwoDatabases ? [...away, ...byNumber] : away;
}

interface Model extends ModelCluster {
  readonly up: readonly string[];
  /** With a registry, or asked all the same. */
  readonly serving: readonly string[];
  has(name: FaultName, node: string): boolean;
  faulty(name: FaultName): boolean;
  /** Whether two nodes share what the fault is about. */
  share(name: FaultName, one: string, other: string): boolean;
  byMs(name: FaultName, node: string): number;
  delay(): number;
}

function modelOf(cluster: ModelCluster): Model {
  const { nodes, faults, random, slowestMs = 150, leavesOut = true } = cluster;
  const has = (name: FaultName, node: string): boolean =>
    faults.some((fault) => fault.name === name && fault.node === node);
  const up = nodes.filter((node) => !has("core-down", node));
  return {
    ...cluster,
    up,
    serving: up.filter((node) => !leavesOut || !has("registry-down", node)),
    has,
    faulty: (name) => faults.some((fault) => fault.name === name),
    share: (name, one, other) => one === other || (!has(name, one) && !has(name, other)),
    byMs: (name, node) =>
      faults.find((fault) => fault.name === name && fault.node === node)?.byMs ??
      (has(name, node) ? 5100 : 0),
    delay: () => Math.floor(random() * slowestMs),
  };
}

function reachOf(model: Model, node: string): Reach {
  if (model.has("core-down", node)) return { node, core: REFUSED, registry: REFUSED, health: undefined };
  const state = (name: FaultName): string => (model.has(name, node) ? "unhealthy" : "healthy");
  return {
    node,
    core: OK,
    registry: model.has("registry-down", node) ? BAD_GATEWAY : OK,
    health: {
      core: "healthy",
      database: "healthy",
      redis: "healthy",
      registry: state("registry-down"),
      jobservice: state("jobservice-down"),
      registryctl: state("registryctl-down"),
    },
  };
}

function identityOf(model: Model, node: string): Identity {
  const own = model.has("database", node);
  const created = (day: string): string =>
    `2026-11-${day}T10:00:00.${own ? 100 + model.nodes.indexOf(node) : 123}Z`;
  return {
    node,
    version: model.has("version", node) ? "v2.8.1-1c57e1b3" : "v2.9.0-1a1a4e65",
    externalUrl: realmOf(model, node).replace("/service/token", ""),
    storageProvider: "filesystem",
    clock: { aheadMs: model.byMs("clock", node) + model.random() * 20, uncertainMs: 10 },
    library: { id: 1, createdAt: created("01") },
    probeProject:
      own && model.projectEverywhere !== true ? "absent" : { id: own ? 2 : 7, createdAt: created("20") },
    realm: realmOf(model, node),
    service: "harbor-registry",
  };
}

function realmOf(model: Model, node: string): string {
  return model.has("realm", node)
    ? `https://${node}.internal/service/token`
    : "https://hub.example.com/service/token";
}

function tokenUse(model: Model, from: string, to: string): TokenUse {
  const aheadMs = model.byMs("clock", from) - model.byMs("clock", to);
  const at = NOW_S + Math.floor(model.byMs("clock", from) / 1000);
  const bare = {
    from,
    to,
    keyId: model.has("token-key", from) ? `KEY:OF:${from}` : "KEY:OF:ALL",
    issuedAt: at,
    notBefore: at,
    acceptedAfterMs: undefined,
  };
  if (model.has("registry-down", to)) return { ...bare, answer: BAD_GATEWAY };
  const refused = answer(401, "UNAUTHORIZED", "unauthorized");
  if (!model.share("token-key", from, to)) return { ...bare, answer: refused };
  if (aheadMs < 1000) return { ...bare, answer: OK };
  return aheadMs <= 12_000
    ? { ...bare, answer: refused, acceptedAfterMs: aheadMs }
    : { ...bare, answer: refused };
}

const BYTES: readonly ContentSubject[] = ["manifest-by-tag", "manifest-by-digest", "layer", "layer", "layer"];

function contentRound(model: Model, pushedBy: string, round: number): ContentRound {
  const { serving, up } = model;
  const turn = (step: number): string =>
    serving[(serving.indexOf(pushedBy) + step) % serving.length] ?? pushedBy;
  const [taggedBy, untaggedBy] = [turn(1), turn(2)];
  const works = !model.has("registry-down", pushedBy);
  const reaches = (node: string): boolean => model.share("database", pushedBy, node);
  const bare = { round, repository: `tidelock-probe/tidelock-${round}`, pushedBy, taggedBy, untaggedBy };
  if (!works) return { ...bare, push: BAD_GATEWAY, tag: undefined, untag: undefined, checks: [] };
  const checks = up.flatMap((node): ContentCheck[] => {
    if (model.leavesOut !== false && model.has("registry-down", node)) return [];
    const list = reaches(node) ? undefined : wrong(OK, "not-listed");
    return [
      ...BYTES.map((subject) => checkOf(model, node, subject, bytesAt(model, pushedBy, node, subject))),
      checkOf(model, node, "artifact-list", list),
      ...(reaches(taggedBy) &&
      reaches(node) &&
      model.share("storage", pushedBy, node) &&
      !isLate(model, pushedBy, node)
        ? [checkOf(model, node, "manifest-by-second-tag", bytesAt(model, pushedBy, node, "manifest-by-tag"))]
        : []),
    ];
  });
  return {
    ...bare,
    push: CREATED,
    tag: reaches(taggedBy) ? CREATED : NO_REPOSITORY,
    untag: reaches(untaggedBy) ? OK : NO_REPOSITORY,
    checks,
  };
}

type Wrong = WrongContent | number | undefined;

/** Undefined: right; a number: right, but only after so long. */
function bytesAt(model: Model, pushedBy: string, node: string, subject: ContentSubject): Wrong {
  if (model.has("registry-down", node)) return wrong(BAD_GATEWAY, "refused");
  const isLayer = subject === "layer";
  if (!model.share("database", pushedBy, node)) {
    if (model.projectEverywhere !== true) return wrong(NO_PROJECT, "refused");
    if (!isLayer) return wrong(NO_REPOSITORY, "refused");
  }
  const isCopied = !model.share("storage-stale", pushedBy, node);
  if (
    isCopied &&
    model.share("storage", pushedBy, node) &&
    model.has("storage-stale", node) &&
    !model.has("storage-stale", pushedBy)
  ) {
    return model.byMs("storage-stale", node);
  }
  if (!isCopied && model.share("storage", pushedBy, node)) return undefined;
  if (!isLayer) return wrong(answer(404, "MANIFEST_UNKNOWN", "manifest unknown"), "refused");
  return model.share("redis", pushedBy, node)
    ? wrong(OK, "cut")
    : wrong(answer(404, "BLOB_UNKNOWN", "blob unknown to registry"), "refused");
}

function isLate(model: Model, pushedBy: string, node: string): boolean {
  return !model.share("storage-stale", pushedBy, node);
}

function checkOf(model: Model, node: string, subject: ContentSubject, bytes: Wrong): ContentCheck {
  if (bytes === undefined) return { node, subject, rightAfterMs: model.delay(), tries: 1 };
  const unknown = wrong(answer(404, "MANIFEST_UNKNOWN", ""), "refused");
  return typeof bytes === "number"
    ? { node, subject, rightAfterMs: bytes, tries: 20, wrong: unknown }
    : { node, subject, rightAfterMs: undefined, tries: 40, wrong: bytes };
}

export function wrong(answered: Answered, how: WrongContent["how"]): WrongContent {
  return { ...answered, how, bytes: 0 };
}

function uploadCrossing(model: Model, from: string, to: string): UploadCrossing {
  const bare = { from, to, status: undefined, chunk: undefined, finish: undefined, rightAfterMs: undefined };
  if (model.has("registry-down", from)) return { ...bare, begin: BAD_GATEWAY };
  const failed = (status: Answered): UploadCrossing => ({ ...bare, begin: ACCEPTED, status });
  if (model.has("registry-down", to)) return failed(BAD_GATEWAY);
  if (!model.share("database", from, to) && model.projectEverywhere !== true) return failed(NO_PROJECT);
  if (!model.share("upload-secret", from, to)) {
    return failed(answer(404, "BLOB_UPLOAD_INVALID", "blob upload invalid"));
  }
  if (!model.share("storage", from, to) || isLate(model, from, to)) {
    return failed(answer(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"));
  }
  const status = { ...OK, status: 204 };
  return { ...bare, begin: ACCEPTED, status, chunk: ACCEPTED, finish: CREATED, rightAfterMs: model.delay() };
}

function sessionCrossing(model: Model, from: string, to: string): SessionCrossing {
  return model.share("redis", from, to)
    ? { from, to, answer: OK, username: "admin" }
    : { from, to, answer: answer(401, "UNAUTHORIZED", "unauthorized"), username: undefined };
}

function forgeryCrossing(model: Model, from: string, to: string): ForgeryCrossing {
  return model.share("csrf-key", from, to)
    ? { from, to, answer: answer(404, "NOT_FOUND", "label 0 not found"), refusedAsForged: false }
    : { from, to, answer: answer(403, "FORBIDDEN", "CSRF token invalid"), refusedAsForged: true };
}

/** What meets an endpoint that leads over the balancer: here it chooses a node that is right, there one that is not. */
function isUnlucky(model: Model): boolean {
  const shaky = (["registry-down", "token-key", "clock", "realm"] as const).some((name) =>
    model.up.some((node) => model.has(name, node)),
  );
  return shaky && model.random() < 0.5;
}

function endpointPing(model: Model, madeBy: string, askedOf: string): EndpointPing {
  const at = NOW_S * 1000;
  if (!model.share("database", madeBy, askedOf)) {
    // The number is that of another endpoint there, or of none.
    const other = model.random() < 0.5 ? OK : answer(404, "NOT_FOUND", "registry 3 not found");
    return { madeBy, askedOf, at, answer: other };
  }
  const fits = model.share("secretkey", madeBy, askedOf) && !isUnlucky(model);
  return { madeBy, askedOf, at, answer: fits ? OK : answer(400, "BAD_REQUEST", "the registry is unhealthy") };
}

function executionsOf(model: Model, count: number): ExecutionSeen[] {
  const { up } = model;
  const [maker] = up;
  if (maker === undefined) return [];
  return Array.from({ length: count }, (_, at) => executionOf(model, maker, up[at % up.length] ?? maker));
}

function executionOf(model: Model, maker: string, startedBy: string): ExecutionSeen {
  const failed = (reason: string, ranOn?: string): ExecutionSeen => ({
    startedBy,
    result: "failed",
    ranOn,
    hasTask: ranOn !== undefined,
    reason,
    tookMs: 900,
  });
  if (!model.share("database", maker, startedBy)) return failed("replication policy 4 not found");
  if (!model.share("secretkey", maker, startedBy) || isUnlucky(model)) {
    return failed("failed to do the prepare work for pushing/uploading resources: http error: code 401");
  }
  if (model.has("jobservice-down", startedBy)) {
    return failed('Post "http://jobservice:8080/api/v1/jobs": dial tcp: connect: connection refused');
  }
  const able = model.up.filter(
    (node) => model.share("redis", startedBy, node) && !model.has("jobservice-down", node),
  );
  const ranOn = able[Math.floor(model.random() * able.length)] ?? startedBy;
  const pull = "failed to pull the manifest of artifact tidelock-probe/x:1: http status code";
  if (!model.share("job-secret", startedBy, ranOn)) {
    return failed(`${pull}: 401, body: unauthorized to access repository`, ranOn);
  }
  if (model.has("registry-down", ranOn)) return failed(`${pull}: 502`, ranOn);
  if (!model.share("storage", maker, ranOn)) return failed(`${pull}: 404, body: MANIFEST_UNKNOWN`, ranOn);
  if (isUnlucky(model)) {
    return failed(
      "failed to check the existence of the manifest on the destination registry: code 401",
      ranOn,
    );
  }
  return { startedBy, result: "succeeded", ranOn, hasTask: true, reason: "", tookMs: 900 };
}
