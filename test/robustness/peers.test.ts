import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CANARY, harborOf } from "../support/harbor-at.ts";
import { lastJson, showsStack } from "../support/run-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";
import {
  scriptedServer,
  type Answering,
  type Certificate,
  type ScriptedServer,
} from "../support/scripted-server.ts";
import { testCertificate } from "../support/test-certificates.ts";

/** A pair whose `b` is well, and whose `a` is whatever stands at the address. */
async function declareA(stage: Stage, url: string, more = ""): Promise<void> {
  const declared = `apiVersion: tidelock/v1
registries:
  a: { url: "${url}", username: admin, password: "${CANARY}"${more} }
  b: { url: "${stage.b.url}", username: admin, password: "${stage.b.adminPassword}" }
topologies:
  - { name: east, kind: dual-master, registries: [a, b], content: { projects: [library] } }
  - { name: west, kind: master-slave, master: a, slaves: [b], content: { projects: [other] } }
`;
  await stage.declareText(declared);
}

interface Expected {
  readonly code: string;
  /** In the sentence. */
  readonly says: RegExp;
}

/** Every command that asks a Harbor, against a registry that can't be read: how it ends, what it says, how long it takes. */
async function judge(stage: Stage, { code, says }: Expected): Promise<void> {
  const commands = [
    ["plan", 1],
    ["diff", 1],
    ["reconcile", 2],
    ["health", 2],
  ] as const;
  const judgeOne = async ([command, exit]: (typeof commands)[number]): Promise<void> => {
    const begun = performance.now();
    const ran = await stage.cli(command);
    const about = `${command}: ${ran.text}`;
    expect(ran.code, about).toBe(exit);
    expect(performance.now() - begun, about).toBeLessThan(10_000);
    expect(
      ran.err.filter((line) => line.startsWith("error: ")),
      about,
    ).toEqual([expect.stringMatching(new RegExp(`^error: .*\\[${code}\\]$`))]);
    expect(ran.err.join("\n"), about).toMatch(says);
    expect(
      ran.err.some((line) => line.startsWith("hint: ")),
      about,
    ).toBe(true);
    expect(showsStack(ran), about).toBe(false);
    expect(ran.text).not.toContain(CANARY);
  };
  await Promise.all(commands.map(judgeOne));
}

