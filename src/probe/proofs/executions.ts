import type { Evidence, ExecutionSeen, Skipped } from "../../cluster/evidence.ts";
import type { NodePort } from "../../harbor/node-port.ts";
import type { Millis } from "../../clock.ts";
import type { ProbeContext } from "../context.ts";
import { answered } from "../answered.ts";
import { makeImage } from "../image.ts";
import { madeEndpoints } from "../make-endpoints.ts";
import { makePolicy, type OwnPolicy } from "../make-policies.ts";
import { isThere, madeId, refusalText, type OwnObject } from "../own-objects.ts";
import { pushImage } from "../push-image.ts";
import { removeRepository } from "../remove-repository.ts";
import { EXECUTIONS, lookAt, type Started } from "./watch-execution.ts";

/** Executions that start at once are all taken by one worker more often. */
const APART_MS = 500;
const LOOK_EVERY_MS = 500;
/** All of it together, from the first start. */
const LONGEST_MS = 60_000;
const LAYER_BYTES = [1024];
const TAG = "probe";

/**
 * Lets the cluster copy an image to itself, inside the probe's project, started by each node in turn. Each node starts the policy over the
 * endpoint that it stored itself, so that a wrong secretkey, which the pings show, does not hide what becomes of the copy. To be called after
 * `provePings`, whose endpoints it uses; for nodes of one database only.
 */
export async function proveExecutions(
  context: ProbeContext,
  signal: AbortSignal,
): Promise<Pick<Evidence, "executions" | "skipped">> {
  // A job that a node without its core runs is never known to have ended, and keeps its policy from ever being deleted (seen on 2.9.0).
  if (context.nodes.length < 2) return nothing("there is no second node to run a job");
  const endpoints = await madeEndpoints(context, signal);
  const [endpoint] = endpoints;
  if (endpoint === undefined) return nothing("there is no endpoint to copy to; see why nothing was pinged");
  const apart = await notShowing(context.nodes, endpoint, signal);
  if (apart.length > 0) return nothing(`${apart.join(", ")} can't see what the others store`);
  const source = `${context.project}/${context.label}-source`;
  const targetNamespace = `${context.project}/${context.label}-copy`;
  const refused = await pushSource(context, source, signal);
  if (refused !== undefined) return nothing(refused);
  const copied = `${targetNamespace}/${context.label}-source`;
  context.cleanup.add(`repository ${copied}`, (time) => removeRepository(context, copied, time));
  const policies: OwnPolicy[] = [];
  const skipped: Skipped[] = [];
  for (const endpoint of endpoints) {
    const made = await makePolicy(context, endpoint, { source, targetNamespace }, signal);
    if ("reason" in made)
      skipped.push({ proof: "execution", nodes: [endpoint.madeBy.name], reason: made.reason });
    else policies.push(made);
  }
  const without = context.nodes.filter((node) => endpoints.every(({ madeBy }) => madeBy !== node));
  for (const { name } of without) {
    const reason = `${name} stored no endpoint to copy to; see why it pinged none`;
    skipped.push({ proof: "execution", nodes: [name], reason });
  }
  return { executions: await runAll(context, policies, signal), skipped };
}

/** The nodes that do not show an object of ours: another database, where one id means two things. */
async function notShowing(
  nodes: readonly NodePort[],
  object: OwnObject,
  signal: AbortSignal,
): Promise<string[]> {
  const shown = await Promise.all(nodes.map((node) => isThere(node, object, signal)));
  return nodes.filter((_, index) => shown[index] !== true).map(({ name }) => name);
}

function nothing(reason: string): Pick<Evidence, "executions" | "skipped"> {
  return { executions: [], skipped: [{ proof: "execution", nodes: [], reason }] };
}

/** Why the image to be copied could not be pushed through any node; undefined when it was, and had time to be seen by all. */
async function pushSource(
  context: ProbeContext,
  repository: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const image = makeImage(context.random, LAYER_BYTES);
  const refusals: string[] = [];
  context.cleanup.add(`repository ${repository}`, (time) => removeRepository(context, repository, time));
  for (const node of context.nodes) {
    const { status, code } = await pushImage(context, { node, repository, tag: TAG }, image, signal);
    if (status === 201) {
      await context.clock.sleep(context.limits.visibleWithinMs, signal);
      return undefined;
    }
    refusals.push(`${node.name}: ${status} ${code}`.trimEnd());
  }
  return `the image to be copied could not be pushed (${refusals.join("; ")})`;
}

async function runAll(
  context: ProbeContext,
  policies: readonly OwnPolicy[],
  signal: AbortSignal,
): Promise<ExecutionSeen[]> {
  const { clock, limits } = context;
  const until = clock.monotonic() + LONGEST_MS;
  const running: Started[] = [];
  const seen: ExecutionSeen[] = [];
  for (let turn = 0; turn < limits.executions; turn++) {
    const policy = policies[turn % policies.length];
    if (policy === undefined || clock.monotonic() > until) break;
    if (turn > 0) await clock.sleep(APART_MS, signal);
    const started = await start(context, policy, signal);
    if ("result" in started) seen.push(started);
    else running.push(started);
  }
  context.tell(`watches ${running.length} executions of its own`);
  seen.push(...(await watchAll(context, running, until, signal)));
  return seen;
}

async function start(
  context: ProbeContext,
  { id, madeBy }: OwnPolicy,
  signal: AbortSignal,
): Promise<Started | ExecutionSeen> {
  await context.beforeWrite();
  const startedAt = context.clock.monotonic();
  const answer = await madeBy.ask(
    {
      method: "POST",
      path: EXECUTIONS,
      as: "account",
      headers: { "Content-Type": "application/json" },
      body: Buffer.from(JSON.stringify({ policy_id: id })),
    },
    signal,
  );
  const made = madeId(answer);
  if (answer.kind === "reply" && answer.status === 201 && made !== undefined) {
    return { id: made, startedBy: madeBy, startedAt };
  }
  const { tookMs } = answered(answer);
  return {
    startedBy: madeBy.name,
    result: "refused",
    ranOn: undefined,
    hasTask: false,
    reason: refusalText(answer),
    tookMs,
  };
}

/** Looks at each until it is over. What is not over in time says nothing. */
async function watchAll(
  { clock, nodes }: { readonly clock: ProbeContext["clock"]; readonly nodes: readonly NodePort[] },
  started: readonly Started[],
  until: Millis,
  signal: AbortSignal,
): Promise<ExecutionSeen[]> {
  const seen: ExecutionSeen[] = [];
  let running = started;
  for (;;) {
    const isLast = clock.monotonic() >= until;
    const open: Started[] = [];
    for (const one of running) {
      const now = await lookAt({ clock, nodes, isLast }, one, signal);
      if (now === undefined) open.push(one);
      else seen.push(now);
    }
    running = open;
    if (running.length === 0) return seen;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}
