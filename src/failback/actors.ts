import type { Actor } from "../parity/model.ts";
import type { Registry } from "../topology/model.ts";
import type { AuditFact } from "./audit-fact.ts";

/**
 * Harbor's own jobs act under this name: retention, which only deletes, and replication that pulls, which only pushes
 * (goharbor/harbor src/common/secret; semantics of jobs in src/jobservice/job/impl).
 */
const JOB_SERVICE = "harbor-jobservice";
/** The account that every Harbor is installed with, and that people use. */
const ADMINISTRATOR = "admin";

/** The accounts that are declared for a registry. */
export interface Accounts {
  /** Ours. */
  readonly account: string;
  /** What the other registries log in with. */
  readonly replication: string;
}

export function accountsOf({ account, replicationAccount }: Registry): Accounts {
  return { account: account.username, replication: replicationAccount.username };
}

/**
 * Who did something. What replication does under an account that people or we use too can't be told from what they do: then it is `unknown`, and
 * counts as nobody's will.
 */
export function actorOf({ act, username }: Pick<AuditFact, "act" | "username">, accounts: Accounts): Actor {
  if (username === JOB_SERVICE) return act === "push" ? "replication" : "retention";
  if (username === "" || username === "anonymous") return "unknown";
  if (isSame(username, accounts.replication)) return isShared(accounts) ? "unknown" : "replication";
  return isSame(username, accounts.account) ? "tidelock" : "person";
}

/** Whether what replication does can't be told from what others do. */
export function isShared({ account, replication }: Accounts): boolean {
  return isSame(account, replication) || replication === ADMINISTRATOR;
}

/**
 * Harbor prints a robot with its prefix, `robot$name` (goharbor/harbor src/pkg/config, robot_name_prefix); it may be declared without. That a
 * person has the name of a robot does no harm: what it does counts less.
 */
function isSame(one: string, other: string): boolean {
  return one === other || bare(one) === bare(other);
}

function bare(username: string): string {
  return username.replace(/^[^$]*\$/, "");
}
