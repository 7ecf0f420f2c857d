import { describe, expect, test } from "vitest";
import type { FrontSeen } from "../../src/cluster/evidence.ts";
import { proveContent } from "../../src/probe/proofs/content.ts";
import { proveFront } from "../../src/probe/proofs/front.ts";
import { proveTokens } from "../../src/probe/proofs/tokens.ts";
import { signalBelow } from "../../src/probe/own-signal.ts";
import { makeRig, PROJECT, type ProofRig } from "./proof-rig.ts";
import { changed, probe } from "./probe-rig.ts";

async function seenOver(rig: ProofRig, front = rig.context.front!): Promise<FrontSeen> {
  const { signal } = signalBelow(rig.signal);
  const { images } = await proveContent(rig.context, signal);
  const tokens = await proveTokens(rig.context, signal);
  const keyIds = tokens.rows.flatMap(({ keyId }) => keyId ?? []);
  return await proveFront(front, { images, keyIds, project: PROJECT }, signal);
}

const bad = ({ checks = [] }: FrontSeen): (string | undefined)[] =>
  checks.filter(({ rightAfterMs }) => rightAfterMs === undefined).map(({ wrong }) => wrong?.how);

describe("the front", () => {
  test("of a sound cluster serves what its nodes took, and sends clients back to itself", async () => {
    const rig = makeRig();
    const seen = await seenOver(rig);
    expect(seen.reach.status).toBe(200);
    expect(seen.realm).toBe(`${rig.cluster.front.url}/service/token`);
    expect(seen.realmAnswers).toMatchObject({ status: 200, code: "" });
    expect(seen.reached).toBeUndefined();
    // Of the images of two pushers: the manifest twice, the config and four layers.
    expect(seen.checks).toHaveLength(2 * 7);
    expect(seen.asked).toBe(3 + 2 * 7);
    expect(bad(seen)).toEqual([]);
  });

  test("shows what is wrong with some of the nodes behind it", async () => {
    const rig = makeRig();
    rig.cluster.break("storage");
    expect(new Set(bad(await seenOver(rig)))).toEqual(new Set(["refused", "cut"]));
  });

  test("whose realm leads to another Harbor is found out by the key of the token there", async () => {
    const rig = makeRig();
    const strange = makeRig();
    strange.cluster.break("token-key", { node: "n1" });
    const other = strange.context.nodes[0]!;
    const front = changed(
      rig.context.front!,
      (_request, ask) => ask(),
      async (url, signal) => {
        const { pathname, search } = new URL(url);
        return await other.ask({ method: "GET", path: pathname + search, as: "nobody" }, signal);
      },
    );
    const seen = await seenOver(rig, front);
    expect(seen.realmAnswers).toMatchObject({ status: 200, code: "OTHER_KEY" });
  });

  test("whose realm leads nowhere says so, and learns no password on the way", async () => {
    const rig = makeRig();
    const elsewhere: string[] = [];
    const front = changed(
      rig.context.front!,
      (_request, ask) => ask(),
      (url) => {
        elsewhere.push(url);
        return Promise.resolve({
          kind: "silence",
          why: "unknown-host",
          text: "no such host",
          sentAt: 0,
          tookMs: 1,
        });
      },
    );
    const seen = await seenOver(rig, front);
    expect(seen.realmAnswers).toMatchObject({ status: 0, text: "no such host" });
    expect(elsewhere).toHaveLength(1);
    expect(elsewhere[0]).toContain("service=harbor-registry&scope=repository");
  });

  test("that is not declared is said to be untried", async () => {
    const rig = makeRig({ withFront: false });
    const { evidence } = await probe(rig, { form: "full" });
    expect(evidence.front).toBeUndefined();
    expect(evidence.skipped).toEqual([{ proof: "front", nodes: [], reason: "no front is declared" }]);
  });
});
