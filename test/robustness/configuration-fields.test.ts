import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { CANARY } from "../support/harbor-at.ts";
import { lastJson, runCli, showsStack } from "../support/run-cli.ts";
import { TEST_AUTHORITY } from "../support/test-certificates.ts";

type Value = string | number | boolean | Value[] | { [key: string]: Value };
type Path = readonly (string | number)[];

const account = { username: "robot$repl", password: CANARY };
const cronEverySecondHour = "0 0 */2 * * *";

/** Everything that can be declared, declared. */
const VALID: Value = {
  apiVersion: "tidelock/v1",
  registries: {
    a: {
      url: "https://a.example.com",
      username: "admin",
      password: CANARY,
      caFile: "ca.pem",
      insecureSkipVerify: false,
      endpointUrl: "https://10.0.0.1",
      replicationAccount: account,
    },
    b: { url: "https://b.example.com", username: "admin", passwordFile: "password.txt" },
    c: { url: "https://c.example.com", ...account },
  },
  topologies: [
    {
      name: "east",
      kind: "dual-master",
      mode: "act",
      registries: ["a", "b"],
      content: { projects: ["east-*"], repositories: ["**"], tags: "v*", excludeTags: ["tmp-*"] },
      trigger: "event",
      replication: { override: true, deletions: false, speedKbps: 1000 },
      enforceEnabled: false,
      ignoreForeign: [],
      heal: {
        remedy: "auto",
        conflicts: { prefer: "a" },
        deletions: "report",
        firstContact: "copy",
        settle: "4m",
        remediesPerHour: 100,
      },
    },
    {
      name: "edge",
      kind: "master-slave",
      mode: "observe",
      master: "a",
      slaves: ["c"],
      content: { projects: ["edge-*"] },
      trigger: cronEverySecondHour,
      heal: { conflicts: "newest", slaveDeletions: "respect" },
    },
    {
      name: "ha",
      kind: "shared-storage",
      account,
      nodes: {
        n1: { url: "https://10.1.0.1", host: "hub.example.com" },
        n2: { url: "https://10.1.0.2", host: "hub.example.com" },
      },
      front: { url: "https://hub.example.com" },
      probe: { project: "tidelock-probe", small: "0 * * * * *", full: "0 0 * * * *" },
    },
  ],
  settings: {
    installation: "main",
    store: "tidelock.db",
    schedule: "0 */5 * * * *",
    probe: { everySeconds: 10, failAfter: 3, riseAfter: 3 },
    health: { warnSeconds: 300, criticalSeconds: 900 },
  },
};

function isMap(value: Value): value is { [key: string]: Value } {
  return typeof value === "object" && !Array.isArray(value);
}

/** Every place of a value, but the whole. */
function placesIn(value: Value, path: Path = []): { path: Path; value: Value }[] {
  const children: [string | number, Value][] = Array.isArray(value)
    ? value.map((one, at) => [at, one])
    : isMap(value)
      ? Object.entries(value)
      : [];
  return children.flatMap(([key, one]) => [
    { path: [...path, key], value: one },
    ...placesIn(one, [...path, key]),
  ]);
}

/** What can't stand where this stands: other types, and values out of range. */
function wrongFor(value: Value): Value[] {
  if (typeof value === "string") return ["", 7, true, { canary: CANARY }, [[CANARY]]];
  if (typeof value === "number") return ["many", -1, 1.5, 1e12, [], {}];
  if (typeof value === "boolean") return ["maybe", 1, [], {}];
  return Array.isArray(value) ? ["text", 7, { canary: CANARY }, [{}]] : ["text", 7, [CANARY]];
}

/** The whole with another value in one place; `undefined` takes it out. */
function withValue(whole: Value, [key, ...rest]: Path, value: Value | undefined): Value {
  if (key === undefined) return value ?? "";
  if (Array.isArray(whole)) {
    return whole.map((one, at) => (at === key ? withValue(one, rest, value) : one));
  }
  if (!isMap(whole)) return whole;
  const entries = Object.entries(whole).flatMap(([name, one]): [string, Value][] => {
    if (name !== key) return [[name, one]];
    return rest.length === 0 && value === undefined ? [] : [[name, withValue(one, rest, value)]];
  });
  return Object.fromEntries(entries);
}

/** As messages name it. */
function rendered(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
}

