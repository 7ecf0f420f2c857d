import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError, renderMistake } from "../../src/config/mistake.ts";
import { readDeclared } from "../../src/config/read-declared.ts";
import { AppError } from "../../src/errors.ts";
import type { SharedStorageTopology } from "../../src/topology/model.ts";
import { selects } from "../../src/topology/selection.ts";
import { declaredFrom, filesReader, mistakesIn, replicatedIn } from "./declare.ts";
import { NODES, PAIR, REGISTRIES } from "./rows.ts";

const CANARY = "canary-51c0ffee";

describe("readDeclared", () => {
  it("fills in every default", async () => {
    const { declared } = await declaredFrom(`${REGISTRIES}${PAIR}`);
    expect(replicatedIn(declared)).toEqual({
      kind: "dual-master",
      name: "t",
      mode: "act",
      registries: ["a", "b"],
      content: { projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] },
      trigger: { kind: "event" },
      replication: { override: true, deletions: false, speedKbps: 0 },
      heal: {
        remedy: "auto",
        conflicts: "report",
        deletions: "report",
        regressions: "report",
        slaveDeletions: "restore",
        firstContact: "copy",
        settleMs: 240_000,
        remediesPerHour: 1000,
      },
      enforceEnabled: false,
      ignoreForeign: [],
    });
    const a = declared.registries.get("a")!;
    expect(a).toMatchObject({ endpointUrl: a.url, insecureSkipVerify: false });
    expect(a.replicationAccount).toBe(a.account);
  });

  it("merges the files of a folder: registries of one serve topologies of another", async () => {
    const { declared } = await declaredFrom(REGISTRIES, {
      files: {
        "y.yml": `apiVersion: tidelock/v1${PAIR}`,
        "z.yaml": "apiVersion: tidelock/v1\nsettings: { installation: two }",
        "notes.txt": "not read: [",
        ".hidden.yaml": "not read: [",
        "examples/w.yaml": "not read: [",
      },
    });
    expect([...declared.registries.keys()]).toEqual(["a", "b", "c"]);
    expect(declared.topologies.map(({ name }) => name)).toEqual(["t"]);
    expect(declared.settings).toMatchObject({ installation: "two", schedule: "0 */5 * * * *" });
  });

  it("takes a window and the most that Harbors are asked to bear as they are written", async () => {
    const { declared } = await declaredFrom(
      REGISTRIES + PAIR.replace("name: t", 'name: t, heal: { window: "22:00-06:00" }'),
      { files: { "z.yaml": "apiVersion: tidelock/v1\nsettings: { load: { requests: 2 } }" } },
    );
    const window = { text: "22:00-06:00 UTC", from: 1320, to: 360, zone: "UTC" };
    expect(declared.topologies[0]).toMatchObject({ heal: { window } });
    expect(declared.settings.load).toEqual({ requests: 2, executions: 6 });
  });

  it("takes the environment for whole values, as what is wanted there", async () => {
    const text = `
registries:
  a: { url: "\${URL}", username: admin, password: "\${PASSWORD}", insecureSkipVerify: "\${INSECURE}" }
  b: { url: https://b.example.com, username: admin, password: pb }
topologies:
  - { name: t, kind: dual-master, registries: [a, b], replication: { speedKbps: "\${SPEED}" } }`;
    const environment = { URL: "https://a.example.com/", PASSWORD: "12345", INSECURE: "true", SPEED: "64" };
    const { declared } = await declaredFrom(text, { environment });
    const a = declared.registries.get("a")!;
    expect(a).toMatchObject({ url: "https://a.example.com", insecureSkipVerify: true });
    expect(a.account.password.reveal()).toBe("12345");
    expect(replicatedIn(declared).replication.speedKbps).toBe(64);
  });

  it("reads secrets and certificates from files beside the declaration", async () => {
    const ca = await readFile(join(import.meta.dirname, "../support/tls/test-only-ca.pem"), "utf8");
    const { declared } = await declaredFrom(
      `
registries:
  a: { url: https://a.example.com, username: admin, passwordFile: secrets/a, caFile: ca.pem }
  b: { url: https://b.example.com, username: admin, passwordFile: secrets/b }${PAIR}`,
      { files: { "secrets/a": "pass word \n", "secrets/b": "two\nlines\r\n\n", "ca.pem": ca } },
    );
    expect(declared.registries.get("a")!.account.password.reveal()).toBe("pass word ");
    expect(declared.registries.get("b")!.account.password.reveal()).toBe("two\nlines");
    expect(declared.registries.get("a")!.ca).toBe(ca);
  });

  it("understands clusters over one storage", async () => {
    const { declared } = await declaredFrom(`
topologies:
  - name: ha
    kind: shared-storage
    account: { username: robot$probe, password: x }
    nodes: { n1: { url: https://10.0.0.1/, host: hub.example.com }, n2: { url: https://10.0.0.2 } }
    front: { url: https://hub.example.com }`);
    expect(declared.topologies[0]).toMatchObject({
      kind: "shared-storage",
      mode: "act",
      nodes: [
        { name: "n1", url: "https://10.0.0.1", host: "hub.example.com" },
        { name: "n2", url: "https://10.0.0.2" },
      ],
      front: { url: "https://hub.example.com" },
      insecureSkipVerify: false,
      probe: {
        project: "tidelock-probe",
        small: "0 * * * * *",
        full: "0 0 * * * *",
        rounds: { small: 1, full: 2 },
        visibleWithinMs: 2_000,
        giveUpMs: 12_000,
      },
    } satisfies Partial<SharedStorageTopology>);
  });

  it("never compares what probes push, whatever a selection covers", async () => {
    const { declared, warnings } = await declaredFrom(`${REGISTRIES}${PAIR}
  - { name: ha, kind: shared-storage, account: { username: x, password: y }, ${NODES} }`);
    expect(replicatedIn(declared).content.exceptProjects).toEqual(["tidelock-probe"]);
    const covers = selects(replicatedIn(declared).content);
    expect([covers.project("tidelock-probe"), covers.project("tidelock-probe2")]).toEqual([false, true]);
    expect(covers.repository("tidelock-probe/x")).toBe(false);
    expect(warnings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^covers tidelock-probe, the project that the cluster ha is probed in/),
    );
  });

  it("reads a real folder, or one file of it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "declared-"));
    try {
      await mkdir(join(folder, "examples.yaml"));
      await writeFile(join(folder, "pw"), "from-file\n");
      const text = `apiVersion: tidelock/v1\n${REGISTRIES.replace("password: pa", "passwordFile: pw")}${PAIR}\nsettings: { store: state/x.db }`;
      await writeFile(join(folder, "all.yaml"), text);
      for (const path of [folder, join(folder, "all.yaml")]) {
        const { declared } = await readDeclared(path, { environment: {} });
        expect(declared.registries.get("a")!.account.password.reveal()).toBe("from-file");
        expect(declared.settings.store).toBe(join(folder, "state/x.db"));
      }
      await expect(readDeclared(join(folder, "none"), { environment: {} })).rejects.toMatchObject({
        code: "CONFIG_UNREADABLE",
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says so when there is nothing to read", async () => {
    const empty = readDeclared("policies", { environment: {}, reader: filesReader({ "notes.txt": "" }) });
    await expect(empty).rejects.toMatchObject({ code: "CONFIG_UNREADABLE" });
    await expect(empty).rejects.toBeInstanceOf(AppError);
  });
});

