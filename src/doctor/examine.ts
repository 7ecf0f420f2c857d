import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Identity, Project } from "../observed/model.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import { isReplicated } from "../topology/flows.ts";
import type { Account, Declared, RegistryName } from "../topology/model.ts";
import { chooseProject } from "./choose-project.ts";
import { checkClock, checkClocksOf } from "./clocks.ts";
import { checkConnection, checkRefused } from "./connection.ts";
import type { AccountKind, Advice, Check, Diagnosis } from "./model.ts";
import { tryPeers } from "./peers.ts";
import { neededRights } from "./rights.ts";
import { adviceFor } from "./robots.ts";
import { rolesOf, type Role } from "./roles.ts";
import { checkTogether } from "./together.ts";
import { tryRights, UNSEEN_PROJECTS } from "./try-rights.ts";

/** The two sides of a registry as one account sees them. */
export interface Login {
  readonly harbor: HarborPort;
  readonly distribution: RegistryV2Port;
}

export interface ExamineDeps {
  readonly declared: Declared;
  readonly installation: string;
  loginAs(name: RegistryName, account: Account): Login;
}

/** A registry that let our own account in, or not. */
interface Examined {
  readonly role: Role;
  readonly checks: readonly Check[];
  readonly advice: readonly Advice[];
  /** Undefined where it did not let us in. */
  readonly entered: { readonly login: Login; readonly identity: Identity } | undefined;
}

/**
 * Looks at every declared registry: whether it lets us in, which rights our accounts have, what its clock says, and whether it reaches its
 * peers. Changes nothing anywhere. A registry that fails stops no other; rejects only when the signal was aborted.
 */
export async function examine(deps: ExamineDeps, signal: AbortSignal): Promise<Diagnosis> {
  const roles = rolesOf(deps.declared);
  const examined = await Promise.all(roles.map((role) => examineOne(deps, role, signal)));
  const checks: Check[] = [];
  for (const { role, checks: own, entered } of examined) {
    checks.push(...own);
    if (entered !== undefined && role.peers.length > 0) {
      checks.push(...(await tryPeers(entered.login.harbor, role.peers, deps.installation, signal)));
    }
  }
  const offsets = new Map(
    examined.flatMap(({ role, entered }): [RegistryName, number][] =>
      entered?.identity.clockOffsetMs === undefined
        ? []
        : [[role.registry.name, entered.identity.clockOffsetMs]],
    ),
  );
  const apart = deps.declared.topologies
    .filter(isReplicated)
    .flatMap((topology) => checkClocksOf(topology, offsets));
  const ports = new Map(
    examined.flatMap(({ role, entered }): [RegistryName, HarborPort][] =>
      entered === undefined ? [] : [[role.registry.name, entered.login.harbor]],
    ),
  );
  const together = await checkTogether(deps.declared, ports, signal);
  return { checks: [...checks, ...apart, ...together], advice: examined.flatMap(({ advice }) => advice) };
}

async function examineOne(deps: ExamineDeps, role: Role, signal: AbortSignal): Promise<Examined> {
  const { registry } = role;
  const login = deps.loginAs(registry.name, registry.account);
  const identity = await enter(login, signal);
  if ("error" in identity) {
    const checks = checkRefused(registry, registry.account.username, identity.error);
    return { role, checks, advice: [], entered: undefined };
  }
  const project = (await seenProject(login, role, signal)) ?? (await seenByOthers(deps, role, signal));
  const own = await tryAccount({ role, kind: "account", login, identity, project }, signal);
  const others = await tryReplicationAccount(deps, role, project, signal);
  return {
    role,
    checks: [
      ...checkConnection(registry, identity),
      checkClock(registry.name, identity.clockOffsetMs),
      ...own.checks,
      ...checkShared(role),
      ...others.checks,
    ],
    advice: [...own.advice, ...others.advice],
    entered: { login, identity },
  };
}

async function enter(
  { harbor }: Login,
  signal: AbortSignal,
): Promise<Identity | { readonly error: ReturnType<typeof toAppError> }> {
  try {
    return await harbor.identify({ again: true, signal });
  } catch (thrown) {
    signal.throwIfAborted();
    return { error: toAppError(thrown) };
  }
}

async function seenProject({ harbor }: Login, role: Role, signal: AbortSignal): Promise<Project | undefined> {
  try {
    return await chooseProject(harbor, role.selections, signal);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** What our own account does not see the replication account may. */
async function seenByOthers(
  deps: ExamineDeps,
  role: Role,
  signal: AbortSignal,
): Promise<Project | undefined> {
  const { registry } = role;
  if (!role.isTarget) return undefined;
  return await seenProject(deps.loginAs(registry.name, registry.replicationAccount), role, signal);
}

interface Trial {
  readonly role: Role;
  readonly kind: AccountKind;
  readonly login: Login;
  readonly identity: Identity;
  readonly project: Project | undefined;
}

/** Tries an account's rights; where some lack, says how it gets them. */
async function tryAccount(trial: Trial, signal: AbortSignal): Promise<Diagnosis> {
  const { role, kind, login, identity, project } = trial;
  const rights = neededRights(role, kind);
  const tried = { ...login, identity, project, needsAudit: role.needsAudit };
  const checks = await tryRights(tried, rights, signal);
  const about = new Set<string>([...rights.map(({ right }) => right), UNSEEN_PROJECTS]);
  const lacks = checks.some(({ state, subject }) => isLacking(state) && about.has(subject));
  return {
    checks,
    advice: lacks ? [adviceFor(role.registry.name, kind, rights, identity.version)] : [],
  };
}

function isLacking(state: Check["state"]): boolean {
  return state === "fault" || state === "warning";
}

/** What the other registries write to this one with. */
async function tryReplicationAccount(
  deps: ExamineDeps,
  role: Role,
  project: Project | undefined,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { registry } = role;
  if (!role.isTarget) return { checks: [], advice: [] };
  const login = deps.loginAs(registry.name, registry.replicationAccount);
  const identity = await enter(login, signal);
  if ("error" in identity) {
    const checks = checkRefused(registry, registry.replicationAccount.username, identity.error);
    return { checks, advice: [] };
  }
  return await tryAccount({ role, kind: "replicationAccount", login, identity, project }, signal);
}

/** People, Tidelock and replication behind one name can't be told apart in the audit log. */
function checkShared({ registry, isTarget, needsAudit }: Role): Check[] {
  const { account, replicationAccount, name } = registry;
  if (!isTarget) return [];
  const about = { registry: name, account: replicationAccount.username, subject: "accounts" };
  if (account.username !== replicationAccount.username) {
    return [
      {
        ...about,
        state: "ok",
        text: `the others write as ${replicationAccount.username}, Tidelock as ${account.username}`,
      },
    ];
  }
  return [
    {
      ...about,
      state: "warning",
      text: `the others write as ${account.username}, as Tidelock does: the audit log can't tell ${needsAudit ? "replication from people, and healing depends on that here" : "them apart"}`,
      hint: "declare a replicationAccount of its own, best a robot",
    },
  ];
}
