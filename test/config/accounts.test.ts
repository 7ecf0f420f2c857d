import { describe, expect, test } from "vitest";
import { declaredFrom } from "./declare.ts";
import { slave } from "./rows.ts";

const OWN = "replicationAccount: { username: robot$r, password: pr }";

function two(more: {
  readonly a?: string;
  readonly b?: string;
  readonly heal?: string;
  readonly kind?: string;
}): string {
  const registry = (name: string, rest = OWN): string =>
    `  ${name}: { url: https://${name}.example.com, username: tide, password: p${name}, ${rest} }`;
  const members = more.kind === "master-slave" ? "master: a, slaves: [b]" : "registries: [a, b]";
  return `
registries:
${registry("a", more.a)}
${registry("b", more.b)}
topologies:
  - { name: t, kind: ${more.kind ?? "dual-master"}, ${members}, heal: { ${more.heal ?? ""} } }`;
}

const SHARED = "replicationAccount: { username: tide, password: other }";
const PEOPLES = "replicationAccount: { username: admin, password: other }";

async function warningsAbout(text: string): Promise<string[]> {
  const { warnings } = await declaredFrom(text);
  return warnings
    .filter(({ path }) => path.startsWith("registries."))
    .map(({ path, message }) => `${path}: ${message}`);
}

describe("an account that others write with too", () => {
  test.each(["conflicts: newest", "deletions: replay", "regressions: repair"])(
    "is warned of where %s depends on who wrote",
    async (choice) => {
      expect(await warningsAbout(two({ a: SHARED, heal: choice }))).toEqual([
        `registries.a: the others write to a as tide, as Tidelock does: ${choice} of t can't tell a copy from a push there`,
      ]);
    },
  );

  test("is warned of where it is the one that people administrate with", async () => {
    expect(await warningsAbout(two({ b: PEOPLES, heal: "conflicts: newest" }))).toEqual([
      "registries.b: the others write to b as admin, as people may: conflicts: newest of t can't tell a copy from a push there",
    ]);
  });

  test("is no matter where nothing depends on it, but for a dual-master's lock-outs", async () => {
    expect(await warningsAbout(two({ a: PEOPLES, b: PEOPLES }))).toEqual([]);
    expect(await warningsAbout(two({ kind: "master-slave", b: SHARED }))).toEqual([]);
    expect(await warningsAbout(two({ a: SHARED }))).toEqual([
      "registries.a: the others log in to a with the account that Tidelock itself uses",
    ]);
  });

  test("is no matter on a master, which nobody writes to", async () => {
    const heal = "conflicts: newest";
    expect(await warningsAbout(two({ kind: "master-slave", a: SHARED, heal }))).toEqual([]);
    expect(await warningsAbout(two({ kind: "master-slave", b: SHARED, heal }))).toHaveLength(1);
  });
});

test("accounts of their own are worth no warning", async () => {
  expect(
    await warningsAbout(two({ heal: "conflicts: newest, deletions: replay, regressions: repair" })),
  ).toEqual([]);
  expect(await warningsAbout(slave("master: a, slaves: [b, c]"))).toEqual([]);
});
