import { expect, test } from "vitest";
import type { Evidence } from "../../src/cluster/evidence.ts";
import type { FaultName, Verdict } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { answer, OK, wrong } from "./model-cluster.ts";
import { LIMITS, named } from "./named.ts";
import { bothRounds, executions, HEALTHY, pings, sessions, uploads } from "./recorded-states.ts";

function judged(more: Partial<Evidence>): Verdict {
  return judge({ ...HEALTHY, ...more }, LIMITS);
}

function reasonOf({ untested }: Verdict, fault: FaultName): string | undefined {
  return untested.find(({ name }) => name === fault)?.reason;
}

const ROUNDS = bothRounds(() => 20);
const REFUSED = answer(401, "UNAUTHORIZED", "unauthorized");

test("a push that is refused for the quota is no fault of the storage, and the reason is told", () => {
  const full = answer(412, "PRECONDITION", "the project quota is exceeded");
  const content = ROUNDS.map((round) => ({
    ...round,
    push: full,
    tag: undefined,
    untag: undefined,
    checks: [],
  }));
  const verdict = judged({ content, uploads: [] });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "storage")).toBe(
    "n1 did not take the push: 412 PRECONDITION: the project quota is exceeded",
  );
});

test("what the node that took it does not give back itself is no fault between nodes, but told", () => {
  const cut = wrong(OK, "cut");
  const content = ROUNDS.map((round) => ({
    ...round,
    checks: round.checks.map(({ node, subject }) =>
      subject === "layer"
        ? { node, subject, rightAfterMs: undefined, tries: 30, wrong: cut }
        : { node, subject, rightAfterMs: 20, tries: 1 },
    ),
  }));
  const verdict = judged({ content: content.slice(0, 1), uploads: [] });
  expect(named(verdict)).toEqual([]);
  expect(verdict.notes).toContain(
    "n1 does not give back itself what it took: 200, but cut off after 0 bytes",
  );
});

test("other bytes than were pushed are a storage of its own", () => {
  const content = bothRounds((_node, subject) => (subject === "layer" ? wrong(OK, "other-bytes") : 20));
  const verdict = judged({ content, uploads: [] });
  expect(named(verdict)).toEqual(["storage"]);
  expect(verdict.faults[0]?.evidence).toContain(
    "a layer pushed to n1 was never right at n2: 200, but other bytes than were pushed",
  );
});

test("a refusal for lack of rights is no missing content", () => {
  const forbidden = wrong(answer(403, "FORBIDDEN", "forbidden"), "refused");
  const verdict = judged({ content: bothRounds(() => forbidden), uploads: [] });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "storage")).toMatch(/403 FORBIDDEN/);
});

test("a token that its own node refuses proves nothing", () => {
  const tokens = HEALTHY.tokens.map((use) => ({ ...use, keyId: undefined, answer: REFUSED }));
  const verdict = judged({ tokens });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "token-key")).toMatch(/401 UNAUTHORIZED.*ids of the keys are not known/);
});

test("without ids of keys, tokens refused both ways are a key, unless the clocks may be to blame", () => {
  const tokens = HEALTHY.tokens.map((use) => ({
    ...use,
    keyId: undefined,
    answer: use.from === use.to ? OK : REFUSED,
  }));
  expect(judged({ tokens }).faults).toMatchObject([{ name: "token-key", confidence: "likely" }]);
  const identities = HEALTHY.identities.map((identity) => ({ ...identity, clock: undefined }));
  expect(named(judged({ tokens, identities }))).toEqual([]);
  const oneWay = tokens.map((use) => (use.from === "n1" ? { ...use, answer: OK } : use));
  expect(judged({ tokens: oneWay })).toMatchObject({ sound: true, untested: [] });
});

test("a session that its own node does not know is the wrong cookie, not another Redis", () => {
  const verdict = judged({
    sessions: sessions(REFUSED).sessions.map((row) => ({ ...row, answer: REFUSED })),
    executions: [],
  });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "redis")).toBeDefined();
});

test("a node whose own ping fails does not reach the peer: no secretkey", () => {
  const unhealthy = answer(400, "BAD_REQUEST", "the registry is unhealthy");
  const verdict = judged(pings((_madeBy, askedOf) => (askedOf === "n2" ? unhealthy : OK)));
  expect(named(verdict)).toEqual([]);
  const noWay = judged(pings((madeBy, askedOf) => (askedOf === "n2" || madeBy !== askedOf ? unhealthy : OK)));
  expect(named(noWay)).toEqual([]);
  expect(reasonOf(noWay, "secretkey")).toBe(
    "an endpoint stored through n2, pinged by n2: 400 BAD_REQUEST: the registry is unhealthy: it does not reach the peer, or the peer refuses it",
  );
});

