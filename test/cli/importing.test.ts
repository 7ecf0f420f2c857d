import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { administratorOf, makeByHand } from "../support/hand-made.ts";
import { lastJson } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

const PASSWORDS = { TIDELOCK_PASSWORD: "Harbor12345", A_PASSWORD: "Harbor12345", B_PASSWORD: "Harbor12345" };

interface Pair extends AsyncDisposable {
  readonly stage: Stage;
  readonly a: HarborPort;
  readonly b: HarborPort;
  /** The options that name both registries. */
  readonly named: readonly string[];
  /** A folder of declarations, empty at first. */
  readonly folder: string;
  cli(...argv: string[]): ReturnType<Stage["cli"]>;
}

async function pairOf(profile: ProfileName): Promise<Pair> {
  const stage = await cliStage({ profile, onLocalhost: true });
  const [a, b] = [administratorOf(stage.a.url), administratorOf(stage.b.url)];
  const folder = join(stage.folder, "imported");
  return {
    stage,
    a,
    b,
    folder,
    named: ["--registry", `a=${stage.a.url}`, "--registry", `b=${stage.b.url}/`],
    cli: (...argv) => stage.cliWith({ environment: { ...PASSWORDS, TIDELOCK_POLICIES: folder } }, ...argv),
    [Symbol.asyncDispose]: async () => {
      a.close();
      b.close();
      await stage[Symbol.asyncDispose]();
    },
  };
}

/** Two event policies by hand, each to the other side. */
async function makePair({ stage, a, b }: Pair): Promise<void> {
  await makeByHand(a, {
    name: "push to b",
    endpoint: "the other one",
    to: stage.b.url,
    description: "by Anna",
  });
  await makeByHand(b, { name: "back", endpoint: "harbor-a", to: `${stage.a.url}/` });
}

async function objectsOf(port: HarborPort): Promise<{ endpoints: unknown; policies: unknown }> {
  return { endpoints: await port.endpoints(), policies: await port.replicationPolicies() };
}

describe.each<ProfileName>(["2.1", "2.9", "2.14"])("a pair made by hand on Harbor %s", (profile) => {
  let pair: Pair;
  beforeEach(async () => (pair = await pairOf(profile)));
  afterEach(() => pair[Symbol.asyncDispose]());

  test("is imported, adopted, and then as declared", async () => {
    await makePair(pair);
    const before = await objectsOf(pair.a);
    const imported = await pair.cli("import", ...pair.named, "--to", pair.folder);
    expect([imported.code, imported.err]).toEqual([0, []]);
    expect(imported.out).toEqual([
      `wrote ${join(pair.folder, "imported.yaml")}: 1 topologies`,
      "  a-b: dual-master of a, b, from a: push to b; b: back",
    ]);
    expect(await objectsOf(pair.a)).toEqual(before);
    expect((await pair.cli("validate")).code).toBe(0);

    const blocked = await pair.cli("plan");
    expect(blocked.code).toBe(2);
    expect(blocked.out[0]).toBe("a-b: configuration: not as declared");
    expect(blocked.out.filter((line) => line.startsWith("  foreign: "))).toHaveLength(2);

    const asked = await pair.cli("import", "--adopt");
    expect(asked.code).toBe(64);
    expect(asked.text).toContain("--yes");
    expect(await objectsOf(pair.a)).toEqual(before);

    const adopted = await pair.cli("import", "--adopt", "--yes");
    expect(adopted.code, adopted.text).toBe(0);
    expect(adopted.out.filter((line) => line.startsWith("adopted: "))).toHaveLength(4);
    expect(adopted.out).toContain(
      "    description: by Anna -> Kept by Tidelock (installation main): change what is declared, not this.",
    );
    expect(adopted.text).not.toContain("then, by the next plan");

    const settled = await objectsOf(pair.a);
    const plan = await pair.cli("plan");
    expect([plan.code, plan.out]).toEqual([0, ["a-b: configuration: as declared"]]);
    expect((await pair.cli("reconcile")).code).toBe(0);
    expect(await objectsOf(pair.a)).toEqual(settled);
    expect(await pair.cli("import", "--adopt")).toMatchObject({ code: 0, out: ["a-b: nothing to adopt"] });
  });

  test("adopting changes the name, the description, and only lets rescue tags out", async () => {
    await makePair(pair);
    const [endpoint] = await pair.a.endpoints();
    const [policy] = await pair.a.replicationPolicies();
    await pair.cli("import", ...pair.named, "--to", pair.folder);
    await pair.cli("import", "--adopt", "--yes");
    const description = "Kept by Tidelock (installation main): change what is declared, not this.";
    expect(await pair.a.endpoints()).toEqual([{ ...endpoint, name: "tidelock.a-b.b", description }]);
    const rescue = { kind: "tag", value: "tidelock-rescue-*", excludes: true };
    const filters = [...policy!.filters, ...(profile === "2.1" ? [] : [rescue])];
    const [adopted] = await pair.a.replicationPolicies();
    expect(adopted).toEqual({ ...policy, name: "tidelock.a-b.a-to-b", description, filters });
    // The credentials are still those that were stored: a push is still copied.
    pair.stage.a.push("library/app", "v1");
    await pair.stage.quiet();
    expect([...pair.stage.b.tags()].map(([repository]) => repository)).toEqual(["library/app"]);
  });
});

