import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CANARY } from "../support/harbor-at.ts";
import { runCli, showsStack } from "../support/run-cli.ts";

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "tidelock-folder-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const VALID = `apiVersion: tidelock/v1
registries:
  a: { url: "http://a.test", username: admin, password: "${CANARY}" }
  b: { url: "http://b.test", username: admin, password: "${CANARY}" }
topologies:
  - { name: east, kind: dual-master, registries: [a, b] }
`;

const aliasBomb = (): string => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const before = level === 0 ? '"x"' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => before).join(", ")}]`;
  });
  return `apiVersion: tidelock/v1\n${levels.join("\n")}\n`;
};

/** What stands in the folder, or in its place; and what is said about it. */
const CASES: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
  [
    "a folder that is missing",
    () => Promise.resolve(join(folder, "nowhere")),
    /nowhere can't be read: there is none/,
  ],
  ["an empty folder", () => Promise.resolve(folder), /there is no \*\.yaml in /],
  [
    "a folder with other files only",
    async () => {
      await writeFile(join(folder, "notes.txt"), VALID);
      await mkdir(join(folder, "deeper.yaml"));
      return folder;
    },
    /there is no \*\.yaml in /,
  ],
  [
    "a file in place of the folder",
    async () => {
      await writeFile(join(folder, "policies"), VALID);
      return join(folder, "policies");
    },
    /can't be read: it is no folder/,
  ],
  [
    "a file that can't be read",
    async () => {
      await symlink("a.yaml", join(folder, "a.yaml"));
      return folder;
    },
    /a\.yaml can't be read: /,
  ],
  [
    "a file that leads nowhere",
    () => symlink("gone", join(folder, "a.yaml")).then(() => folder),
    /a\.yaml can't be read: there is none/,
  ],
  ["an empty file", () => writeFile(join(folder, "a.yaml"), "").then(() => folder), /a\.yaml:1:1: is no map/],
  [
    "a file of bytes",
    () => writeFile(join(folder, "a.yaml"), Buffer.from([0, 255, 254, 1, 0, 200])).then(() => folder),
    /a\.yaml:1:\d+: /,
  ],
  [
    "a huge file",
    () => writeFile(join(folder, "a.yaml"), `${VALID}# ${"x".repeat(5_000_000)}`).then(() => folder),
    /is longer than 1000000 characters/,
  ],
  [
    "a file of aliases that unfold to gigabytes",
    () => writeFile(join(folder, "a.yaml"), aliasBomb()).then(() => folder),
    /aliases can't be followed/,
  ],
  [
    "several documents",
    () => writeFile(join(folder, "a.yaml"), `${VALID}---\n${VALID}`).then(() => folder),
    /holds several documents/,
  ],
  [
    "the same registry in two files",
    async () => {
      await writeFile(join(folder, "a.yaml"), VALID);
      await writeFile(join(folder, "b.yml"), VALID);
      return folder;
    },
    /the registry a is declared at .*a\.yaml:3/,
  ],
  [
    "a quote that never ends, right at a password",
    () => writeFile(join(folder, "a.yaml"), VALID.replace(`${CANARY}" }`, CANARY)).then(() => folder),
    /a\.yaml:\d+:\d+: is no valid YAML/,
  ],
  [
    "a tab",
    () => writeFile(join(folder, "a.yaml"), VALID.replace("  a:", "\ta:")).then(() => folder),
    /indented with a tab/,
  ],
  [
    "a variable that is not set",
    () =>
      writeFile(join(folder, "a.yaml"), VALID.replace(`"${CANARY}"`, '"${NOWHERE_SET}"')).then(() => folder),
    /the environment variable NOWHERE_SET is not set/,
  ],
  [
    "a variable in the middle of a text",
    () =>
      writeFile(join(folder, "a.yaml"), VALID.replace(`"${CANARY}"`, `"${CANARY}\${X}"`)).then(() => folder),
    /stands only for a whole value/,
  ],
  [
    "a file of a password that is missing",
    () =>
      writeFile(
        join(folder, "a.yaml"),
        VALID.replace(`password: "${CANARY}"`, "passwordFile: gone.txt"),
      ).then(() => folder),
    /gone\.txt can't be read: there is none/,
  ],
  [
    "a certificate that is none",
    async () => {
      await writeFile(
        join(folder, "ca.pem"),
        `-----BEGIN CERTIFICATE-----\n${CANARY}\n-----END CERTIFICATE-----\n`,
      );
      await writeFile(
        join(folder, "a.yaml"),
        VALID.replace("username: admin", "caFile: ca.pem, username: admin"),
      );
      return folder;
    },
    /ca\.pem holds no certificate/,
  ],
];

describe("declarations that can't be read: a sentence with a hint, 78, and no secret", () => {
  test.each(CASES)("%s", async (_, prepare, says) => {
    const at = await prepare();
    const begun = performance.now();
    const ran = await runCli(["--policies", at, "plan"]);
    expect(ran.code, ran.text).toBe(78);
    expect(ran.out).toEqual([]);
    expect(ran.err.join("\n")).toMatch(says);
    expect(ran.err.at(-1)).toMatch(/^hint: /);
    expect(showsStack(ran)).toBe(false);
    expect(ran.text).not.toContain(CANARY);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect((await runCli(["--policies", at, "validate"])).code).toBe(78);
    expect((await runCli(["--policies", at, "health"])).code).toBe(3);
  });

  test("line ends and byte order marks of other systems do no harm", async () => {
    await writeFile(join(folder, "a.yaml"), `\uFEFF${VALID.replaceAll("\n", "\r\n")}`);
    const ran = await runCli(["--policies", folder, "validate"]);
    expect(ran.code, ran.text).toBe(0);
  });
});