test("one ping across that works proves the key, whatever the other one met", () => {
  const unhealthy = answer(400, "BAD_REQUEST", "the registry is unhealthy");
  const verdict = judged(pings((madeBy, askedOf) => (madeBy === "n1" && askedOf === "n2" ? unhealthy : OK)));
  expect(verdict).toMatchObject({ sound: true, untested: [] });
});

test("executions that never crossed prove nothing, and the odds are told", () => {
  const alone = executions(["n1", "n1"], ["n2", "n2"], ["n1", "n1"], ["n2", "n2"]);
  const verdict = judged({ ...alone, account: { kind: "robot", admin: false }, sessions: [] });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "job-secret")).toMatch(/none of 4 executions .* once in 16 times/);
  expect(reasonOf(verdict, "redis")).toMatch(/all 4 executions .* once in 16 times/);
  const crossed = executions(["n1", "n2"], ["n2", "n2"]);
  expect(judged({ ...crossed, sessions: [] })).toMatchObject({ sound: true, untested: [] });
});

test("where logs are shared, some refused among some that work are a secret all the same", () => {
  const refused = "failed to pull the manifest of artifact probe/x:1: http status code: 401";
  const mixed = executions(["n1", "-"], ["n2", "-"], ["n1", "-"], ["n2", "-"]).executions.map((row, at) =>
    at === 1
      ? { ...row, hasTask: true, result: "failed" as const, reason: refused }
      : { ...row, hasTask: true },
  );
  expect(judged({ executions: mixed }).faults).toMatchObject([
    { name: "job-secret", nodes: ["n1", "n2"], confidence: "likely" },
  ]);
  const everywhere = executions(["n1", "n1", refused], ["n2", "n2", refused], ["n1", "n2", refused]);
  expect(named(judged(everywhere))).toEqual([]);
  const overTheBalancer = executions(
    ["n1", "n1", refused],
    ["n1", "n1"],
    ["n1", "n2", refused],
    ["n2", "n1"],
  );
  expect(judged(overTheBalancer).faults).toMatchObject([{ name: "job-secret", confidence: "possible" }]);
});

test("a job that was let in and then found nothing is no matter of its secret", () => {
  const missing = "failed to pull the manifest of artifact probe/x:1: http status code: 404";
  const elsewhere = executions(["n1", "n2", missing], ["n2", "n1", missing]);
  expect(judged(elsewhere)).toMatchObject({ sound: true, untested: [] });
  const cutOff = "failed to pull the manifest of artifact probe/x:1: connection reset";
  expect(reasonOf(judged(executions(["n1", "n2", cutOff])), "job-secret")).toBeDefined();
});

test("a job that could not be handed over is a dead job service, less surely where others were", () => {
  const reason = 'Post "http://jobservice:8080/api/v1/jobs": dial tcp: connect: connection refused';
  const stranded = executions(["n2", "-"], ["n1", "n1"]).executions.map((row) =>
    row.startedBy === "n2" ? { ...row, hasTask: false, result: "failed" as const, reason } : row,
  );
  const dead = { name: "jobservice-down", nodes: ["n2"] };
  expect(judged({ executions: stranded }).faults).toMatchObject([{ ...dead, confidence: "certain" }]);
  const some = [
    ...stranded,
    ...executions(["n2", "n2"]).executions.map((row) => ({ ...row, hasTask: true })),
  ];
  expect(judged({ executions: some }).faults).toMatchObject([{ ...dead, confidence: "possible" }]);
});

test("an upload that its own node loses says nothing of the other", () => {
  const lost = answer(404, "BLOB_UPLOAD_INVALID", "blob upload invalid");
  const rows = uploads(lost).uploads.map((row) => ({ ...row, status: lost, chunk: lost, finish: lost }));
  const verdict = judged({ uploads: rows });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "upload-secret")).toBeDefined();
});

test("an upload that is known but has another size there is a storage that lags, not a secret", () => {
  const invalid = answer(404, "BLOB_UPLOAD_INVALID", "blob upload invalid");
  const rows = uploads(invalid).uploads.map((row) =>
    row.from === row.to ? row : { ...row, status: { ...OK, status: 204 } },
  );
  expect(judged({ uploads: rows }).faults).toMatchObject([{ name: "storage-stale", confidence: "likely" }]);
});

