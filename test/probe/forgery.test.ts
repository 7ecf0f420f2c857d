import { describe, expect, it } from "vitest";
import { proveForgery } from "../../src/probe/proofs/forgery.ts";
import { makeRig, robotAccount, sees } from "./proof-rig.ts";

describe("tokens against forged requests", () => {
  it.each(["2.1", "2.7", "2.9", "2.14"] as const)(
    "are taken by every node of a sound %s",
    async (profile) => {
      const rig = makeRig({ profile });
      const { forgery, skipped } = await proveForgery(rig.context, rig.signal);
      expect(skipped).toEqual([]);
      expect(forgery.map(({ from, to }) => `${from} ${to}`)).toEqual(["n1 n1", "n1 n2", "n2 n1", "n2 n2"]);
      expect(forgery.filter((one) => one.refusedAsForged)).toEqual([]);
      // nobody in particular asked, and was told so after the token had been taken
      expect(forgery.map(({ answer }) => answer.status)).toEqual([401, 401, 401, 401]);
    },
  );

  it("are refused by a node with another key, its own are not", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    rig.cluster.break("csrf-key", { node: "n2" });
    const { forgery } = await proveForgery(rig.context, rig.signal);
    const refused = forgery.filter((one) => one.refusedAsForged).map(({ from, to }) => `${from} ${to}`);
    expect(refused).toEqual(["n1 n2", "n2 n1", "n2 n3", "n3 n2"]);
  });

  it.each(["redis", "secretkey", "token-key", "database"] as const)("say nothing of %s", async (fault) => {
    const rig = makeRig();
    rig.cluster.break(fault);
    const { forgery } = await proveForgery(rig.context, rig.signal);
    expect(forgery.filter((one) => one.refusedAsForged)).toEqual([]);
  });

  it("need no right and no account, and change nothing", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount });
    const before = rig.objects();
    const { forgery } = await proveForgery(rig.context, rig.signal);
    expect(forgery).toHaveLength(4);
    expect(rig.objects()).toEqual(before);
    expect(await rig.cleanUp()).toEqual([]);
  });

  it("of a node that gives out none are left out", async () => {
    const rig = makeRig();
    const [n1, n2] = rig.context.nodes;
    const bare = sees(n1!, ({ path }) =>
      path.endsWith("/systeminfo") ? { status: 200, text: "{}" } : undefined,
    );
    const { forgery, skipped } = await proveForgery({ ...rig.context, nodes: [bare, n2!] }, rig.signal);
    expect(forgery.map(({ from }) => from)).toEqual(["n2", "n2"]);
    expect(skipped).toEqual([expect.objectContaining({ proof: "forgery", nodes: ["n1"] })]);
  });

  it("stand in no row", async () => {
    const rig = makeRig();
    const rows = JSON.stringify(await proveForgery(rig.context, rig.signal));
    expect(rig.hidden.length).toBeGreaterThan(3);
    for (const secret of rig.hidden) expect(rows).not.toContain(secret);
  });
});
