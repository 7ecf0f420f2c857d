import { describe, expect, test } from "vitest";
import type { Json } from "../../src/sandbox/json.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, PROJECT, robotAccount, sees, type ProofRig } from "./proof-rig.ts";
import { probe } from "./probe-rig.ts";

const at = (rig: ProofRig) => rig.cluster.nodes[0]!;
const make = (rig: ProofRig, name: string, more: Record<string, Json>) =>
  ask(at(rig), "POST", "/api/v2.0/projects", { body: { project_name: name, ...more } });

describe("the project of a probe", () => {
  test("is made where it is missing, private, and stays", async () => {
    const rig = makeRig();
    const { verdict, evidence } = await probe(rig, { project: "fresh" });
    expect(verdict.sound).toBe(true);
    expect(evidence.identities.map(({ probeProject }) => probeProject)).toEqual(
      ["n1", "n2"].map(() => expect.objectContaining({ id: expect.any(Number) as number }) as unknown),
    );
    expect(ask(at(rig), "GET", "/api/v2.0/projects/fresh").body).toMatchObject({
      metadata: { public: "false" },
    });
    expect(rig.told).toContain("made the private project fresh, which stays for later probes");
  });

  test("is made once, where the database is not one, and nowhere else", async () => {
    const rig = makeRig();
    rig.cluster.break("database");
    const { evidence } = await probe(rig, { project: "fresh" });
    expect(evidence.identities.map(({ probeProject }) => probeProject)).toEqual([
      expect.objectContaining({}),
      "absent",
    ]);
  });

  test.each([
    ["public", { metadata: { public: "true" } }, "small", /public/],
    ["a proxy cache", { registry_id: 1 }, "small", /proxy cache/],
    ["one with immutable tags", { metadata: { public: "false" } }, "full", /immutable/],
  ] as const)("is refused when it is %s, and nothing is pushed", async (_what, more, form, why) => {
    const rig = makeRig();
    const body = { name: "peer", type: "docker-hub", url: "https://hub.docker.com", insecure: false };
    ask(at(rig), "POST", "/api/v2.0/registries", { body });
    expect(make(rig, "odd", more).status).toBe(201);
    if (form === "full") {
      const rule = {
        tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "**" }],
        scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
      };
      const path = "/api/v2.0/projects/odd/immutabletagrules";
      expect(ask(at(rig), "POST", path, { body: rule }).status).toBe(201);
    }
    const refused = probe(rig, { project: "odd", form });
    await expect(refused).rejects.toMatchObject({
      code: "PROBE_PROJECT",
      message: expect.stringMatching(why) as string,
    });
    expect(ask(at(rig), "GET", "/api/v2.0/projects/odd/repositories").body).toEqual([]);
  });

  test("that a robot made is asked to be given to it, and is used once it is", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount });
    await expect(probe(rig, { project: "fresh" })).rejects.toMatchObject({
      code: "PROBE_PROJECT",
      hint: "give the account the rights of a project admin in fresh",
    });
    expect((await probe(rig, { project: PROJECT })).verdict.faults).toEqual([]);
  });

  test("is asked for by hand where the account may not make it", async () => {
    const rig = makeRig();
    const nodes = rig.context.nodes.map((node) =>
      sees(node, ({ method, path }) =>
        method === "POST" && path === "/api/v2.0/projects" ? { status: 403 } : undefined,
      ),
    );
    await expect(probe(rig, { project: "fresh", nodes })).rejects.toMatchObject({
      code: "PROBE_PROJECT",
      message: expect.stringContaining("it is missing, and n1 did not let it be made (403)") as string,
      hint: expect.stringContaining("make a private project fresh") as string,
    });
  });

  test("is used unread where the account may not read it", async () => {
    const rig = makeRig();
    const nodes = rig.context.nodes.map((node) =>
      sees(node, ({ method, path }) =>
        method === "GET" && path === `/api/v2.0/projects/${PROJECT}` ? { status: 403 } : undefined,
      ),
    );
    const { verdict, evidence } = await probe(rig, { nodes });
    expect(verdict.sound).toBe(true);
    expect(evidence.content).toHaveLength(2);
    expect(rig.told).toContain(`the account may not read the project ${PROJECT}, so nothing is known of it`);
  });
});
