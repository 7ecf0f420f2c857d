import fc from "fast-check";
import { expect, test } from "vitest";
import type { Evidence } from "../../src/cluster/evidence.ts";
import { FAULTS, type FaultName } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { evidenceOf, type ModelCluster } from "./model-cluster.ts";
import { flawsOf, LIMITS, named, seeded } from "./named.ts";

const nodes = fc.constantFrom(["n1", "n2"], ["n1", "n2", "n3"], ["n1", "n2", "n3", "n4"]);
const account = fc.constantFrom(
  { kind: "person", admin: true } as const,
  { kind: "person", admin: false } as const,
  { kind: "robot", admin: false } as const,
);
const form = fc.constantFrom("small" as const, "full" as const);
const seed = fc.nat();

const ROWS = [
  "reach",
  "identities",
  "tokens",
  "uploads",
  "sessions",
  "forgery",
  "pings",
  "executions",
] as const;

/** Any order of rows, since proofs end when they end. */
function shuffled<Row>(rows: readonly Row[], random: () => number): Row[] {
  return rows
    .map((row) => ({ row, at: random() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ row }) => row);
}

function inAnyOrder(evidence: Evidence, random: () => number): Evidence {
  const mixed = Object.fromEntries(ROWS.map((name) => [name, shuffled<unknown>(evidence[name], random)]));
  const content = shuffled(evidence.content, random).map((round) => ({
    ...round,
    checks: shuffled(round.checks, random),
  }));
  return { ...evidence, ...(mixed as Partial<Evidence>), content };
}

/** Loses some of it: proofs that broke off, answers that did not come. */
function withLosses(evidence: Evidence, random: () => number): Evidence {
  const share = random();
  const keep = <Row>(rows: readonly Row[]): Row[] => rows.filter(() => random() >= share);
  const fewer = Object.fromEntries(ROWS.map((name) => [name, keep<unknown>(evidence[name])]));
  const content = keep(evidence.content).map((round) => ({ ...round, checks: keep(round.checks) }));
  return { ...evidence, ...(fewer as Partial<Evidence>), content, front: undefined };
}

