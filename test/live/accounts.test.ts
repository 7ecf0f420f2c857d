import { expect, test } from "vitest";
import { describeLive } from "./describe-live.ts";

const PROJECT = "tidelock-live-account";
const WRONG = "Wrong-Pa55word-1c4e";
const TOPOLOGY = `name: live-account
    kind: dual-master
    registries: [a, b]
    content: { projects: [${PROJECT}] }`;

describeLive("accounts that do not fit", (rig) => {
  const { a, b } = rig;

  test("a wrong password is told in a sentence, and neither printed nor taken for an empty registry", async () => {
    await a.createProject(PROJECT);
    await a.push(`${PROJECT}/app`, "1", "app");
    const tidelock = await rig.declare({ topology: TOPOLOGY, passwords: { b: WRONG } });
    const codes = { plan: 1, diff: 1, reconcile: 2, health: 2 };
    for (const [command, code] of Object.entries(codes)) {
      const ran = await tidelock.run(command);
      const all = ran.out + ran.err;
      expect([command, ran.code], all).toEqual([command, code]);
      expect(all).toMatch(/b .*credentials/);
      expect(all).not.toContain(WRONG);
      expect(all).not.toMatch(/\n\s+at /);
    }
    expect(await b.tags(PROJECT)).toEqual(new Map());
    expect(await b.policies("live-account")).toEqual([]);
  });

  test("a robot without rights is told what it lacks", async ({ skip }) => {
    await b.createProject(PROJECT);
    const made = await b.api.send("POST", "/robots", {
      name: "tidelock-live-weak",
      level: "system",
      duration: -1,
      disable: false,
      permissions: [
        { kind: "project", namespace: PROJECT, access: [{ resource: "repository", action: "pull" }] },
      ],
    });
    if (made.status === 404 || made.status === 405) skip("this Harbor knows no robots of the system");
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { name, secret } = made.body as { name: string; secret: string };
    const tidelock = await rig.declare({ topology: TOPOLOGY, users: { b: name }, passwords: { b: secret } });
    const ran = await tidelock.run("reconcile");
    const all = ran.out + ran.err;
    expect(ran.code, all).toBe(2);
    expect(all).toMatch(/on b failed: the account lacks the right .*HARBOR_FORBIDDEN/);
    expect(all).toMatch(/hint: .*right/);
    expect(all).not.toContain(secret);
    expect(await b.policies("live-account")).toEqual([]);
  });
});
