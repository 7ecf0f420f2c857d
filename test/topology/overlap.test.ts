import { describe, expect, it } from "vitest";
import type { ReplicatedTopology, Selection } from "../../src/topology/model.ts";
import { literalOverlaps } from "../../src/topology/overlap.ts";

function topology(name: string, arrow: string, content: Partial<Selection> = {}): ReplicatedTopology {
  const dual = arrow.includes("=");
  return {
    name,
    mode: "act",
    kind: dual ? "dual-master" : "master-slave",
    registries: arrow.split(/[>=]/),
    content: { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [], ...content },
    trigger: { kind: "event" },
    replication: { override: true, deletions: false, speedKbps: 0 },
    heal: {
      remedy: "auto",
      conflicts: "report",
      deletions: "report",
      regressions: "report",
      slaveDeletions: "restore",
      firstContact: "copy",
      settleMs: 0,
      remediesPerHour: 1,
    },
    enforceEnabled: false,
    ignoreForeign: [],
  };
}

function found(...topologies: ReplicatedTopology[]): string[] {
  return literalOverlaps(topologies).map(
    ({ kind, topologies: involved, registries, repository }) =>
      `${kind} ${involved.map(({ name }) => name).join("+")} ${registries.join(",")} ${repository}`,
  );
}

describe("literalOverlaps", () => {
  it("finds two topologies that write everything to one registry", () => {
    expect(found(topology("x", "a>b"), topology("y", "c>b"))).toEqual(["overlap x+y b **/**"]);
    expect(found(topology("x", "a=b"), topology("y", "b=c"))).toEqual(["overlap x+y b **/**"]);
  });

  it("finds a name under another's pattern", () => {
    const named = topology("x", "a>b", { projects: ["team-1"] });
    expect(found(named, topology("y", "c>b", { projects: ["{team-*,x}"] }))).toEqual([
      "overlap x+y b team-1/**",
    ]);
    expect(found(named, topology("y", "c>b", { projects: ["other"] }))).toEqual([]);
  });

  it("finds the same pattern written twice, and inside braces", () => {
    const other = topology("y", "c>b", { projects: ["{q,team-*}"] });
    expect(found(topology("x", "a>b", { projects: ["team-*"] }), other)).toEqual(["overlap x+y b team-*/**"]);
  });

  it("wants projects and repositories to meet", () => {
    const apps = topology("x", "a>b", { projects: ["p"], repositories: ["app/**"] });
    expect(found(apps, topology("y", "c>b", { projects: ["p"], repositories: ["db"] }))).toEqual([]);
    expect(found(apps, topology("y", "c>b", { repositories: ["app/one"] }))).toEqual([
      "overlap x+y b p/app/one",
    ]);
  });

  it("leaves two different patterns to what shows on real repositories", () => {
    const left = topology("x", "a>b", { projects: ["team-*"] });
    expect(found(left, topology("y", "c>b", { projects: ["*-x"] }))).toEqual([]);
  });

  it("allows chains and fans", () => {
    expect(found(topology("x", "a=b"), topology("y", "b>c"), topology("z", "a>d"))).toEqual([]);
    expect(found(topology("x", "a>b"), topology("y", "b>c"))).toEqual([]);
  });

  it("finds circles over several topologies", () => {
    expect(found(topology("x", "a>b"), topology("y", "b>c"), topology("z", "c>a"))).toEqual([
      "cycle x+y+z a,b,c **/**",
    ]);
    expect(found(topology("x", "a>b"), topology("y", "b>a"), topology("z", "d=e"))).toEqual([
      "cycle x+y a,b **/**",
    ]);
  });

  it("knows that a circle needs content that goes round", () => {
    const there = topology("x", "a>b", { projects: ["p"] });
    expect(found(there, topology("y", "b>a", { projects: ["q"] }))).toEqual([]);
    expect(found(there, topology("y", "b>a", { projects: ["{p,q}"] }))).toEqual(["cycle x+y a,b p/**"]);
  });

  it("is quick over as many topologies as anybody declares", () => {
    const many = Array.from({ length: 60 }, (_, at) =>
      topology(`t${at}`, `r${at}>s${at % 5}`, {
        projects: Array.from({ length: 30 }, (_none, project) => `team-${at}-{x,y}${project}*`),
      }),
    );
    expect(found(...many)).toEqual([]);
    expect(found(...many, topology("all", "q>s3"))).toHaveLength(12);
  });
});
