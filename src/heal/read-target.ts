import { toAppError, type AppError } from "../errors.ts";
import type { TargetFacts } from "../failback/preconditions.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Identity, Project } from "../observed/model.ts";

/** What was read of a target's project, and what could not be, each as the thing that was asked for. */
export interface TargetReading {
  readonly facts: TargetFacts;
  readonly unread: readonly { readonly what: string; readonly error: AppError }[];
}

/** Reads all that decides whether a project of a target can take copies. What can't be read is left out. */
export async function readTarget(
  target: HarborPort,
  project: string,
  signal: AbortSignal,
): Promise<TargetReading> {
  const unread: { what: string; error: AppError }[] = [];
  const attempt = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (thrown) {
      signal.throwIfAborted();
      unread.push({ what, error: toAppError(thrown) });
      return undefined;
    }
  };
  const identity = await target.identify({ signal });
  const found = await attempt("whether a project is there", async () => ({
    project: await target.project(project, signal),
  }));
  const rules =
    found?.project === undefined ? undefined : await readRules(target, found.project, attempt, signal);
  return {
    facts: {
      registry: target.registry.name,
      project,
      exists: found === undefined ? "unknown" : found.project === undefined ? "no" : "yes",
      creatable: mayCreate(target, identity),
      proxyCache: (found?.project?.proxyEndpointId ?? 0) !== 0,
      readOnly: identity.readOnly,
      immutableRules: [],
      ...rules,
    },
    unread,
  };
}

type Attempt = <T>(what: string, read: () => Promise<T>) => Promise<T | undefined>;

async function readRules(
  target: HarborPort,
  { id, name, retentionId }: Project,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Pick<TargetFacts, "immutableRules" | "quota" | "retention">> {
  const [quota, immutableRules, retention] = await Promise.all([
    attempt("quotas", () => target.quota(id, signal)),
    attempt("immutable tag rules", () => target.immutableRules(name, signal)),
    retentionId === undefined
      ? undefined
      : attempt("tag retention", () => target.retention(retentionId, signal)),
  ]);
  // A limit of -1 is none.
  const isLimited = quota !== undefined && quota.limitBytes >= 0;
  return {
    immutableRules: immutableRules ?? [],
    ...(isLimited ? { quota } : {}),
    ...(retention === undefined ? {} : { retention }),
  };
}

/**
 * Whether what the other registries log in with may create projects there. Where Harbor lets everybody, robots may too (seen on 2.7.3, 2.9.0 and
 * 2.14.4); where it does not, nobody but an administrator, or a robot that was given the right, which can't be asked for.
 */
function mayCreate({ registry }: HarborPort, identity: Identity): TargetFacts["creatable"] {
  if (identity.restrictsProjects !== true) return "yes";
  if (registry.replicationAccount.username !== registry.account.username) return "unknown";
  if (identity.administrator) return "yes";
  return identity.robot ? "unknown" : "no";
}