describe("importing", () => {
  let pair: Pair;
  beforeEach(async () => (pair = await pairOf("2.9")));
  afterEach(() => pair[Symbol.asyncDispose]());

  test("writes to standard output what can be read back, and no password", async () => {
    await makePair(pair);
    const ran = await pair.cli("import", ...pair.named);
    expect(ran.code).toBe(0);
    expect(ran.text).not.toContain("Harbor12345");
    expect(ran.out).toContain("    password: ${A_PASSWORD}");
    const file = join(pair.stage.folder, "one.yaml");
    await writeFile(file, ran.out.join("\n"));
    expect((await pair.cli("--policies", file, "validate")).code).toBe(0);
  });

  test("never overwrites a file unless told to", async () => {
    await makePair(pair);
    const write = ["import", ...pair.named, "--to", pair.folder];
    expect((await pair.cli(...write)).code).toBe(0);
    const path = join(pair.folder, "imported.yaml");
    await writeFile(path, "# mine");
    const refused = await pair.cli(...write);
    expect([refused.code, await readFile(path, "utf8")]).toEqual([1, "# mine"]);
    expect(refused.text).toContain("FILE_EXISTS");
    expect((await pair.cli(...write, "--force")).code).toBe(0);
    expect(await readFile(path, "utf8")).toContain("kind: dual-master");
  });

  test("over declared registries writes topologies alone, and what is kept already is no news", async () => {
    await pair.stage.declareText(
      `apiVersion: tidelock/v1\nregistries:\n${["a", "b"].map((name) => `  ${name}: { url: "${name === "a" ? pair.stage.a.url : pair.stage.b.url}", username: admin, password: Harbor12345 }`).join("\n")}`,
    );
    await makePair(pair);
    const ran = await pair.stage.cli("import");
    expect(ran.code).toBe(0);
    expect(ran.out.some((line) => line.startsWith("registries:"))).toBe(false);
    expect(ran.out).toContain("  - name: a-b");
    await pair.stage.declare(
      `\n  - { name: a-b, kind: dual-master, registries: [a, b], content: { projects: [library] } }`,
    );
    await pair.stage.cli("import", "--adopt", "--yes");
    const again = lastJson(await pair.stage.cli("import", "--output", "json"));
    expect(again).toMatchObject({ topologies: [], notices: [] });
  });

  test("tells of everything that it could not declare, with the reason", async () => {
    const { a, stage } = pair;
    const made = { endpoint: "b", to: stage.b.url };
    const label = { kind: "label", value: ["gold"], excludes: false } as const;
    await makeByHand(a, { ...made, name: "labelled", filters: [label] });
    await makeByHand(a, { ...made, name: "moved", change: { targetNamespace: "backup" } });
    await makeByHand(a, { ...made, name: "off", change: { enabled: false } });
    await makeByHand(a, {
      ...made,
      name: "no slash",
      filters: [{ kind: "name", value: "app", excludes: false }],
    });
    const [endpoint] = await a.endpoints();
    const pull = {
      sourceEndpointId: endpoint!.id,
      targetEndpointId: 0,
      trigger: { kind: "manual", cron: "" },
    } as const;
    await makeByHand(a, { ...made, name: "pull", change: pull });
    const { notices, topologies } = lastJson(await pair.cli("import", ...pair.named, "--output", "json"));
    expect(topologies).toEqual([]);
    const told = (notices as { name: string; message: string }[]).map(({ name, message }) => [name, message]);
    expect(Object.fromEntries(told)).toEqual({
      labelled: "it filters by label",
      moved: "it copies into the namespace backup, under other names",
      off: `it is disabled (it would push to ${stage.b.url})`,
      "no slash": "its name filter has no slash, so that it matches no repository",
      pull: expect.stringContaining("it pulls from") as string,
    });
    const text = (await pair.cli("import", ...pair.named)).out;
    for (const [name = ""] of told)
      expect(text.some((line) => line.startsWith(`# - a: ${name}: `))).toBe(true);
  });

  test("says how to name a registry that a policy pushes to", async () => {
    await makePair(pair);
    const alone = await pair.cli("import", ...pair.named.slice(0, 2));
    expect(alone.code).toBe(0);
    expect(alone.text).toContain(
      `- a: push to b: it pushes to ${pair.stage.b.url}, which is none of the registries given: add --registry NAME=${pair.stage.b.url}`,
    );
    expect(alone.out).toContain("# No topology was recognised.");
    const address = pair.stage.b.url.replace("127.0.0.1", "localhost");
    const named = ["--registry", `b=${address}`, "--endpoint-url", `b=${pair.stage.b.url}`];
    const both = await pair.cli("import", ...pair.named.slice(0, 2), ...named);
    expect(both.code, both.text).toBe(0);
    expect(both.out).toContain("    kind: dual-master");
    expect(both.out).toContain(`    endpointUrl: ${pair.stage.b.url}`);
  });

  test("says what could not be read, and ends with 1", async () => {
    await makePair(pair);
    pair.stage.b.faults.down();
    await pair.stage.settled();
    const ran = await pair.cli("import", ...pair.named, "--output", "json");
    expect(ran.code).toBe(1);
    expect(lastJson(ran)).toMatchObject({
      topologies: [],
      notices: [
        { registry: "a", name: "push to b", message: expect.stringContaining("could not be read") as string },
        { registry: "b", name: "", message: expect.stringContaining("could not be read") as string },
      ],
    });
  });

  test.each([
    [["import", "--registry", "a"], "--registry a is not understood"],
    [["import", "--registry", "A=https://a"], "is not understood"],
    [["import", "--registry", "a=https://me:secret@a"], "--registry a=https://…@a is not understood"],
    [["import", "--username", "me"], "go with --registry"],
    [["import", "--adopt", "--to", "x"], "goes only with --only and --yes"],
    [["import", "--yes"], "go with --adopt"],
    [
      ["import", "--registry", "a=https://a", "--registry", "b=https://a/"],
      "two registries have the address",
    ],
  ])("%j is refused", async (argv, message) => {
    const ran = await pair.cli(...argv);
    expect(ran.code).toBe(64);
    expect(ran.text).toContain(message);
    expect(ran.text).not.toContain("secret");
  });

  test("without a password nothing is asked of anybody", async () => {
    const ran = await pair.stage.cli("import", ...pair.named);
    expect([ran.code, pair.stage.a.requests.total()]).toEqual([64, 0]);
    expect(ran.text).toContain("TIDELOCK_PASSWORD");
  });
});