describe("mistakes", () => {
  const MANY = `
registries:
  a: { url: nowhere, username: admin, password: pa }
  b: { url: https://b.example.com, username: admin, passwrd: pb }
topologies:
  - name: t
    kind: dual-master
    registries: [a, q]
    content:
      tags: "{a, b}"
    heal: { settle: soon }
settings:
  installation: My Own`;

  it("are told all at once, in order, each with its place", async () => {
    const mistakes = await mistakesIn(MANY, { files: { "w.yaml": "apiVersion: tidelock/v1\nx: 1" } });
    expect(mistakes.map(({ file, line, column, path }) => `${file}:${line}:${column} ${path}`)).toEqual([
      "policies/w.yaml:2:1 x",
      "policies/x.yaml:3:13 registries.a.url",
      "policies/x.yaml:4:3 registries.b",
      "policies/x.yaml:4:53 registries.b.passwrd",
      "policies/x.yaml:8:21 topologies[0].registries[1]",
      "policies/x.yaml:10:13 topologies[0].content.tags",
      "policies/x.yaml:11:21 topologies[0].heal.settle",
      "policies/x.yaml:13:17 settings.installation",
    ]);
  });

  it("are all in the message of the error", async () => {
    const error = await declaredFrom(MANY).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    if (!(error instanceof ConfigError)) return;
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message.split("\n").slice(1)).toEqual(error.mistakes.map(renderMistake));
    expect(error.message).toContain("policies/x.yaml:10:13: topologies[0].content.tags: holds a space");
  });

  it("hold no secret, wherever it was put by mistake", async () => {
    const text = `
registries:
  a: { url: "https://admin:${CANARY}@a", username: admin, password: "${CANARY}" }
  b: { url: "\${SECRET}", username: admin, passwordFile: pw, endpointUrl: "\${SECRET}" }
topologies:
  - { name: "\${SECRET}", kind: dual-master, registries: [a, "\${SECRET}"], trigger: "\${CRON}", heal: { settle: "\${SECRET}" }, content: { tags: "\${SECRET}" } }`;
    const given = {
      environment: { SECRET: CANARY, CRON: `0 ${CANARY} * * * *` },
      files: { pw: `${CANARY}\n` },
    };
    const error = await declaredFrom(text, given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    const printed = inspect(error, { depth: 9 }) + JSON.stringify(error) + (error as Error).message;
    expect(printed).not.toContain(CANARY);
  });
});

