import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FAULTS } from "../../src/cluster/faults.ts";
import { createProgram } from "../../src/cli/program.ts";
import { systemClock } from "../../src/clock.ts";
import { readDeclared } from "../../src/config/read-declared.ts";
import { probeAdvice } from "../../src/doctor/cluster-robot.ts";
import { ERROR_CODES } from "../../src/errors.ts";
import { LINT_CODES } from "../../src/lint/codes.ts";
import { filesUnder, ROOT, textOf } from "./source-tree.ts";

const README = textOf("README.md");
const ARCHITECTURE = textOf("ARCHITECTURE.md");
const DOCUMENTS = filesUnder(".").filter((path) => path.endsWith(".md"));

const PACKAGE = JSON.parse(textOf("package.json")) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** The commands of the program, as it would list them itself. */
function commands(): string[] {
  const program = createProgram({
    version: "0",
    environment: {},
    clock: systemClock,
    out: () => undefined,
    err: () => undefined,
    isTerminal: false,
    signal: new AbortController().signal,
    isStopping: () => false,
    stopped: new Promise(() => undefined),
    ended: () => undefined,
  });
  return program.commands.map((command) => command.name());
}

/** Reads a declaration out of a document; every file that it names is there. */
function declaredAs(yaml: string): ReturnType<typeof readDeclared> {
  const pem = textOf("test/support/tls/test-only-ca.pem");
  return readDeclared("policies", {
    environment: { TOKYO_PASSWORD: "from the environment" },
    reader: {
      listFiles: () => Promise.resolve(["readme.yaml"]),
      readFile: (path) =>
        Promise.resolve(path.endsWith("readme.yaml") ? yaml : path.endsWith(".pem") ? pem : "from a file"),
    },
  });
}

test("docs/errors.md explains exactly the codes that there are, with the same sentence", () => {
  const sections = textOf("docs/errors.md").split(/^### /m).slice(1);
  const explained = sections.map((section) => {
    const [code = "", , sentence = ""] = section.split("\n");
    return [code, sentence];
  });
  expect(Object.fromEntries(explained)).toEqual(ERROR_CODES);
  expect(explained).toHaveLength(Object.keys(ERROR_CODES).length);
  for (const section of sections) {
    expect(section).toMatch(/^- Usual cause: (?:.+\n)+- What to do: (?:.+\n)+- Exit: (?:1|64|78)$/m);
  }
});

test("docs/lint.md explains exactly what lint can find, with the same sentences, and an example of each", () => {
  const rows = textOf("docs/lint.md").matchAll(/^\| `([a-z-]+)` +\| (\w+) +\| (.+?) +\| \S.* \|$/gm);
  const explained = [...rows].map(([, code = "", severity, text]) => [code, { severity, text }] as const);
  expect(Object.fromEntries(explained)).toEqual(LINT_CODES);
  expect(explained).toHaveLength(Object.keys(LINT_CODES).length);
});

test("the README lists exactly the commands of the program", () => {
  const rows = README.split("\n").filter((line) => /^\| `[a-z]+`.*\|$/.test(line));
  const table = rows.slice(0, rows.findIndex((row) => row.includes("`schema`")) + 1);
  const listed = table.flatMap((row) => matches(row.split("|")[1] ?? "", /`([a-z]+)`/g));
  expect(listed.toSorted()).toEqual(commands().toSorted());
});

test("the documents name only npm scripts that there are", () => {
  const named = DOCUMENTS.flatMap((path) =>
    matches(textOf(path), /npm (?:run )?((?<=run )[a-z:]+|test|start)\b/g),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((script) => PACKAGE.scripts[script] === undefined)).toEqual([]);
});

test("the documents link only to files that there are", () => {
  const broken = DOCUMENTS.flatMap((path) =>
    matches(textOf(path), /\]\(((?!https?:)[^)#]+)[^)]*\)/g)
      .filter((link) => !existsSync(join(ROOT, dirname(path), link)))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("docs/clusters.md explains exactly the faults that a probe names, and prints the robot that doctor prints", () => {
  const text = textOf("docs/clusters.md");
  const [table = ""] = text.split("## What the names mean").slice(1);
  expect(matches(table, /^\| `([a-z-]+)`/gm).toSorted()).toEqual([...FAULTS].toSorted());
  const [robot = ""] = matches(text, /```json\n([^`]+)```/g);
  expect(JSON.parse(robot)).toEqual(probeAdvice("hub", "tidelock-probe", "v2.14.4").robot);
});

test("the declaration in docs/clusters.md is valid, without a warning", async () => {
  const [yaml = ""] = matches(textOf("docs/clusters.md"), /```yaml\n([^`]+)```/g);
  const { declared, warnings } = await declaredAs(yaml);
  expect(warnings).toEqual([]);
  expect(declared.topologies.map(({ kind }) => kind)).toEqual(["shared-storage"]);
});

test("the README begins with the two commands", () => {
  const [first = ""] = matches(README, /```\n(npm ci[^`]+)```/g);
  expect(first.trim().split("\n")).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
});

test("the declaration in the README is valid, without a warning", async () => {
  const [yaml = ""] = matches(README, /```yaml\n([^`]+)```/g);
  const { declared, warnings } = await declaredAs(yaml);
  expect(warnings).toEqual([]);
  expect(declared.topologies.map(({ kind }) => kind)).toEqual(["dual-master", "master-slave"]);
});

test("ARCHITECTURE.md names only files and rooms that there are, and every room", () => {
  const named = matches(ARCHITECTURE, /`((?:[a-z0-9-]+\/)*[a-z0-9-]+(?:\/|\.ts))`/g);
  expect(named.length).toBeGreaterThan(40);
  const isThere = (path: string): boolean =>
    ["", "src", "test"].some((at) => existsSync(join(ROOT, at, path)));
  expect(named.filter((path) => path !== "dist/" && !isThere(path))).toEqual([]);
  const rooms = filesUnder("src").map((path) => path.replace(/^src\/([^/]+(?:\/|$)).*/, "$1"));
  expect([...new Set(rooms)].filter((room) => !ARCHITECTURE.includes(room))).toEqual([]);
});

test("decisions are numbered without gaps, and have their three parts", () => {
  const files = filesUnder("docs/adr");
  const numbers = files.map((path) => Number(/^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1]));
  expect(numbers).toEqual(files.map((_, at) => at + 1));
  for (const [at, path] of files.entries()) {
    expect(textOf(path)).toMatch(new RegExp(`^# ${at + 1}\\. `));
    expect(matches(textOf(path), /^## (.+)$/gm)).toEqual(["Background", "Decision", "Consequences"]);
  }
});

test("the package is what the README promises", () => {
  expect(PACKAGE.bin).toEqual({ tidelock: "dist/main.js" });
  expect(textOf("src/main.ts")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(PACKAGE.engines.node).toBe(">=20.19");
  const npmrc = textOf(".npmrc").split("\n");
  expect(npmrc).toContain("engine-strict=true");
  expect(npmrc).toContain("omit-lockfile-registry-resolved=true");
  const built = ["dist"];
  const missing = PACKAGE.files.filter((path) => !built.includes(path) && !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
  expect(textOf("package-lock.json")).not.toContain('"resolved"');
});