describe.concurrent(
  "a registry that can't be read is one sentence with a hint, within ten seconds, with every command",
  () => {
    const servers: ScriptedServer[] = [];
    const stages: Stage[] = [];
    afterAll(async () => {
      await Promise.all([
        ...servers.map((server) => server.close()),
        ...stages.map((stage) => stage[Symbol.asyncDispose]()),
      ]);
    });

    async function scripted(answering: Answering, tls?: Certificate): Promise<string> {
      const server = await scriptedServer(answering, tls);
      servers.push(server);
      return server.url;
    }

    async function stageWith(url: string, more?: string): Promise<Stage> {
      const stage = await cliStage();
      stages.push(stage);
      await declareA(stage, url, more);
      return stage;
    }

    const html: Answering = () => ({
      headers: { "Content-Type": "text/html" },
      body: "<html><body>Welcome</body></html>",
    });
    const cases: readonly (readonly [string, () => Promise<string>, Expected])[] = [
      [
        "an unknown host",
        () => Promise.resolve("http://no-such-host.invalid"),
        { code: "HARBOR_UNREACHABLE", says: /no-such-host\.invalid/ },
      ],
      [
        "a closed port",
        () => Promise.resolve("http://127.0.0.1:9"),
        { code: "HARBOR_UNREACHABLE", says: /127\.0\.0\.1:9/ },
      ],
      [
        "a web page in place of JSON",
        () => scripted(html),
        { code: "HARBOR_NONSENSE", says: /web page|HTML|JSON/i },
      ],
      [
        "half of a JSON answer",
        () =>
          scripted(() => ({
            headers: { "Content-Type": "application/json" },
            body: '{"user_id": 1, "usern',
          })),
        { code: "HARBOR_NONSENSE", says: /JSON/ },
      ],
      [
        "JSON that is something else",
        () => scripted(() => ({ body: [1, 2, 3] })),
        { code: "HARBOR_NONSENSE", says: /user/ },
      ],
      ["a server that hangs", () => scripted(() => "answered"), { code: "HARBOR_TIMEOUT", says: /answer/ }],
      [
        "a redirect",
        () => scripted(() => ({ status: 302, headers: { Location: "https://login.example.com/" } })),
        { code: "HARBOR_NONSENSE", says: /redirect|elsewhere|login\.example\.com/ },
      ],
      [
        "an error inside",
        () => scripted(() => ({ status: 500, body: "oops" })),
        { code: "HARBOR_FAILED", says: /500/ },
      ],
      [
        "a Harbor of another age",
        () => scripted(harborOf("1.10.1", () => ({ status: 404 }))),
        { code: "HARBOR_UNSUPPORTED", says: /1\.10\.1/ },
      ],
      [
        "a peer that answers as to a stranger",
        () =>
          scripted(({ path }) =>
            path.endsWith("/users/current")
              ? { body: { user_id: 1, username: "admin" } }
              : { body: { auth_mode: "db_auth" } },
          ),
        { code: "HARBOR_UNAUTHORIZED", says: /stranger/ },
      ],
      [
        "an unknown authority",
        () => scripted(html, testCertificate("right")),
        { code: "HARBOR_TLS", says: /certificate/i },
      ],
      [
        "an expired certificate",
        () => scripted(html, testCertificate("expired")),
        { code: "HARBOR_TLS", says: /certificate/i },
      ],
      [
        "TLS where there is none",
        async () => (await scripted(html)).replace("http:", "https:"),
        { code: "HARBOR_TLS", says: /TLS/ },
      ],
      [
        "a connection that breaks",
        () =>
          scripted((_, response) => {
            response.socket?.destroy();
            return "answered";
          }),
        { code: "HARBOR_UNREACHABLE", says: /127\.0\.0\.1/ },
      ],
    ];
    test.each(cases)("%s", async (_, at, expected) => {
      const stage = await stageWith(await at());
      await judge(stage, expected);
    });

    test("a wrong password", async () => {
      const stage = await cliStage();
      stages.push(stage);
      await declareA(stage, stage.a.url);
      await judge(stage, { code: "HARBOR_UNAUTHORIZED", says: /password/ });
    });
  },
);

describe("when nothing can be read", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await cliStage();
    stage.a.faults.down();
    stage.b.faults.down();
    await stage.settled();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test.each([
    ["plan", 1],
    ["diff", 1],
    ["reconcile", 1],
    ["heal", 1],
    ["health", 2],
  ] as const)("%s ends with %i", async (command, exit) => {
    const ran = await stage.cli(command, "--output", "json");
    expect(ran.code).toBe(exit);
    expect(ran.err.filter((line) => line.startsWith("error: ")).length).toBe(2);
    expect(lastJson(ran)["topologies"]).toMatchObject([{ name: "east" }]);
    expect(showsStack(ran)).toBe(false);
  });
});

test("a robot without rights: what it may not is named, nothing is concluded, nothing is written", async () => {
  await using stage = await cliStage();
  const name = stage.a.addRobot("weak", CANARY, []);
  await stage.declareText(`apiVersion: tidelock/v1
registries:
  a: { url: "${stage.a.url}", username: "${name}", password: "${CANARY}" }
  b: { url: "${stage.b.url}", username: admin, password: "${stage.b.adminPassword}" }
topologies:
  - { name: east, kind: dual-master, registries: [a, b], content: { projects: [team] } }
`);
  stage.a.createProject("team");
  stage.b.push("team/app", "1.0");
  for (const [command, exit] of [
    ["plan", 1],
    ["diff", 1],
    ["reconcile", 2],
  ] as const) {
    const ran = await stage.cli(command);
    expect([command, ran.code, showsStack(ran)], ran.text).toEqual([command, exit, false]);
    expect(ran.text).toMatch(/right|permi|forbid/i);
    expect(ran.text).not.toContain(CANARY);
  }
  expect(stage.a.requests.writes()).toBe(0);
  expect(stage.a.tags().size).toBe(0);
});
