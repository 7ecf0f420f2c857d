import { afterEach, describe, expect, test } from "vitest";
import { harborAt } from "../support/harbor-at.ts";
import { refusal, scriptedServer, type Answering, type ScriptedServer } from "../support/scripted-server.ts";

let server: ScriptedServer | undefined;
afterEach(async () => server?.close());

async function start(answering: Answering): Promise<ScriptedServer> {
  server = await scriptedServer(answering);
  return server;
}

const USER = { user_id: 1, username: "admin", sysadmin_flag: true };
const SYSTEM = {
  harbor_version: "v2.9.0-0d3a1b2c",
  external_url: "http://x",
  current_time: "2026-01-01T00:00:05.000Z",
  read_only: true,
};

function answers(who: ReturnType<Answering>, system: unknown): Answering {
  return (seen) => (seen.path.endsWith("/users/current") ? who : { body: system });
}

describe("identify", () => {
  test("a person with the version, the clock and the mode of the Harbor", async () => {
    const { url } = await start(answers({ body: USER }, SYSTEM));
    const identity = await harborAt(url).identify();
    expect(identity).toMatchObject({
      username: "admin",
      administrator: true,
      robot: false,
      version: { major: 2, minor: 9, patch: 0 },
      clockOffsetMs: 5000,
      readOnly: true,
    });
  });
});