describe("warnings", () => {
  const warned = async (text: string): Promise<string[]> =>
    (await declaredFrom(text)).warnings.map(({ path, message }) => `${path}: ${message}`);
  const OWN = (name: string, more = ""): string =>
    `\n  ${name}: { url: https://${name}.example.com, username: admin, password: p, replicationAccount: { username: robot$r, password: p }${more} }`;

  it("are silent where nothing is doubtful", async () => {
    expect(await warned(`registries:${OWN("a")}${OWN("b")}${PAIR}`)).toEqual([]);
  });

  it.each([
    [OWN("b").replace("https://b", "http://b"), "registries.b.url: is http: passwords cross"],
    [OWN("b", ", insecureSkipVerify: true"), "registries.b.insecureSkipVerify: lets anybody in between "],
    ["\n  b: { url: https://b, username: u, password: p }", "registries.b: the others log in to b w"],
    [`${OWN("b")}${OWN("c")}`, "registries.c: is in no topology"],
  ])("%s", async (registries, warning) => {
    expect(await warned(`registries:${OWN("a")}${registries}${PAIR}`)).toEqual([
      expect.stringContaining(warning) as string,
    ]);
  });

  it.each([
    ["replication: { deletions: true }", "topologies[0].replication.deletions: Harbor deletes by tag in"],
    ['trigger: "0 0 2 * * *"', "topologies[0].trigger: every scheduled run brin"],
  ])("%s", async (field, warning) => {
    const text = `registries:${OWN("a")}${OWN("b")}${PAIR.replace(" }", `, ${field} }`)}`;
    expect(await warned(text)).toEqual([expect.stringContaining(warning) as string]);
  });

  it("say nothing of http on this machine", async () => {
    const local = OWN("b").replace("https://b.example.com", "http://127.0.0.1:8080");
    expect(await warned(`registries:${OWN("a")}${local}${PAIR}`)).toEqual([]);
  });
});
