import { byReference } from "./by-reference.ts";
import type { Core } from "./core.ts";
import { deleteArtifact } from "./deletion.ts";
import { restart, type Restart } from "./restart.ts";
import { collectGarbage } from "./garbage.ts";
import { INTERNAL } from "./identity.ts";
import type { Json } from "./json.ts";
import type { Lanes } from "./lanes.ts";
import { projectNamed, nextId, type Permission, repositoryNamed, type ScanResult } from "./state.ts";
import { purgeAudit } from "./audit.ts";
import { snapshotOf } from "./snapshot.ts";
import { sweepAll } from "./sweep.ts";

/** What an operator or a job does to a Harbor, on command. */
export interface SandboxCommands {
  /** Stops and starts it; by default nothing in memory or queue is lost. */
  restart(options?: Restart): void;
  /** Deletes all but the newest artifacts of each repository of a project, as the retention job: events included. */
  runRetention(project: string, keepNewest: number): void;
  /** Removes blobs that nothing names; fires nothing. */
  collectGarbage(): void;
  /** The periodic sweep of executions, right now. */
  sweep(): void;
  /** The job that removes old entries of the audit log, of some operations or all. */
  purgeAudit(retentionHours: number, operations?: readonly string[]): void;
  /** Installs a scanner. Without one no image can be scanned, and none is expected to be. */
  addScanner(): void;
  /** The report of a scan of an image, by tag or digest. */
  scan(repository: string, reference: string, result: ScanResult): void;
  /** Notary signs what a tag stands for now (before 2.9). */
  signInNotary(repository: string, tag: string): void;
  /** Another account. */
  addUser(name: string, password: string, admin?: boolean): void;
  /** A robot of system level; returns its full name. */
  addRobot(name: string, secret: string, permissions: readonly Permission[]): string;
  /** Everything that is kept, in a form that can be compared. */
  snapshot(): Json;
  /** How often a repository was pulled. */
  pullCount(repository: string): number;
  /** When a tag, or an artifact, was pulled last; 0 is never. */
  pulledAt(repository: string, tag: string): number;
}

export function createCommands(core: Core, before: () => void, lanes: Lanes): SandboxCommands {
  const after = <T>(work: () => T): T => {
    before();
    return work();
  };
  return {
    restart: (options = {}) => after(() => restart(core, lanes, options)),
    runRetention: (project, keepNewest) => after(() => runRetention(core, project, keepNewest)),
    collectGarbage: () => after(() => collectGarbage(core)),
    sweep: () => after(() => sweepAll(core)),
    purgeAudit: (hours, operations) => after(() => purgeAudit(core, hours, operations)),
    addScanner: () => {
      core.state.scanner = true;
    },
    scan: (repository, reference, result) =>
      after(() => core.state.scans.set(digestAt(core, repository, reference), result)),
    signInNotary: (repository, tag) => after(() => signInNotary(core, repository, tag)),
    addUser: (name, password, admin = false) => {
      core.state.users.set(name, {
        id: nextId(core.state, "user"),
        name,
        password,
        admin,
        createdAt: core.now(),
      });
    },
    addRobot: (name, secret, permissions) => {
      const id = nextId(core.state, "robot");
      const full = `robot$${name}`;
      core.state.robots.set(id, {
        id,
        name: full,
        description: "",
        secret,
        level: "system",
        disabled: false,
        permissions,
        createdAt: core.now(),
      });
      return full;
    },
    snapshot: () => after(() => snapshotOf(core)),
    pullCount: (repository) => after(() => repositoryNamed(core.state, repository)?.pullCount ?? 0),
    pulledAt: (repository, tag) =>
      after(() => repositoryNamed(core.state, repository)?.tags.get(tag)?.pulledAt ?? 0),
  };
}

function digestAt(core: Core, repository: string, reference: string): string {
  const row = repositoryNamed(core.state, repository);
  const artifact = row === undefined ? undefined : byReference(row, reference);
  if (artifact === undefined) throw new Error(`the sandbox ${core.name} has no ${repository} ${reference}`);
  return artifact.digest;
}

function signInNotary(core: Core, repository: string, tag: string): void {
  const signed = core.state.notary.get(repository) ?? new Map<string, string>();
  core.state.notary.set(repository, signed.set(tag, digestAt(core, repository, tag)));
}

/** Acts as the job service, so that with `deletion` set the deletions replicate. */
function runRetention(core: Core, name: string, keepNewest: number): void {
  const project = projectNamed(core.state, name);
  if (project === undefined) return;
  if (!project.metadata.has("retention_id")) {
    project.metadata.set("retention_id", String(nextId(core.state, "retention")));
  }
  for (const repository of project.repositories.values()) {
    const tagged = [...repository.artifacts.values()].filter((one) => one.tags.size > 0);
    const oldest = tagged
      .sort((left, right) => left.id - right.id)
      .slice(0, Math.max(0, tagged.length - keepNewest));
    for (const artifact of oldest) deleteArtifact(core, project, repository, artifact, INTERNAL);
  }
}
