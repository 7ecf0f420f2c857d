import type { AccountSeen } from "../cluster/evidence.ts";
import { AppError } from "../errors.ts";
import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { answered, fieldOf, isGood, jsonOf, textFieldOf } from "./answered.ts";

/**
 * What kind of account the probe has, by the first node that takes it. How robots are named is a setting of each Harbor, so Harbor is
 * asked: to a robot it says 412 (goharbor/harbor src/server/v2.0/handler/user.go). Rejects with `HARBOR_UNAUTHORIZED` when no node
 * takes it.
 */
export async function seeAccount(nodes: readonly NodePort[], signal: AbortSignal): Promise<AccountSeen> {
  const refusals: string[] = [];
  for (const node of nodes) {
    const answer = await node.ask({ method: "GET", path: "/api/v2.0/users/current", as: "account" }, signal);
    const seen = accountIn(answer);
    if (seen !== undefined) return seen;
    refusals.push(`${node.name}: ${saidBy(answer)}`);
  }
  throw new AppError(
    "HARBOR_UNAUTHORIZED",
    `proving the account of the probe failed: no node takes it (${refusals.join("; ")})`,
    {
      hint: "check username and password of the cluster's account, of a robot the whole name with its prefix",
    },
  );
}

function accountIn(answer: NodeAnswer): AccountSeen | undefined {
  if (isGood(answer)) {
    const user = jsonOf(answer);
    if (textFieldOf(user, "username") === undefined) return undefined;
    const isAdmin = fieldOf(user, "sysadmin_flag") === true || fieldOf(user, "admin_role_in_auth") === true;
    return { kind: "person", admin: isAdmin };
  }
  const { status, text } = answered(answer);
  return status === 412 && text.includes("robot") ? { kind: "robot", admin: false } : undefined;
}

function saidBy(answer: NodeAnswer): string {
  const { status, text } = answered(answer);
  return status === 0 ? text : `${status}${text === "" ? "" : ` ${text}`}`;
}
