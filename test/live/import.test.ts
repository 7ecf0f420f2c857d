import { expect, test } from "vitest";
import type { ReplicationPolicy } from "../../src/observed/model.ts";
import { makeByHand } from "../support/hand-made.ts";
import { describeLive } from "./describe-live.ts";
import type { LiveHarbor } from "./live-harbor.ts";

const PROJECT = "tidelock-live-import";
const TOPOLOGY = "live-import";
/** Made by hand, and named so that the suite clears it away. */
const BY_HAND = "tidelock.live-import by hand";

interface ImportJson {
  readonly declaration: string;
  readonly topologies: readonly { readonly kind: string; readonly sources: readonly string[] }[];
}

describeLive("a pair that was made by hand", (rig) => {
  const { a, b } = rig;
  const topology = `name: ${TOPOLOGY}
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }`;

  async function handMade(from: LiveHarbor, to: LiveHarbor): Promise<ReplicationPolicy> {
    const id = await makeByHand(from.port, {
      name: BY_HAND,
      endpoint: BY_HAND,
      to: to.access.endpoint,
      description: "by hand",
      username: to.access.user,
      password: to.access.password,
      filters: [{ kind: "name", value: `${PROJECT}/**`, excludes: false }],
    });
    return (await from.port.replicationPolicy(id))!;
  }

  test("is recognised, keeps ours away, is adopted as it is, and goes on copying", async () => {
    await Promise.all([a.createProject(PROJECT), b.createProject(PROJECT)]);
    const made = [await handMade(a, b), await handMade(b, a)];
    await a.push(`${PROJECT}/app`, "before", "before");
    await rig.untilEqual(PROJECT);

    const elsewhere = await rig.declare({
      topology:
        "{ name: live-other, kind: master-slave, master: a, slaves: [b], content: { projects: [tidelock-live-import-other] } }",
    });
    const imported = await elsewhere.run("--output", "json", "import");
    const found = JSON.parse(imported.out) as ImportJson;
    const sources = [`a: ${BY_HAND}`, `b: ${BY_HAND}`];
    expect(found.topologies).toContainEqual(expect.objectContaining({ kind: "dual-master", sources }));
    expect(imported.out).not.toContain(a.access.password);

    const tidelock = await rig.declare({ topology });
    const blocked = await tidelock.json("reconcile");
    expect(blocked.code, blocked.out).toBe(2);
    expect(blocked.topology.configuration.findings.filter(({ kind }) => kind === "foreign")).toHaveLength(2);
    expect(await a.policies(TOPOLOGY)).toEqual([]);

    const adopted = await tidelock.run("import", "--adopt", "--yes");
    expect(adopted.code, adopted.out + adopted.err).toBe(0);
    expect(adopted.out).not.toContain("by the next plan");
    const after = [(await a.policies(TOPOLOGY))[0], (await b.policies(TOPOLOGY))[0]];
    const kept = ({ name: _, description: __, filters, ...rest }: ReplicationPolicy): object => ({
      ...rest,
      filters: filters.filter(({ value }) => value !== "tidelock-rescue-*"),
    });
    expect(after.map((policy) => kept(policy!))).toEqual(made.map(kept));
    expect(after.map((policy) => policy?.name)).toEqual([
      `tidelock.${TOPOLOGY}.a-to-b`,
      `tidelock.${TOPOLOGY}.b-to-a`,
    ]);

    const plan = await tidelock.json("plan");
    expect(plan.code, plan.out).toBe(0);
    expect(plan.topology.actions).toEqual([]);
    await b.push(`${PROJECT}/app`, "after", "after");
    await rig.untilEqual(PROJECT);
    const proven = await tidelock.json("reconcile");
    expect(proven.code, proven.out).toBe(0);
    expect(proven.topology.proven).toBe(true);
  });
});