describe("a foreign policy over a declared flow", () => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await pairOf("2.9");
    await makeByHand(pair.a, { name: "push to b", endpoint: "b", to: pair.stage.b.url });
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  test("keeps ours from being made beside it, and reconcile ends with 2", async () => {
    const ran = await pair.stage.cli("reconcile");
    expect(ran.code, ran.text).toBe(2);
    expect((await pair.a.replicationPolicies()).map(({ name }) => name)).toEqual(["push to b"]);
    expect((await pair.a.endpoints()).map(({ name }) => name)).toEqual(["b"]);
    expect((await pair.b.replicationPolicies()).map(({ name }) => name)).toEqual(["tidelock.east.b-to-a"]);
    expect(ran.text).toContain(
      "foreign: a: push to b: it copies a → b already, so tidelock.east.a-to-b is not made beside it",
    );
  });

  test("is no matter once it is named under ignoreForeign", async () => {
    await pair.stage.declare(`
  - { name: east, kind: dual-master, registries: [a, b], content: { projects: [library] }, ignoreForeign: ["push to b"] }`);
    expect((await pair.stage.cli("reconcile")).code).toBe(0);
    expect((await pair.a.replicationPolicies()).map(({ name }) => name).toSorted()).toEqual([
      "push to b",
      "tidelock.east.a-to-b",
    ]);
    expect((await pair.stage.cli("plan")).out).toEqual(["east: configuration: as declared"]);
  });

  test("that differs is adopted with what the next plan will change shown", async () => {
    const [policy] = await pair.a.replicationPolicies();
    await pair.a.updateReplicationPolicy({ ...policy!, override: false, deletions: true });
    const ran = await pair.stage.cli("import", "--adopt", "--yes");
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("    then, by the next plan: override: false -> true");
    expect(ran.out).toContain("    then, by the next plan: deletions: true -> false");
    expect(await pair.a.replicationPolicies()).toMatchObject([
      { name: "tidelock.east.a-to-b", override: false, deletions: true },
    ]);
    expect((await pair.stage.cli("reconcile")).code).toBe(0);
    expect(await pair.a.replicationPolicies()).toMatchObject([{ override: true, deletions: false }]);
  });

  test("is not adopted where a person says no", async () => {
    const before = await objectsOf(pair.a);
    const asked: string[] = [];
    const ask = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve("n");
    };
    const declined = await pair.stage.cliWith({ ask }, "import", "--adopt");
    expect([declined.code, asked]).toEqual([2, ["adopt these 2? [y/N] "]]);
    expect(await objectsOf(pair.a)).toEqual(before);
    const agreed = await pair.stage.cliWith({ ask: () => Promise.resolve("y") }, "import", "--adopt");
    expect(agreed.code).toBe(0);
  });

  test("of another installation is never adopted", async () => {
    const [policy] = await pair.a.replicationPolicies();
    const description = "Kept by Tidelock (installation elsewhere): change what is declared, not this.";
    await pair.a.updateReplicationPolicy({ ...policy!, description });
    expect((await pair.stage.cli("import", "--adopt", "--yes")).out).toEqual(["east: nothing to adopt"]);
    const plan = await pair.stage.cli("plan");
    expect(plan.code).toBe(2);
    expect(plan.text).toContain("another installation of Tidelock (elsewhere)");
  });

  test("in mode observe nothing is adopted", async () => {
    await pair.stage.declare("\n  - { name: east, kind: dual-master, mode: observe, registries: [a, b] }");
    const ran = await pair.stage.cli("import", "--adopt", "--yes");
    expect([ran.code, ran.out[0]]).toEqual([0, "east: nothing to adopt"]);
    expect((await pair.a.replicationPolicies()).map(({ name }) => name)).toEqual(["push to b"]);
  });
});