test("a node that answers something else than a Harbor is neither down nor proven", () => {
  const reach = HEALTHY.reach.map((row) =>
    row.node === "n2" ? { ...row, core: answer(301, "", "Moved Permanently") } : row,
  );
  const verdict = judged({ reach });
  expect(named(verdict)).toEqual([]);
  expect(verdict.untested).toEqual([
    {
      name: "core-down",
      nodes: ["n2"],
      reason: "GET /api/v2.0/ping at n2: 301: Moved Permanently, which a Harbor does not say",
    },
  ]);
});

test("work that is done is worth more than what /health says of it", () => {
  const reach = HEALTHY.reach.map((row) => ({ ...row, health: { ...row.health, jobservice: "unhealthy" } }));
  const verdict = judged({ reach });
  expect(verdict.sound).toBe(true);
  expect(verdict.notes).toContain(
    "/health of n1 calls its jobservice unhealthy, but it does its work (that answer is up to 10 s old)",
  );
  expect(named(judged({ reach, form: "small", executions: [] }))).toEqual(["jobservice-down"]);
});

test("people of one of two databases may be strangers in the other", () => {
  const identities = HEALTHY.identities.map((identity, at) => ({
    ...identity,
    library: { id: 1, createdAt: `2026-11-2${at}T00:00:00.000Z` },
  }));
  const lost = { ...sessions(REFUSED), identities };
  expect(named(judged({ ...lost, account: { kind: "person", admin: false } }))).toEqual(["database"]);
  expect(named(judged({ ...lost, account: { kind: "person", admin: true } }))).toEqual(["redis", "database"]);
});

test("a database that was copied from the other is told apart by what happened since", () => {
  const content = bothRounds((_node, subject) => {
    if (subject === "artifact-list") return wrong(OK, "not-listed");
    return subject === "layer" ? 20 : wrong(answer(404, "NOT_FOUND", "repository not found"), "refused");
  });
  expect(judged({ content }).faults).toMatchObject([{ name: "database", confidence: "likely" }]);
});

test("times that are written with other digits are the same times", () => {
  const identities = HEALTHY.identities.map((identity, at) => ({
    ...identity,
    library: { id: 1, createdAt: at === 0 ? "2026-11-21T20:01:02.345Z" : "2026-11-21T20:01:02.345678Z" },
  }));
  expect(judged({ identities }).sound).toBe(true);
});

test("a project that one node does not know yet, all else being equal, proves nothing by itself", () => {
  const identities = HEALTHY.identities.map((identity) =>
    identity.node === "n1" ? identity : { ...identity, probeProject: "absent" as const },
  );
  expect(judged({ identities })).toMatchObject({ sound: true, untested: [] });
  const alone = judged({ identities, content: [] });
  expect(named(alone)).toEqual([]);
  expect(reasonOf(alone, "database")).toBeDefined();
  const bare = identities.map((identity) => ({ ...identity, library: undefined }));
  expect(named(judged({ identities: bare, content: [] }))).toEqual(["database"]);
});

test("a CSRF token that its own node refuses proves nothing", () => {
  const refused = answer(403, "FORBIDDEN", "CSRF token invalid");
  const forgery = HEALTHY.forgery.map((row) => ({ ...row, answer: refused, refusedAsForged: true }));
  const verdict = judged({ forgery });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "csrf-key")).toMatch(/403 FORBIDDEN: CSRF token invalid/);
});

test("a listing that the pusher itself does not show says nothing of the database", () => {
  const content = bothRounds(() => wrong(OK, "not-listed")).map((round) => ({
    ...round,
    checks: round.checks.map((check) =>
      check.subject === "artifact-list"
        ? {
            node: check.node,
            subject: check.subject,
            rightAfterMs: undefined,
            tries: 9,
            wrong: wrong(OK, "not-listed"),
          }
        : { node: check.node, subject: check.subject, rightAfterMs: 20, tries: 1 },
    ),
  }));
  expect(judged({ content })).toMatchObject({ sound: true, untested: [] });
});

test("pings that fail across are no secretkey as long as it is open whether tokens and registries work", () => {
  const unhealthy = answer(400, "BAD_REQUEST", "the registry is unhealthy");
  const failing = pings((madeBy, askedOf) => (madeBy === askedOf ? OK : unhealthy));
  expect(named(judged(failing))).toEqual(["secretkey"]);
  const verdict = judged({ ...failing, tokens: [] });
  expect(named(verdict)).toEqual([]);
  expect(reasonOf(verdict, "secretkey")).toMatch(/^token-key is untested: it may be that tokens of one node/);
});
