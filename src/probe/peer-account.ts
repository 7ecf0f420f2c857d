import type { NodePort } from "../harbor/node-port.ts";
import { markOf } from "../topology/mark.ts";
import type { Account, Secret } from "../topology/model.ts";
import { isGood, jsonOf, textFieldOf } from "./answered.ts";
import type { ProbeContext } from "./context.ts";
import { PATHS, refusalText } from "./own-objects.ts";
import { removeAtEnd } from "./remove-objects.ts";

/** Whom a cluster logs in to itself as, through the endpoints of a probe. */
export interface PeerAccount {
  readonly account: Account;
  /** A robot made for this probe, that can do nothing outside its project and is gone in a minute. */
  readonly isOwn: boolean;
}

/** Should everything else fail, the robot ends by itself. */
const DAYS = 1;

/**
 * A robot of the probe's project. Harbor locks a person out for a while after a wrong password, which is what a node with a wrong secretkey
 * sends, but never a robot (goharbor/harbor src/core/auth/authenticator.go, src/server/middleware/security/robot.go). Where the account may
 * make none, or Harbor is older than 2.2: the declared account.
 */
export async function makePeerAccount(context: ProbeContext, signal: AbortSignal): Promise<PeerAccount> {
  const { nodes, credentials, account } = context;
  const refusals: string[] = [];
  for (const node of nodes) {
    const made = await postRobot(context, node, signal);
    if ("account" in made) return { account: made.account, isOwn: true };
    refusals.push(`${node.name}: ${made.refused}`);
    if (made.isFinal) break;
  }
  const kind = account.kind === "robot" ? "the declared robot" : "the declared account";
  context.tell(`no robot could be made for the probe (${refusals.join("; ")}); ${kind} is used`);
  return { account: credentials, isOwn: false };
}

async function postRobot(
  context: ProbeContext,
  node: NodePort,
  signal: AbortSignal,
): Promise<{ readonly account: Account } | { readonly refused: string; readonly isFinal: boolean }> {
  const { label, project, installation } = context;
  const removal = removeAtEnd(context, node, "robot", label);
  const allowed = ["pull", "push"].map((action) => ({ resource: "repository", action }));
  const body = {
    name: label,
    description: markOf(installation),
    level: "project",
    duration: DAYS,
    disable: false,
    permissions: [{ kind: "project", namespace: project, access: allowed }],
  };
  await context.beforeWrite();
  const answer = await node.ask(
    {
      method: "POST",
      path: PATHS.robot,
      as: "account",
      headers: { "Content-Type": "application/json" },
      body: Buffer.from(JSON.stringify(body)),
    },
    signal,
  );
  const username = textFieldOf(jsonOf(answer), "name");
  const secret = textFieldOf(jsonOf(answer), "secret");
  if (!isGood(answer) || username === undefined || secret === undefined) {
    const isFinal = answer.kind === "reply" && answer.status < 500;
    if (isFinal && answer.status >= 400) removal.cancel();
    return { refused: refusalText(answer), isFinal };
  }
  context.hide(secret);
  return { account: { username, password: hidden(secret) } };
}

function hidden(text: string): Secret {
  return { reveal: () => text, toJSON: () => "***", toString: () => "***" };
}
