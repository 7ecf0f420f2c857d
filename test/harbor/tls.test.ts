import { afterEach, describe, expect, test } from "vitest";
import { harborAt, harborOf } from "../support/harbor-at.ts";
import { scriptedServer, type ScriptedServer } from "../support/scripted-server.ts";
import { TEST_AUTHORITY, testCertificate } from "../support/test-certificates.ts";

let server: ScriptedServer | undefined;
afterEach(async () => server?.close());

async function start(kind: "right" | "wrong-name" | "expired"): Promise<string> {
  server = await scriptedServer(
    harborOf("2.9.0", () => ({ body: [] })),
    testCertificate(kind),
  );
  return server.url;
}

describe("TLS", () => {
  test("trusts a private authority that is named", async () => {
    const harbor = harborAt(await start("right"), {}, { ca: TEST_AUTHORITY });
    expect(await harbor.endpoints()).toEqual([]);
    harbor.close();
  });

  test.each([
    ["right", undefined, "not trusted", "caFile"],
    ["wrong-name", TEST_AUTHORITY, "another name", "name"],
    ["expired", TEST_AUTHORITY, "expired", "renew"],
  ] as const)("does not take a certificate that is %s with the authority %#", async (kind, ca, why, hint) => {
    const url = await start(kind);
    const harbor = harborAt(url, {}, ca === undefined ? {} : { ca });
    await expect(harbor.identify()).rejects.toMatchObject({
      code: "HARBOR_TLS",
      reached: "no",
      message: expect.stringContaining(why) as unknown,
      hint: expect.stringContaining(hint) as unknown,
    });
    expect(server?.seen).toEqual([]);
  });

  test.each(["right", "wrong-name", "expired"] as const)(
    "takes %s when told to skip the check",
    async (kind) => {
      const harbor = harborAt(await start(kind), {}, { insecureSkipVerify: true });
      expect(await harbor.endpoints()).toEqual([]);
      harbor.close();
    },
  );

  test("https asked of a port that speaks http", async () => {
    server = await scriptedServer(() => ({}));
    const harbor = harborAt(server.url.replace("http:", "https:"));
    await expect(harbor.identify()).rejects.toMatchObject({ code: "HARBOR_TLS" });
  });
});
