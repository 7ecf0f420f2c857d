import { isHealPolicyName } from "../../src/desired/names.ts";
import type { Request } from "../../src/sandbox/exchange.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { startCli } from "./killable-cli.ts";
import type { Ran } from "./run-cli.ts";
import { cliStage, type Stage } from "./run-cli-stage.ts";

/** What a run that is killed was about, and what every end of it must show. */
export interface Story {
  readonly name: string;
  readonly argv: readonly string[];
  /** Up to the moment before the run. */
  prepare(stage: Stage): Promise<void>;
}

/** The same content in every story, so that ends can be compared. */
function push(sandbox: Sandbox, repository: string, tag: string, seed: string): void {
  sandbox.push(`library/${repository}`, tag, { seed });
}

async function inStep(stage: Stage): Promise<void> {
  await stage.cli("reconcile");
  for (const tag of ["1.0", "latest", "nightly"]) push(stage.a, "app", tag, tag);
  push(stage.a, "tool", "1.0", "tool");
  await stage.quiet();
  await stage.cli("diff");
}

export const STORIES: readonly Story[] = [
  {
    name: "scoped",
    argv: ["reconcile"],
    prepare: async (stage) => {
      await inStep(stage);
      await stage.outage(() => {
        push(stage.b, "app", "1.1", "new");
        push(stage.b, "app", "latest", "moved");
        push(stage.b, "tool", "2.0", "new tool");
        stage.b.deleteTag("library/app", "nightly");
      });
    },
  },
  {
    name: "toggle",
    argv: ["reconcile", "--remedy", "toggle"],
    prepare: async (stage) => {
      await inStep(stage);
      await stage.outage(() => {
        push(stage.b, "app", "1.1", "new");
        push(stage.b, "app", "latest", "moved");
        push(stage.b, "tool", "2.0", "new tool");
      });
    },
  },
  {
    name: "first configuration",
    argv: ["reconcile"],
    prepare: (stage) => {
      push(stage.a, "app", "1.0", "of a");
      push(stage.b, "app", "2.0", "of b");
      push(stage.b, "tool", "1.0", "of b too");
      return Promise.resolve();
    },
  },
];

/** When to kill: at the n-th request, or at the n-th that writes; `applied` tells whether that one still took effect. */
export interface Kill {
  readonly story: Story;
  readonly profile: "2.1" | "2.7" | "2.9" | "2.12" | "2.14" | "2.16";
  readonly counted: "requests" | "writes";
  readonly at: number;
  readonly applied: boolean;
}

export interface Outcome {
  readonly kill: Kill;
  /** The run was killed; false when it ended before it came so far. */
  readonly killed: boolean;
  /** The next run of the same command line. */
  readonly next: Ran;
  /** `repository:tag` → digest on both sides, after everything ended. */
  readonly ends: readonly [Tags, Tags];
  /** Replication policies on either side that are switched off, or temporary. */
  readonly switchedOff: readonly string[];
  readonly temporary: readonly string[];
}

export type Tags = Readonly<Record<string, string>>;

/** Prepares the story, kills a run of it exactly there, and runs it again. */
export async function killAndRunAgain(kill: Kill): Promise<Outcome> {
  await using stage = await cliStage({ profile: kill.profile });
  await kill.story.prepare(stage);
  const child = startCli(kill.story.argv, { environment: stage.environment });
  const stop = countDown(stage, kill, () => child.process.kill("SIGKILL"));
  const { signal } = await child.ended;
  stop();
  const next = await stage.cli(...kill.story.argv);
  await stage.quiet();
  const policies = [...policiesOf(stage.a), ...policiesOf(stage.b)];
  return {
    kill,
    killed: signal === "SIGKILL",
    next,
    ends: [tagsOf(stage.a), tagsOf(stage.b)],
    switchedOff: policies.filter(({ enabled }) => !enabled).map(({ name }) => name),
    temporary: policies.map(({ name }) => name).filter(isHealPolicyName),
  };
}

/** How a run of the story ends that nobody kills, and how long it is. */
export async function unkilled(
  story: Story,
  profile: Kill["profile"],
): Promise<{ readonly ends: readonly [Tags, Tags]; readonly requests: number; readonly writes: number }> {
  await using stage = await cliStage({ profile });
  await story.prepare(stage);
  for (const sandbox of [stage.a, stage.b]) sandbox.requests.clear();
  await stage.cli(...story.argv);
  await stage.quiet();
  const count = (what: (sandbox: Sandbox) => number): number => what(stage.a) + what(stage.b);
  return {
    ends: [tagsOf(stage.a), tagsOf(stage.b)],
    requests: count(({ requests }) => requests.total()),
    writes: count(({ requests }) => requests.writes()),
  };
}

function countDown(stage: Stage, { counted, at, applied }: Kill, strike: () => void): () => void {
  let seen = 0;
  const watch = (sandbox: Sandbox): (() => void) =>
    sandbox.onRequest((request) => {
      if (!request.path.startsWith("/api/") || (counted === "writes" && !isWrite(request))) return;
      seen += 1;
      if (seen !== at) return;
      strike();
      if (!applied) sandbox.faults.reset({ applied: false, times: 1, from: "client" });
    });
  const ends = [watch(stage.a), watch(stage.b)];
  return () => ends.forEach((end) => end());
}

function isWrite({ method, path }: Request): boolean {
  return method !== "GET" && method !== "HEAD" && !path.endsWith("/registries/ping");
}

interface PolicyJson {
  readonly name: string;
  readonly enabled: boolean;
}

/** As anybody sees them who asks the API. */
export function policiesOf(sandbox: Sandbox): PolicyJson[] {
  const authorization = `Basic ${Buffer.from(`admin:${sandbox.adminPassword}`).toString("base64")}`;
  const delivery = sandbox.receive({
    method: "GET",
    path: "/api/v2.0/replication/policies",
    query: "page_size=100",
    headers: { authorization },
    body: Buffer.alloc(0),
  });
  if (delivery.kind !== "answer") throw new Error("the sandbox does not answer");
  const policies = JSON.parse(delivery.response.body.toString()) as { name: string; enabled?: boolean }[];
  return policies.map(({ name, enabled }) => ({ name, enabled: enabled === true }));
}

export function tagsOf(sandbox: Sandbox): Tags {
  const tags = [...sandbox.tags()].flatMap(([repository, byTag]) =>
    [...byTag].map(([tag, digest]): [string, string] => [`${repository}:${tag}`, digest]),
  );
  return Object.fromEntries(tags.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