let folder = "";
const file = (): string => join(folder, "policies.yaml");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidelock-fields-"));
  await writeFile(join(folder, "ca.pem"), TEST_AUTHORITY);
  await writeFile(join(folder, "password.txt"), `${CANARY}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Validated {
  readonly code: number;
  readonly paths: readonly string[];
}

/** Runs validate over it, and checks what must hold of every answer. */
async function validated(text: string): Promise<Validated> {
  await writeFile(file(), text);
  const ran = await runCli(["--policies", file(), "validate", "--output", "json"]);
  expect(showsStack(ran), ran.text).toBe(false);
  expect(ran.text).not.toContain(CANARY);
  expect([0, 78], ran.text).toContain(ran.code);
  const { mistakes, valid } = lastJson(ran) as {
    valid: boolean;
    mistakes: { path: string; line: number; message: string }[];
  };
  expect(valid).toBe(ran.code === 0);
  expect(mistakes.every(({ line, message }) => line > 0 && message.length > 5)).toBe(true);
  return { code: ran.code, paths: mistakes.map(({ path }) => path) };
}

test("what everything is changed from is valid", async () => {
  expect(await validated(stringify(VALID))).toEqual({ code: 0, paths: [] });
});

describe("each field wrong once is a mistake at that field", () => {
  const places = placesIn(VALID);
  test.each(places.map(({ path, value }) => [rendered(path), path, value] as const))(
    "%s",
    async (name, path, value) => {
      for (const wrong of wrongFor(value)) {
        const { code, paths } = await validated(stringify(withValue(VALID, path, wrong)));
        const about = `${name}: ${JSON.stringify(wrong)} → ${paths.join(", ")}`;
        expect(code, about).toBe(78);
        // The mistake may stand deeper, or at the map around a list of alternatives.
        expect(
          paths.some((one) => one.startsWith(name) || name.startsWith(one)),
          about,
        ).toBe(true);
      }
      if (!isMap(value)) return;
      const unknown = { ...value, bogus: 1 };
      const { code, paths } = await validated(stringify(withValue(VALID, path, unknown)));
      expect(
        [code, paths.some((one) => one.startsWith(`${name}.bogus`) || one === name)],
        paths.join(),
      ).toEqual([78, true]);
    },
  );
});

test("what must not be left out is named when it is", async () => {
  const missing: string[] = [];
  for (const { path } of placesIn(VALID)) {
    if (typeof path.at(-1) === "number") continue;
    const { code } = await validated(stringify(withValue(VALID, path, undefined)));
    if (code !== 0) missing.push(rendered(path));
  }
  expect(missing.toSorted()).toEqual([
    "apiVersion",
    "registries",
    "registries.a",
    "registries.a.password",
    "registries.a.replicationAccount.password",
    "registries.a.replicationAccount.username",
    "registries.a.url",
    "registries.a.username",
    "registries.b",
    "registries.b.passwordFile",
    "registries.b.url",
    "registries.b.username",
    "registries.c",
    "registries.c.password",
    "registries.c.url",
    "registries.c.username",
    "topologies",
    "topologies[0].heal.conflicts.prefer",
    "topologies[0].kind",
    "topologies[0].name",
    "topologies[0].registries",
    "topologies[1].kind",
    "topologies[1].master",
    "topologies[1].name",
    "topologies[1].slaves",
    "topologies[2].account",
    "topologies[2].account.password",
    "topologies[2].account.username",
    "topologies[2].front.url",
    "topologies[2].kind",
    "topologies[2].name",
    "topologies[2].nodes",
    "topologies[2].nodes.n1",
    "topologies[2].nodes.n1.url",
    "topologies[2].nodes.n2",
    "topologies[2].nodes.n2.url",
  ]);
});

test("every command but health ends with 78 and tells all mistakes with a hint on standard error; health says UNKNOWN", async () => {
  const broken = withValue(withValue(VALID, ["settings", "schedule"], 7), ["topologies", 0, "kind"], "ring");
  await writeFile(file(), stringify(broken));
  for (const command of ["plan", "diff", "reconcile", "heal", "status", "daemon"]) {
    const ran = await runCli(["--policies", file(), command]);
    expect([command, ran.code, ran.out]).toEqual([command, 78, []]);
    expect(ran.err.join("\n")).toMatch(
      /has 2 mistakes:\n.*policies\.yaml:\d+:\d+: topologies\[0\]\.kind: .*\n.*settings\.schedule: /,
    );
    expect(ran.err.at(-1)).toMatch(/^hint: /);
  }
  const health = await runCli(["--policies", file(), "health"]);
  expect([health.code, health.out.length]).toEqual([3, 1]);
  expect(health.out[0]).toMatch(/^UNKNOWN - tidelock: what is declared has 2 mistakes: \[CONFIG_INVALID\]$/);
  expect(health.err.join("\n")).toContain("settings.schedule");
});
