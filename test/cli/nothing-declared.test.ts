import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastJson } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

/** A folder with settings alone: what an empty ConfigMap, or a wrong mount, leaves. */
let stage: Stage;
beforeAll(async () => {
  stage = await cliStage();
  await stage.declareText('apiVersion: tidelock/v1\nsettings: { schedule: "0 */5 * * * *" }\n');
});
afterAll(() => stage[Symbol.asyncDispose]());

const SENTENCE = "policies.yaml:1:1: neither registries nor topologies are declared (declare them, or let";

test("validate names it as a mistake, and ends with 78", async () => {
  const ran = await stage.cli("validate");
  expect([ran.code, ran.out.length]).toEqual([78, 1]);
  expect(ran.out[0]).toContain(SENTENCE);
  expect(lastJson(await stage.cli("validate", "--output", "json"))).toMatchObject({ valid: false });
});

test("health does not tell monitoring that all is well: UNKNOWN, and 3", async () => {
  const ran = await stage.cli("health");
  expect([ran.code, ran.out]).toEqual([
    3,
    ["UNKNOWN - tidelock: what is declared has a mistake: [CONFIG_INVALID]"],
  ]);
  expect(ran.err.join("\n")).toContain(SENTENCE);
  expect(lastJson(await stage.cli("health", "--output", "json"))).toMatchObject({
    state: "UNKNOWN",
    code: "CONFIG_INVALID",
  });
});

test.each([
  "daemon",
  "plan",
  "diff",
  "reconcile",
  "heal",
  "status",
  "probe",
  "doctor",
  "import",
  "import --adopt",
])("%s ends with 78, and does nothing", async (command) => {
  const ran = await stage.cli(...command.split(" "));
  expect([ran.code, ran.out]).toEqual([78, []]);
  expect(ran.err.join("\n")).toContain(SENTENCE);
});

test("what needs no declaration works without one", async () => {
  const file = join(stage.folder, "harbor.yml");
  await writeFile(file, "hostname: hub.example.com\n");
  const codes = await Promise.all(
    [
      ["schema"],
      ["version"],
      ["completion", "bash"],
      ["completion", "--topologies"],
      ["demo", "--kind", "cluster", "--fault", "list"],
    ].map(async (argv) => (await stage.cli(...argv)).code),
  );
  expect(codes).toEqual([0, 0, 0, 0, 0]);
  const linted = await stage.cli("lint", file);
  expect(linted.text).not.toContain("declared");
  expect([0, 2]).toContain(linted.code);
  const registries = [stage.a, stage.b].flatMap(({ name, url }) => ["--registry", `${name}=${url}`]);
  const imported = await stage.cliWith(
    { environment: { TIDELOCK_PASSWORD: "Harbor12345" } },
    "import",
    ...registries,
  );
  expect([imported.code, imported.out.join("\n")]).toEqual([0, expect.stringContaining("registries:")]);
});
