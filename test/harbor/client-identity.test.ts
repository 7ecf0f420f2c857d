import { afterEach, describe, expect, test } from "vitest";
import { harborAt } from "../support/harbor-at.ts";
import {
  refusal,
  scriptedServer,
  type Answering,
  type Reply,
  type ScriptedServer,
} from "../support/scripted-server.ts";

let server: ScriptedServer | undefined;
afterEach(async () => server?.close());

async function start(answering: Answering): Promise<ScriptedServer> {
  server = await scriptedServer(answering);
  return server;
}

const USER = { body: { user_id: 1, username: "admin", sysadmin_flag: true } };
const STRANGER = refusal(401, "UNAUTHORIZED", "unauthorized");
const ROBOT = refusal(412, "PRECONDITION", "get current user not available for security context: robot");
const SYSTEM = {
  harbor_version: "v2.9.0-0d3a1b2c",
  external_url: "http://x",
  current_time: "2026-01-01T00:00:05.000Z",
  read_only: true,
};

function answers(who: Reply | (() => Reply), system: unknown = SYSTEM): Answering {
  return (seen) => {
    if (!seen.path.endsWith("/users/current")) return { body: system };
    return typeof who === "function" ? who() : who;
  };
}

describe("identify", () => {
  test("gives a person with the version, the clock and the mode of the Harbor", async () => {
    const { url } = await start(answers(USER));
    expect(await harborAt(url).identify()).toEqual({
      username: "admin",
      administrator: true,
      robot: false,
      version: { major: 2, minor: 9, patch: 0, text: "v2.9.0-0d3a1b2c" },
      clockOffsetMs: 5000,
      readOnly: true,
    });
  });

  test("takes the 412 that Harbor says to robots for a robot, never for an administrator", async () => {
    const { url } = await start(answers(ROBOT));
    expect(await harborAt(url).identify()).toMatchObject({ robot: true, administrator: false });
  });

  test("a 412 that speaks of something else is no robot", async () => {
    const { url } = await start(answers(refusal(412, "PRECONDITION", "maintenance")));
    await expect(harborAt(url).identify()).rejects.toMatchObject({ code: "HARBOR_NONSENSE" });
  });

  test("an administrator by a group of the login provider is one", async () => {
    const { url } = await start(answers({ body: { username: "jo", admin_role_in_auth: true } }));
    expect(await harborAt(url).identify()).toMatchObject({ administrator: true });
  });

  test("refuses wrong credentials with a hint, after one question", async () => {
    const { url, seen } = await start(answers(STRANGER));
    await expect(harborAt(url).identify()).rejects.toMatchObject({
      code: "HARBOR_UNAUTHORIZED",
      hint: expect.stringContaining("password") as unknown,
    });
    expect(seen).toHaveLength(1);
  });

  test("credentials that were good are asked for again after the lock of a user is over", async () => {
    const who = [USER, STRANGER, USER];
    const { url, seen } = await start(answers(() => who.shift() ?? STRANGER));
    const harbor = harborAt(url);
    await harbor.identify();
    expect(await harbor.identify({ again: true })).toMatchObject({ username: "admin" });
    expect(seen.filter((one) => one.path.endsWith("/users/current"))).toHaveLength(3);
  });

  test("believes no version that is told to strangers: systeminfo without what only accounts get", async () => {
    const { url } = await start(answers(USER, { auth_mode: "db_auth", self_registration: false }));
    await expect(harborAt(url).identify()).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
  });

  test.each(["v1.10.2-ab", "v3.0.0", "v2.0.5", "dev", "v2.x"])("does not know Harbor %s", async (version) => {
    const { url } = await start(answers(USER, { ...SYSTEM, harbor_version: version }));
    await expect(harborAt(url).identify()).rejects.toMatchObject({ code: "HARBOR_UNSUPPORTED" });
  });

  test("a web page is nonsense", async () => {
    const { url } = await start(() => ({
      body: "<html>welcome</html>",
      headers: { "Content-Type": "text/html" },
    }));
    await expect(harborAt(url).identify()).rejects.toMatchObject({
      code: "HARBOR_NONSENSE",
      message: expect.stringContaining("web page") as unknown,
    });
  });

  test("is asked once for all who need it at once, and not again", async () => {
    const { url, seen } = await start(answers(USER));
    const harbor = harborAt(url);
    await Promise.all([harbor.identify(), harbor.identify(), harbor.capabilities()]);
    await harbor.identify();
    expect(seen).toHaveLength(2);
  });

  test("one who stops waiting does not stop the others", async () => {
    const { url } = await start(answers(USER));
    const harbor = harborAt(url);
    const stop = new AbortController();
    const stopped = harbor.identify({ signal: stop.signal });
    const other = harbor.identify();
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await other).toMatchObject({ username: "admin" });
  });

  test("a failed proof is not kept", async () => {
    const who = [STRANGER, USER];
    const { url } = await start(answers(() => who.shift() ?? STRANGER));
    const harbor = harborAt(url);
    await expect(harbor.identify()).rejects.toThrow();
    expect(await harbor.identify()).toMatchObject({ username: "admin" });
  });

  test("nothing is asked of a Harbor before the credentials are proven", async () => {
    const { url, seen } = await start(answers(STRANGER));
    const harbor = harborAt(url);
    await expect(harbor.replicationPolicies()).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
    await expect(harbor.startExecution(1)).rejects.toMatchObject({ code: "HARBOR_UNAUTHORIZED" });
    await expect(harbor.tagDigest("library/app", "v1")).rejects.toMatchObject({
      code: "HARBOR_UNAUTHORIZED",
    });
    expect(new Set(seen.map((one) => one.path))).toEqual(new Set(["/api/v2.0/users/current"]));
  });
});

describe("ping", () => {
  test.each(["Pong", '"Pong"\n'])("takes %j", async (body) => {
    const { url, seen } = await start(() => ({ body }));
    await harborAt(url).ping(1000);
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  test("a page of something else in front is not alive, and is asked once", async () => {
    const { url, seen } = await start(() => ({ status: 502, body: "<html>bad gateway</html>" }));
    await expect(harborAt(url).ping(1000)).rejects.toMatchObject({ code: "HARBOR_FAILED" });
    expect(seen).toHaveLength(1);
  });

  test("gives up when told to", async () => {
    const { url } = await start(() => "answered");
    await expect(harborAt(url).ping(50)).rejects.toMatchObject({ code: "HARBOR_TIMEOUT" });
  });
});
