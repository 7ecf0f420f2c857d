import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { proxyServer } from "../support/connect-proxy-server.ts";
import { cliProcess } from "../support/killable-cli.ts";
import { cliStage, type Stage } from "../support/run-cli-stage.ts";

/** Each turns up nowhere by chance. */
const SECRETS = {
  account: "canary-account-8d1f",
  replication: "canary-replication-2b7c",
  rotated: "canary-rotated-77aa",
  wrong: "canary-wrong-5e90",
  proxy: "canary-proxy-c41d",
} as const;

/** Also as they look in headers and addresses. */
const FORMS: readonly string[] = Object.values(SECRETS).flatMap((secret) => [
  secret,
  ...["admin", "replica", "proxyuser"].map((user) => Buffer.from(`${user}:${secret}`).toString("base64")),
]);

async function declare(stage: Stage, { a = SECRETS.account }: { a?: string } = {}): Promise<void> {
  const replicationAccount = `replicationAccount: { username: "replica", password: "${SECRETS.replication}" }`;
  await writeFile(join(stage.folder, "password.txt"), `${SECRETS.account}\n`);
  await stage.declareText(`apiVersion: tidelock/v1
registries:
  a: { url: "${stage.a.url}", username: admin, password: "${a}", ${replicationAccount} }
  b: { url: "${stage.b.url}", username: admin, passwordFile: password.txt, ${replicationAccount} }
topologies:
  - { name: east, kind: dual-master, registries: [a, b], content: { projects: [library] } }
`);
}

async function storeBytes(stage: Stage): Promise<string> {
  const folder = dirname(stage.store);
  const names = await readdir(folder);
  expect(names.length).toBeGreaterThan(0);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")));
  return files.join("\n");
}

function expectNoSecret(text: string, where: string): void {
  for (const form of FORMS) expect(text.includes(form), `${form} in ${where}`).toBe(false);
}

const QUICK = [["plan"], ["diff"], ["reconcile", "--output", "json"], ["health"]] as const;
const ALL = [
  ...QUICK,
  ["validate"],
  ["diff", "--all", "--stats", "--output", "json"],
  ["reconcile"],
  ["heal", "--remedy", "toggle"],
  ["status", "--output", "json"],
  ["plan", "--output", "json"],
] as const;

/** Runs the commands at level debug; returns everything that was printed. */
async function runAll(
  stage: Stage,
  commands: readonly (readonly string[])[],
  environment: Record<string, string> = {},
): Promise<string> {
  let all = "";
  for (const argv of commands) {
    const ran = await stage.cliWith({ environment }, "--log-level", "debug", ...argv);
    expectNoSecret(ran.text, argv.join(" "));
    all += ran.text;
  }
  expectNoSecret(await storeBytes(stage), "the store");
  return all;
}

async function secretStage(): Promise<Stage> {
  const stage = await cliStage({ adminPassword: SECRETS.account });
  for (const sandbox of [stage.a, stage.b]) sandbox.addUser("replica", SECRETS.replication, true);
  await declare(stage);
  return stage;
}

test.concurrent("no secret is printed, logged or stored while all goes well, at level debug", async () => {
  await using stage = await secretStage();
  await stage.cli("reconcile");
  await stage.outage(() => stage.b.push("library/app", "1.0"));
  const all = await runAll(stage, ALL);
  // The log did write of requests: what is not there was kept out, not left unsaid.
  expect(all).toContain('"msg":"request"');
  expect(all).toContain("/api/v2.0/users/current");
});

test.concurrent("nor when the password is wrong, or the registry away, or speaks nonsense", async () => {
  await using stage = await secretStage();
  await stage.cli("reconcile");
  await declare(stage, { a: SECRETS.wrong });
  expect(await runAll(stage, QUICK)).toContain("HARBOR_UNAUTHORIZED");
  await declare(stage);
  stage.b.faults.nonsense();
  expect(await runAll(stage, QUICK)).toContain("HARBOR_NONSENSE");
  stage.b.faults.clear();
  stage.a.faults.rotatePassword("replica", SECRETS.rotated);
  await runAll(stage, QUICK);
  stage.a.faults.down();
  await stage.settled();
  expect(await runAll(stage, QUICK)).toContain("HARBOR_UNREACHABLE");
});

test.concurrent.each([undefined, 407])(
  "nor that of a proxy, whether it works or refuses with %s",
  async (refuse) => {
    await using stage = await secretStage();
    const proxy = await proxyServer(refuse);
    try {
      const address = proxy.url.replace("http://", `http://proxyuser:${SECRETS.proxy}@`);
      const environment = { http_proxy: address, HTTP_PROXY: address, HTTPS_PROXY: address };
      await runAll(stage, QUICK, environment);
      expect(proxy.asked.length).toBeGreaterThan(0);
      expect(proxy.authorizations[0]).toBe(
        `Basic ${Buffer.from(`proxyuser:${SECRETS.proxy}`).toString("base64")}`,
      );
    } finally {
      await proxy.close();
    }
  },
);

test.concurrent("nor by the program as a process, whatever the environment holds", async () => {
  await using stage = await secretStage();
  const declared = await readFile(stage.policies, "utf8");
  await stage.declareText(declared.replaceAll(`"${SECRETS.account}"`, '"${A_PASSWORD}"'));
  const environment = { ...stage.environment, A_PASSWORD: SECRETS.account };
  const ran = await cliProcess(["--log-level", "trace", "reconcile", "--output", "json"], { environment });
  expect(ran.code, ran.text).toBe(0);
  expectNoSecret(ran.text, "the process");
});
