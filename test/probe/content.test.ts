import { describe, expect, test } from "vitest";
import type { ContentCheck, ContentRound } from "../../src/cluster/evidence.ts";
import type { NodeReply } from "../../src/harbor/node-port.ts";
import { signalBelow } from "../../src/probe/own-signal.ts";
import { proveContent } from "../../src/probe/proofs/content.ts";
import { makeRig, PROJECT, type ProofRig, type RigOptions } from "./proof-rig.ts";
import { changed } from "./probe-rig.ts";

const all = (rounds: readonly ContentRound[]): ContentCheck[] => rounds.flatMap(({ checks }) => checks);
const wrong = (rounds: readonly ContentRound[]): ContentCheck[] =>
  all(rounds).filter(({ rightAfterMs }) => rightAfterMs === undefined);
const summary = (checks: readonly ContentCheck[]): string[] => [
  ...new Set(
    checks.map(
      ({ node, subject, wrong }) => `${node} ${subject} ${wrong?.how} ${wrong?.status} ${wrong?.code}`,
    ),
  ),
];

async function proven(options: RigOptions = {}, change: (rig: ProofRig) => void = () => undefined) {
  const rig = makeRig(options);
  change(rig);
  const { rows, skipped } = await proveContent(rig.context, signalBelow(rig.signal).signal);
  expect(skipped).toEqual([]);
  return { rig, rows };
}

describe("images through a sound cluster", () => {
  test("are seen whole by every node, the pusher included, until their second tag is gone", async () => {
    const { rig, rows } = await proven({ nodes: ["n1", "n2", "n3"] });
    expect(
      rows.map(({ pushedBy, taggedBy, untaggedBy }) => `${pushedBy}${taggedBy}${untaggedBy}`).sort(),
    ).toEqual(["n1n2n3", "n1n3n2", "n2n1n3", "n2n3n1", "n3n1n2", "n3n2n1"]);
    expect(wrong(rows)).toEqual([]);
    for (const { push, tag, untag, checks } of rows) {
      expect([push.status, tag?.status, untag?.status]).toEqual([201, 201, 200]);
      for (const node of ["n1", "n2", "n3"]) {
        const subjects = checks.filter((check) => check.node === node).map(({ subject }) => subject);
        expect(subjects.sort()).toEqual(
          [
            "artifact-list",
            ...Array.from({ length: 5 }, () => "layer"),
            "manifest-by-digest",
            "manifest-by-second-tag",
            "manifest-by-tag",
            "second-tag-gone",
            "tags-list",
          ].sort(),
        );
      }
    }
    expect(rig.objects().repositories).toHaveLength(3);
    expect(await rig.cleanUp()).toEqual([]);
    expect(rig.objects().repositories).toEqual([]);
  });

  test("are looked at until they are seen, and the delay is told", async () => {
    const { rows } = await proven({}, (rig) => rig.cluster.visibility(() => 900));
    const late = all(rows).filter(({ rightAfterMs }) => (rightAfterMs ?? 0) > 0);
    expect(wrong(rows)).toEqual([]);
    expect(late.length).toBeGreaterThan(0);
    for (const { rightAfterMs, tries, wrong: last } of late) {
      expect(rightAfterMs).toBeGreaterThanOrEqual(900);
      expect(rightAfterMs).toBeLessThanOrEqual(1300);
      expect(tries).toBeGreaterThan(3);
      expect(last).toBeDefined();
    }
  });
});

