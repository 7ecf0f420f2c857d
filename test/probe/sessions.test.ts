import { describe, expect, it } from "vitest";
import { proveSessions } from "../../src/probe/proofs/sessions.ts";
import { ask } from "../sandbox/rig.ts";
import { makeRig, robotAccount, sees } from "./proof-rig.ts";

const PAIRS = ["n1 n1", "n1 n2", "n2 n1", "n2 n2"];

describe("sessions", () => {
  it("are good on every node of a sound cluster, and over after the probe", async () => {
    const rig = makeRig();
    const { sessions, skipped } = await proveSessions(rig.context, rig.signal);
    expect(skipped).toEqual([]);
    expect(sessions.map(({ from, to }) => `${from} ${to}`)).toEqual(PAIRS);
    expect(sessions.map(({ answer, username }) => [answer.status, username])).toEqual(
      PAIRS.map(() => [200, "admin"]),
    );
    const cookies = rig.hidden.map((secret) => `sid=${secret}`);
    const good = (): string[] => cookies.filter((cookie) => whoIs(rig, cookie) === "admin");
    expect(good()).toHaveLength(2);
    expect(await rig.cleanUp()).toEqual([]);
    expect(good()).toEqual([]);
  });

  it("are known to their own node alone where Redis is not shared", async () => {
    const rig = makeRig();
    rig.cluster.break("redis");
    const { sessions } = await proveSessions(rig.context, rig.signal);
    expect(sessions.map(({ answer }) => answer.status)).toEqual([200, 401, 401, 200]);
    expect(await rig.cleanUp()).toEqual([]);
  });

  it("say nothing of other faults", async () => {
    const rig = makeRig({ nodes: ["n1", "n2", "n3"] });
    for (const fault of ["secretkey", "csrf-key", "job-secret", "token-key"] as const)
      rig.cluster.break(fault);
    const { sessions } = await proveSessions(rig.context, rig.signal);
    expect(sessions).toHaveLength(9);
    expect(sessions.filter(({ answer }) => answer.status !== 200)).toEqual([]);
  });

  it("are asked about once more before they count as refused", async () => {
    const rig = makeRig();
    const [n1, n2] = rig.context.nodes;
    const stumbling = sees(n2!, (request, count) =>
      request.path.endsWith("/users/current") && count === 1 ? { status: 502 } : undefined,
    );
    const { sessions } = await proveSessions({ ...rig.context, nodes: [n1!, stumbling] }, rig.signal);
    expect(sessions.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200]);
  });

  it("are not tried with a robot", async () => {
    const rig = makeRig({ profile: "2.14", account: robotAccount });
    const before = rig.context.nodes.map((node) => node.requestCount());
    const { sessions, skipped } = await proveSessions(rig.context, rig.signal);
    expect(sessions).toEqual([]);
    expect(skipped).toEqual([expect.objectContaining({ proof: "session", nodes: [] })]);
    expect(skipped[0]?.reason).toMatch(/robot/);
    expect(rig.context.nodes.map((node) => node.requestCount())).toEqual(before);
  });

  it("are not tried with an account that a provider logs in", async () => {
    const rig = makeRig();
    const user = JSON.stringify({ username: "ann", oidc_user_meta: { id: 1 } });
    const nodes = rig.context.nodes.map((node) =>
      sees(node, ({ path }) => (path.endsWith("/users/current") ? { status: 200, text: user } : undefined)),
    );
    const { sessions, skipped } = await proveSessions({ ...rig.context, nodes }, rig.signal);
    expect(sessions).toEqual([]);
    expect(skipped[0]?.reason).toMatch(/OIDC/);
  });

  it("of a node that lets nobody log in are left out, those of the others not", async () => {
    const rig = makeRig();
    const [n1, n2] = rig.context.nodes;
    const closed = sees(n1!, ({ path }) => (path === "/c/login" ? { status: 503 } : undefined));
    const { sessions, skipped } = await proveSessions({ ...rig.context, nodes: [closed, n2!] }, rig.signal);
    expect(sessions.map(({ from, to }) => `${from} ${to}`)).toEqual(["n2 n1", "n2 n2"]);
    expect(skipped).toEqual([expect.objectContaining({ proof: "session", nodes: ["n1"] })]);
  });

  it("ask for the lease before each login", async () => {
    const rig = makeRig();
    const lost = new Error("the lease is lost");
    const context = { ...rig.context, beforeWrite: () => Promise.reject(lost) };
    await expect(proveSessions(context, rig.signal)).rejects.toBe(lost);
    expect(await rig.cleanUp()).toEqual([]);
  });
});

function whoIs(rig: ReturnType<typeof makeRig>, cookie: string): string | undefined {
  const { body } = ask(rig.cluster.nodes[0]!, "GET", "/api/v2.0/users/current", {
    as: "",
    headers: { cookie },
  });
  return (body as { username?: string } | null)?.username;
}
