import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastJson, runCli, showsStack } from "../../support/run-cli.ts";
import { changed } from "../sound.ts";
import { freePort } from "./free-port.ts";

let folder: string;
let names: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidelock-lint-"));
  const port = await freePort();
  const text = changed(
    ["host: pg.example.com", "host: 127.0.0.1"],
    ["port: 5432", `port: ${port}`],
    [/host: redis1.*/.exec(changed())?.[0] ?? "", `host: 127.0.0.1:${port}`],
    ["  sentinel_master_set: harbor\n", ""],
    ["data_volume: /srv/harbor", `data_volume: ${folder}/not-there`],
  );
  names = [join(folder, "node1.yml"), join(folder, "node2.yml")];
  await Promise.all(names.map((name) => writeFile(name, text)));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("--connect tells what can't be reached at the line that names it, once for nodes that agree", async () => {
  const ran = await runCli(["lint", ...names, "--connect", "--output", "json"]);
  expect(ran.code).toBe(2);
  expect(lastJson(ran)).toMatchObject({
    files: 2,
    findings: [
      {
        file: names[0],
        code: "database-unreachable",
        path: "external_database.harbor.host",
        severity: "error",
      },
      { file: names[0], code: "redis-unreachable", path: "external_redis.host", severity: "error" },
    ],
    untested: [{ what: "the mount of data_volume" }],
  });
  expect(ran.text).not.toMatch(/7431/);
  expect(showsStack(ran)).toBe(false);
});

test("people read what was not tried, and why", async () => {
  const ran = await runCli(["lint", ...names, "--connect"]);
  expect(ran.out.at(-1)).toBe("2 files: 2 errors, 0 warnings");
  expect(ran.out.at(-2)).toMatch(/^not tried: the mount of data_volume: there is no .+ on this machine/);
});

test("without --connect nothing is connected to", async () => {
  const ran = await runCli(["lint", ...names, "--output", "json"]);
  expect([ran.code, lastJson(ran)]).toEqual([0, { findings: [], files: 2 }]);
});
