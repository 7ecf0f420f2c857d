import type { AccountSeen } from "../cluster/evidence.ts";
import { toAppError } from "../errors.ts";
import type { NodePort } from "../harbor/node-port.ts";
import { seeAccount } from "../probe/account.ts";
import { answered, jsonOf, textFieldOf } from "../probe/answered.ts";
import { readProject } from "../probe/read-project.ts";
import type { SharedStorageTopology } from "../topology/model.ts";
import { probeAdvice } from "./cluster-robot.ts";
import { checkUrl } from "./connection.ts";
import type { Check, Diagnosis } from "./model.ts";
import { tryProbeRights } from "./try-probe-rights.ts";

export interface ReachedCluster {
  readonly nodes: readonly NodePort[];
  readonly front: NodePort | undefined;
}

/**
 * Looks at a cluster: whether each node and the front answer, and whether the account may do what probes do, tried through the first node that
 * answers, since rights stand in the database that all of them share. Changes nothing. Rejects only when the signal was aborted.
 */
export async function examineCluster(
  topology: SharedStorageTopology,
  { nodes, front }: ReachedCluster,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const ports = [...nodes, ...(front === undefined ? [] : [front])];
  const reached = await Promise.all(ports.map((port) => reach(topology, port, signal)));
  const checks = reached.flatMap((one) => one.checks);
  const awake = nodes.filter((_, at) => reached[at]?.answers === true);
  const entered = await enter(topology, awake, signal);
  if ("refused" in entered) return { checks: [...checks, ...entered.refused], advice: [] };
  const { node, account } = entered;
  const username = topology.account.username;
  const project = await lookAtProject(topology, node, account, signal);
  const trial = { topology: topology.name, node, username, project: project.name };
  const tried = await tryProbeRights(trial, signal);
  const rights = [project.check, ...tried];
  const lacks = rights.some(({ state }) => state === "fault" || state === "warning");
  const version = lacks ? await versionOf(node, signal) : undefined;
  return {
    checks: [...checks, entered.check, ...rights, sessionCheck(topology, account)],
    advice: lacks ? [probeAdvice(topology.name, topology.probe.project, version)] : [],
  };
}

/** Its answer is a plain text, and releases before 2.10 insist on that. */
const PING = { method: "GET", path: "/api/v2.0/ping", headers: { Accept: "*/*" } } as const;

async function reach(
  topology: SharedStorageTopology,
  port: NodePort,
  signal: AbortSignal,
): Promise<{ readonly answers: boolean; readonly checks: readonly Check[] }> {
  const about = { registry: topology.name, subject: port.name };
  const seen = answered(await port.ask({ ...PING, as: "nobody", timeoutMs: 5_000 }, signal));
  if (seen.status === 200) {
    const transport = checkUrl(topology.name, { ...topology, url: port.url });
    const open = transport.state === "ok" ? [] : [{ ...transport, subject: `${port.name}, transport` }];
    return { answers: true, checks: [{ ...about, state: "ok", text: `${port.url} answers` }, ...open] };
  }
  const said = seen.status === 0 ? seen.text : `it answers ${seen.status} ${seen.text}`.trim();
  const check: Check = {
    ...about,
    state: "fault",
    text: `${port.url} can't be used: ${said}`,
    hint: "look whether it runs, and whether address, host and caFile are right",
  };
  return { answers: seen.status !== 0, checks: [check] };
}

type Entered =
  | { readonly node: NodePort; readonly account: AccountSeen; readonly check: Check }
  | { readonly refused: readonly Check[] };

async function enter(
  { name, account: { username } }: SharedStorageTopology,
  awake: readonly NodePort[],
  signal: AbortSignal,
): Promise<Entered> {
  const about = { registry: name, account: username, subject: "account" };
  const [node] = awake;
  if (node === undefined) {
    return { refused: [{ ...about, state: "not-tried", text: "not tried: no node answers" }] };
  }
  try {
    const account = await seeAccount(awake, signal);
    const kind = account.kind === "robot" ? "a robot" : account.admin ? "an administrator" : "a user";
    return {
      node,
      account,
      check: { ...about, state: "ok", text: `the cluster lets ${username} in, ${kind}` },
    };
  } catch (thrown) {
    signal.throwIfAborted();
    const { message, hint } = toAppError(thrown);
    const told = { ...about, state: "fault" as const, text: message };
    return { refused: [hint === undefined ? told : { ...told, hint }] };
  }
}

/** The project of probes has to be private, ours, and able to take pushes. */
async function lookAtProject(
  { name, probe: { project } }: SharedStorageTopology,
  node: NodePort,
  { admin }: AccountSeen,
  signal: AbortSignal,
): Promise<{ readonly check: Check; readonly name: string | undefined }> {
  const about = { registry: name, subject: "project" };
  const seen = await readProject(node, project, signal);
  if (seen === "absent" || seen === undefined) {
    const check: Check = admin
      ? { ...about, state: "ok", text: `${project} is not there yet: the first probe makes it` }
      : {
          ...about,
          state: "fault",
          text: `${project} is not there, or the account has no rights in it`,
          hint: `create the private project ${project} as an administrator, and give the account rights in it`,
        };
    return { check, name: undefined };
  }
  const wrong = seen.isPublic ? "is public" : seen.isProxy ? "is a cache of another registry" : undefined;
  if (wrong === undefined)
    return { check: { ...about, state: "ok", text: `${project} is private` }, name: project };
  return {
    check: {
      ...about,
      state: "fault",
      text: `${project} ${wrong}, so that nothing is probed in it`,
      hint: "make it private, or name another one under probe.project",
    },
    name: project,
  };
}

/** That Redis is shared shows in sessions, which only people have. */
function sessionCheck({ name }: SharedStorageTopology, { kind }: AccountSeen): Check {
  const about = { registry: name, subject: "sessions" };
  if (kind === "person") return { ...about, state: "ok", text: "a person's account: sessions can be tried" };
  return {
    ...about,
    state: "not-tried",
    text: "a robot has no sessions: a Redis of its own (redis) is told by the executions of a full probe alone",
  };
}

async function versionOf(node: NodePort, signal: AbortSignal): Promise<string | undefined> {
  const answer = await node.ask({ method: "GET", path: "/api/v2.0/systeminfo", as: "account" }, signal);
  return textFieldOf(jsonOf(answer), "harbor_version");
}