describe("images through a cluster that is not sound", () => {
  test("are cut off or unknown where the storage is another", async () => {
    const { rows } = await proven({}, (rig) => rig.cluster.break("storage"));
    expect(summary(wrong(rows.filter(({ pushedBy }) => pushedBy === "n1")))).toEqual(
      expect.arrayContaining(["n2 manifest-by-tag refused 404 MANIFEST_UNKNOWN", "n2 layer cut 200 "]),
    );
    // The pusher itself shows everything: that is the control.
    const own = rows.flatMap(({ pushedBy, checks }) => checks.filter(({ node }) => node === pushedBy));
    expect(own.filter(({ rightAfterMs }) => rightAfterMs === undefined)).toEqual([]);
    // Nobody can tell that a tag is gone that was never seen there.
    expect(all(rows).filter(({ subject }) => subject === "second-tag-gone")).toHaveLength(2);
  });

  test("come late where the storage is a copy, one way", async () => {
    const { rows } = await proven({}, (rig) => {
      rig.cluster.break("storage-stale", { byMs: 5000 });
      rig.clock.advance(1000);
    });
    const checksAt = (node: string, pushedBy: string): ContentCheck[] =>
      all(rows.filter((row) => row.pushedBy === pushedBy)).filter(
        (check) => check.node === node && check.subject === "manifest-by-tag",
      );
    expect(checksAt("n2", "n1")[0]?.rightAfterMs).toBeGreaterThan(0);
    expect(checksAt("n1", "n2")[0]?.rightAfterMs).toBeUndefined();
  });

  test("are waited for once, and less in later rounds", async () => {
    const { rig, rows } = await proven(
      { limits: { rounds: 3, giveUpMs: 12_000, visibleWithinMs: 1000 } },
      (it) => it.cluster.break("storage"),
    );
    expect(rows).toHaveLength(6);
    // Pushed by each: 12 s for what was pushed and 12 s for the second tag; then 1 s each.
    expect(rig.clock.now() - Date.UTC(2026, 0, 1)).toBeLessThan(2 * 24_000 + 4 * 2_000 + 2000);
  });

  test("are not read any further where they could not be pushed", async () => {
    const { rig, rows } = await proven({}, (it) => it.cluster.break("registry-down"));
    const refused = rows.find(({ pushedBy }) => pushedBy === "n2");
    expect(refused).toMatchObject({ push: { status: 502 }, tag: undefined, untag: undefined, checks: [] });
    rig.cluster.mend();
    expect(await rig.cleanUp()).toEqual([]);
  });
});

describe("what a node serves", () => {
  const onBlobs = (change: (reply: NodeReply) => NodeReply) => (rig: ProofRig) => {
    const [n1, n2] = rig.context.nodes;
    const bent = changed(n2!, async ({ path, method }, ask) => {
      const answer = await ask();
      const isBlob = method === "GET" && /\/blobs\/sha256/.test(path);
      return isBlob && answer.kind === "reply" ? change(answer) : answer;
    });
    return { ...rig.context, nodes: [n1!, bent] };
  };

  test.each([
    [
      "a body that is cut with status 200",
      (reply: NodeReply) => ({ ...reply, body: reply.body.subarray(5), cut: true }),
      "cut",
    ],
    ["other bytes", (reply: NodeReply) => ({ ...reply, body: Buffer.from("other") }), "other-bytes"],
    ["an empty body", (reply: NodeReply) => ({ ...reply, body: Buffer.alloc(0) }), "other-bytes"],
    ["a refusal", (reply: NodeReply) => ({ ...reply, status: 403 }), "refused"],
  ] as const)("is wrong: %s", async (_what, change, how) => {
    const rig = makeRig({ limits: { giveUpMs: 500 } });
    const { rows } = await proveContent(onBlobs(change)(rig), signalBelow(rig.signal).signal);
    const found = wrong(rows);
    expect(new Set(found.map((check) => `${check.node} ${check.subject} ${check.wrong?.how}`))).toEqual(
      new Set([`n2 layer ${how}`]),
    );
  });

  test("is right when a redirect leads to the bytes, which learn nothing of us", async () => {
    const rig = makeRig();
    const [n1, n2] = rig.context.nodes;
    const kept = new Map<string, Uint8Array>();
    const elsewhere: string[] = [];
    const bent = changed(
      n2!,
      async ({ path, method }, ask) => {
        const answer = await ask();
        if (answer.kind === "silence" || method !== "GET" || !/\/blobs\/sha256/.test(path)) return answer;
        const url = `https://storage.example/bucket${path}?signature=1`;
        kept.set(url, answer.body);
        return { ...answer, status: 307, headers: { location: url }, body: Buffer.alloc(0) };
      },
      (url) => {
        elsewhere.push(url);
        const body = kept.get(url) ?? Buffer.alloc(0);
        return Promise.resolve({
          kind: "reply",
          status: 200,
          headers: {},
          cookies: [],
          body,
          cut: false,
          sentAt: 0,
          tookMs: 0,
        });
      },
    );
    const { rows } = await proveContent(
      { ...rig.context, nodes: [n1!, bent] },
      signalBelow(rig.signal).signal,
    );
    expect(wrong(rows)).toEqual([]);
    expect(elsewhere).toHaveLength(2 * 5);
  });
});

test("the bytes of each image are new", async () => {
  const { rows } = await proven({ limits: { rounds: 2 } });
  const digests = all(rows)
    .filter(({ node }) => node === "n1")
    .flatMap(({ digest }) => digest ?? []);
  expect(new Set(digests).size).toBe(digests.length);
  expect(rows.every(({ repository }) => repository.startsWith(`${PROJECT}/tidelock-`))).toBe(true);
});