test("without a fault none is named, whatever the delays below the limit, the order, the account", () => {
  fc.assert(
    fc.property(nodes, account, form, seed, (names, who, how, at) => {
      const random = seeded(at);
      const slowestMs = LIMITS.visibleWithinMs + 1;
      const cluster: ModelCluster = { nodes: names, faults: [], form: how, account: who, random, slowestMs };
      const verdict = judge(inAnyOrder(evidenceOf(cluster), random), LIMITS);
      expect(flawsOf(verdict, names)).toEqual([]);
      expect(verdict).toMatchObject({ sound: true, faults: [] });
      const mayBeOpen =
        how === "small" ? ["redis", "csrf-key", "secretkey", "job-secret"] : ["redis", "job-secret"];
      expect(verdict.untested.filter(({ name }) => !mayBeOpen.includes(name))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

const faults = fc.uniqueArray(fc.constantFrom(...FAULTS), { maxLength: 3 });

test("what was not seen makes no fault, only something untested", () => {
  fc.assert(
    fc.property(nodes, account, form, faults, seed, (names, who, how, broken, at) => {
      const random = seeded(at);
      const put = broken.map((name) => ({ name, node: names[Math.floor(random() * names.length)]! }));
      const cluster: ModelCluster = {
        nodes: names,
        faults: put,
        form: how,
        account: who,
        random,
        leavesOut: random() < 0.5,
        projectEverywhere: random() < 0.5,
      };
      const verdict = judge(inAnyOrder(withLosses(evidenceOf(cluster), random), random), LIMITS);
      expect(flawsOf(verdict, names)).toEqual([]);
      const allowed = new Set<FaultName>(broken);
      // Of a copy of which only the way was seen that nothing goes, nobody can tell that it is one.
      if (allowed.has("storage-stale")) allowed.add("storage");
      expect(named(verdict).filter((name) => !allowed.has(name))).toEqual([]);
      const nodesOf = (fault: FaultName): string[] =>
        put.filter(({ name }) => name === fault).map(({ node }) => node);
      for (const { name, nodes: blamed } of verdict.faults) {
        const culprits = nodesOf(name);
        // What was seen of another storage may be that copy alone.
        const isOfCopy = name === "storage" && nodesOf("storage-stale").some((node) => blamed.includes(node));
        if (!isOfCopy) expect(blamed).toEqual(expect.arrayContaining(culprits));
      }
    }),
    { numRuns: 300 },
  );
});

test("nothing that may come makes it throw, or say two things of one fault", () => {
  const node = fc.constantFrom("n1", "n2", "n3", "elsewhere", "");
  const answered = fc.record({
    status: fc.constantFrom(0, 200, 201, 202, 204, 307, 400, 401, 403, 404, 412, 429, 500, 502, 503),
    code: fc.constantFrom(
      "",
      "UNAUTHORIZED",
      "NOT_FOUND",
      "MANIFEST_UNKNOWN",
      "BLOB_UPLOAD_INVALID",
      "BLOB_UPLOAD_UNKNOWN",
    ),
    text: fc.string({ maxLength: 300 }),
    tookMs: fc.nat(),
  });
  const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
    fc.option(value, { nil: undefined });
  const some = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
    fc.array(value, { maxLength: 6 });
  const way = { from: node, to: node, answer: answered };
  const project = fc.record({
    id: fc.nat(3),
    createdAt: fc.constantFrom("", "yesterday", "2026-11-21T20:01:02.345Z"),
  });
  const wrong = fc.tuple(
    answered,
    fc.constantFrom("refused", "cut", "other-bytes", "not-listed", "still-there", "silence"),
  );
  const check = fc
    .record({
      node,
      subject: fc.constantFrom(
        "manifest-by-tag",
        "layer",
        "artifact-list",
        "manifest-by-second-tag",
        "second-tag-gone",
      ),
      rightAfterMs: maybe(fc.nat(20_000)),
      tries: fc.nat(9),
    })
    .chain((bare) =>
      maybe(wrong).map((bad) =>
        bad === undefined ? bare : { ...bare, wrong: { ...bad[0], how: bad[1], bytes: 0 } },
      ),
    );
  const evidence = fc.record({
    form,
    nodes: fc.array(node, { maxLength: 4 }),
    account,
    reach: some(
      fc.record({
        node,
        core: answered,
        registry: answered,
        health: maybe(
          fc.dictionary(
            fc.constantFrom("jobservice", "registryctl", "core", "redis"),
            fc.constantFrom("healthy", "unhealthy"),
          ),
        ),
      }),
    ),
    identities: some(
      fc.record({
        node,
        version: maybe(fc.constantFrom("v2.9.0", "v2.14.4")),
        externalUrl: maybe(fc.string()),
        storageProvider: maybe(fc.constantFrom("s3", "filesystem")),
        clock: maybe(fc.record({ aheadMs: fc.double(), uncertainMs: fc.double() })),
        library: maybe(project),
        probeProject: maybe(fc.oneof(project, fc.constant("absent"))),
        realm: maybe(
          fc.oneof(fc.string(), fc.constantFrom("https://a/service/token", "https://b/service/token")),
        ),
        service: maybe(fc.string()),
      }),
    ),
    tokens: some(
      fc.record({
        ...way,
        keyId: maybe(fc.constantFrom("A", "B")),
        issuedAt: maybe(fc.nat()),
        notBefore: maybe(fc.nat()),
        acceptedAfterMs: maybe(fc.nat()),
      }),
    ),
    content: some(
      fc.record({
        round: fc.nat(),
        repository: fc.string(),
        pushedBy: node,
        taggedBy: node,
        untaggedBy: node,
        push: answered,
        tag: maybe(answered),
        untag: maybe(answered),
        checks: some(check),
      }),
    ),
    uploads: some(
      fc.record({
        from: node,
        to: node,
        begin: answered,
        status: maybe(answered),
        chunk: maybe(answered),
        finish: maybe(answered),
        rightAfterMs: maybe(fc.nat()),
      }),
    ),
    sessions: some(fc.record({ ...way, username: maybe(fc.string()) })),
    forgery: some(fc.record({ ...way, refusedAsForged: fc.boolean() })),
    pings: some(fc.record({ madeBy: node, askedOf: node, answer: answered, at: fc.nat() })),
    executions: some(
      fc.record({
        startedBy: node,
        result: fc.constantFrom("succeeded", "failed", "unfinished", "refused"),
        ranOn: maybe(node),
        hasTask: fc.boolean(),
        reason: fc.constantFrom("", "failed to pull the manifest: 401", "x/api/v1/jobs: connection refused"),
        tookMs: fc.nat(),
      }),
    ),
    front: maybe(
      fc.record({
        reach: answered,
        realm: maybe(fc.string()),
        realmAnswers: maybe(answered),
        reached: maybe(some(node)),
        asked: fc.nat(),
      }),
    ),
    skipped: some(
      fc.record({
        proof: fc.constantFrom("reach", "token", "content", "ping"),
        nodes: some(node),
        reason: fc.constantFrom("no right", "broke off"),
      }),
    ),
  });
  fc.assert(
    fc.property(evidence, (seen) => {
      const { nodes: names, ...rest } = seen;
      const verdict = judge({ ...rest, nodes: names }, LIMITS);
      expect(flawsOf(verdict, names)).toEqual([]);
    }),
    { numRuns: 250 },
  );
});
