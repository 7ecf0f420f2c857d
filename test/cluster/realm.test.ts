import { expect, test } from "vitest";
import type { Evidence, FrontSeen } from "../../src/cluster/evidence.ts";
import type { Verdict } from "../../src/cluster/faults.ts";
import { judge } from "../../src/cluster/judge.ts";
import { answer, OK } from "./model-cluster.ts";
import { LIMITS } from "./named.ts";
import { HEALTHY } from "./recorded-states.ts";

function judged(realms: readonly (string | undefined)[], more: Partial<Evidence> = {}): Verdict {
  const nodes = realms.map((_, at) => `n${at + 1}`);
  const identities = nodes.map((node, at) => ({
    ...HEALTHY.identities[0]!,
    node,
    externalUrl: undefined,
    realm: realms[at],
  }));
  return judge({ ...HEALTHY, nodes, identities, ...more }, LIMITS);
}

const HUB = "https://hub.example.com/service/token";
const FRONT: FrontSeen = { reach: OK, realm: HUB, realmAnswers: undefined, reached: undefined, asked: 3 };

function realmOf({ faults }: Verdict): object | undefined {
  return faults.find(({ name }) => name === "realm");
}

test("of two nodes the one is named that sends clients away from the public address", () => {
  const known = { publicAddresses: ["https://hub.example.com"] };
  expect(realmOf(judged([HUB, "https://n2.internal/service/token"], known))).toMatchObject({ nodes: ["n2"] });
  expect(realmOf(judged([HUB, "https://n2.internal/service/token"]))).toMatchObject({ nodes: ["n1", "n2"] });
  expect(realmOf(judged(["https://x/service/token", HUB, HUB]))).toMatchObject({ nodes: ["n1"] });
});

test.each([
  ["https://hub.example.com"],
  ["https://hub.example.com:443/"],
  ["hub.example.com"],
  ["HUB.example.com"],
])("%s is the address of the realm", (address) => {
  expect(judged([HUB, HUB], { publicAddresses: ["https://other.example.com", address] })).toMatchObject({
    sound: true,
    untested: [],
  });
});

test.each([["https://other.example.com"], ["http://hub.example.com"], ["hub.example.com:8443"]])(
  "where clients use %s, the realm leads astray",
  (address) => {
    const verdict = judged([HUB, HUB], { publicAddresses: [address] });
    expect(realmOf(verdict)).toMatchObject({ nodes: ["n1", "n2"], confidence: "likely" });
  },
);

test("who has troubles of his own there decides nothing; then what was declared does", () => {
  const front = { ...FRONT, realmAnswers: answer(503, "", "") };
  const here = judged([HUB, HUB], { front, publicAddresses: ["https://hub.example.com"] });
  expect(here).toMatchObject({ sound: true, untested: [] });
  const elsewhere = judged([HUB, HUB], { front, publicAddresses: ["https://other.example.com"] });
  expect(realmOf(elsewhere)).toMatchObject({
    confidence: "likely",
    evidence: [
      "the realm is https://hub.example.com, and clients are declared to use https://other.example.com",
    ],
  });
});

test("what answers there decides, whatever was declared", () => {
  const publicAddresses = ["https://other.example.com"];
  const dead = { ...FRONT, realmAnswers: answer(0, "", "connect ETIMEDOUT") };
  expect(realmOf(judged([HUB, HUB], { front: dead }))).toMatchObject({
    nodes: ["n1", "n2"],
    confidence: "likely",
    evidence: ["asking https://hub.example.com for a token: no answer: connect ETIMEDOUT"],
  });
  for (const status of [200, 401, 400]) {
    const front = { ...FRONT, realmAnswers: answer(status, "", "") };
    expect(realmOf(judged([HUB, HUB], { front, publicAddresses }))).toBeUndefined();
  }
  const elsewhere = { ...FRONT, realmAnswers: answer(404, "", "page not found") };
  expect(realmOf(judged([HUB, HUB], { front: elsewhere }))).toMatchObject({ confidence: "certain" });
  const busy = { ...FRONT, realmAnswers: answer(503, "", "") };
  expect(realmOf(judged([HUB, HUB], { front: busy }))).toBeUndefined();
});

test("a token with a key that no node has comes from another Harbor, if all their keys are known", () => {
  const strange = { ...FRONT, realmAnswers: { ...answer(200, "OTHER_KEY", ""), text: "the key is Q2XB" } };
  expect(realmOf(judged([HUB, HUB], { front: strange }))).toMatchObject({ confidence: "certain" });
  const tokens = HEALTHY.tokens.filter(({ from }) => from === "n1");
  expect(realmOf(judged([HUB, HUB], { front: strange, tokens }))).toBeUndefined();
});

test("the small form asks nobody there, and leaves another address open", () => {
  const publicAddresses = ["https://other.example.com"];
  const verdict = judged([HUB, HUB], { publicAddresses, form: "small" });
  expect(realmOf(verdict)).toBeUndefined();
  expect(verdict.untested).toContainEqual({
    name: "realm",
    nodes: [],
    reason: "the realm is https://hub.example.com, and clients are declared to use https://other.example.com",
  });
});

test("without a realm nothing is concluded", () => {
  const verdict = judged([HUB, undefined]);
  expect(realmOf(verdict)).toBeUndefined();
  expect(verdict.untested).toContainEqual({
    name: "realm",
    nodes: [],
    reason: "too little was seen of it (identity)",
  });
});

test("one realm and two external URLs: newer Harbors take the host of the realm from the request", () => {
  const named = (externalUrls: readonly string[]): object | undefined =>
    realmOf(
      judged([HUB, HUB], {
        identities: externalUrls.map((externalUrl, at) => ({
          ...HEALTHY.identities[0]!,
          node: `n${at + 1}`,
          realm: HUB,
          externalUrl,
        })),
      }),
    );
  const [hub, other] = ["https://hub.example.com", "https://other.example.com"];
  expect(named([hub, other])).toMatchObject({ nodes: ["n1", "n2"], confidence: "likely" });
  expect(named([hub, `${hub}/`])).toBeUndefined();
});
