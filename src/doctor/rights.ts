import type { ProjectRight, SystemRight } from "../observed/model.ts";
import type { AccountKind } from "./model.ts";
import type { Role } from "./roles.ts";

/** What a token of the registry may allow in a repository. */
export type ContentRight = "repository:pull" | "repository:push" | "repository:delete";

/** How a right is found out: on the whole Harbor, in one project, by a token, or by what the audit log shows. */
type Tried =
  | { readonly on: "system"; readonly right: SystemRight }
  | { readonly on: "project"; readonly right: ProjectRight }
  | { readonly on: "content"; readonly right: ContentRight }
  | { readonly on: "audit"; readonly right: "audit-log:list" };

/** A right that an account should have, and what for. */
export type NeededRight = Tried & {
  /** Without it something that is declared can't be done; otherwise something works less well. */
  readonly must: boolean;
  readonly purpose: string;
};

type Level = "must" | "should" | "no";
type Row = readonly [tried: Tried, level: (role: Role) => Level, purpose: string];

const system = (right: SystemRight): Tried => ({ on: "system", right });
const project = (right: ProjectRight): Tried => ({ on: "project", right });
const content = (right: ContentRight): Tried => ({ on: "content", right });

const always = (): Level => "must";
const helpful = (): Level => "should";
const ofSource = (role: Role): Level => (role.isSource ? "must" : "no");
const ofActingSource = (role: Role): Level => (role.isSource && role.acts ? "must" : "no");
const ofTarget = (role: Role): Level => (role.isTarget ? "should" : "no");

/** What Tidelock's own account needs. */
const OWN: readonly Row[] = [
  [system("registry:list"), always, "seeing the endpoints"],
  [system("replication-policy:list"), always, "seeing the replication policies"],
  [system("registry:read"), ofSource, "pinging peers from inside"],
  [system("replication-policy:read"), ofSource, "reading a replication policy"],
  [system("replication:list"), ofSource, "listing executions and their tasks"],
  [system("replication:read"), ofSource, "watching an execution"],
  [system("registry:create"), ofActingSource, "creating endpoints"],
  [system("registry:update"), ofActingSource, "changing endpoints"],
  [system("registry:delete"), ofActingSource, "removing endpoints"],
  [system("replication-policy:create"), ofActingSource, "creating replication policies"],
  [system("replication-policy:update"), ofActingSource, "changing replication policies"],
  [system("replication-policy:delete"), ofActingSource, "removing replication policies"],
  [system("replication:create"), ofActingSource, "starting and stopping executions"],
  [
    { on: "audit", right: "audit-log:list" },
    (role) => (role.needsAudit ? "must" : "should"),
    "telling who wrote what",
  ],
  [system("quota:list"), ofTarget, "seeing whether there is room before copying"],
  [project("project:read"), helpful, "reading a project that is not listed"],
  [project("repository:list"), always, "listing repositories"],
  [project("artifact:list"), always, "listing tags"],
  [project("artifact:read"), always, "reading a tag singly before anything is done about it"],
  [project("immutable-tag:list"), ofTarget, "seeing which tags can't be overwritten"],
  [
    project("tag:create"),
    (role) => (role.rescues ? "must" : role.acts ? "should" : "no"),
    "keeping a tag under another name before it is overwritten",
  ],
  [
    project("tag:delete"),
    (role) => (role.replaysDeletions ? "must" : role.acts ? "should" : "no"),
    "replaying deletions, removing what was kept",
  ],
  [content("repository:pull"), always, "reading manifests"],
  [
    content("repository:push"),
    (role) => (role.acts ? "should" : "no"),
    "healing single tags, putting lost bytes back",
  ],
];

/** What the account needs that the other registries write with. */
const REPLICATION: readonly Row[] = [
  [content("repository:pull"), ofReplication, "looking what is there already"],
  [content("repository:push"), ofReplication, "copying to here"],
  [system("project:create"), ofReplication, "creating projects that are not there yet"],
  [content("repository:delete"), ofReplicatedDeletion, "replicating deletions of artifacts"],
  [project("tag:delete"), ofReplicatedDeletion, "replicating deletions of tags"],
];

/** The rights that an account of a registry needs in its role, those on the whole Harbor first. */
export function neededRights(role: Role, account: AccountKind): NeededRight[] {
  if (role.topologies.length === 0) return [];
  return (account === "account" ? OWN : REPLICATION).flatMap(([tried, level, purpose]) => {
    const needed = level(role);
    return needed === "no" ? [] : [{ ...tried, must: needed === "must", purpose }];
  });
}

/** Whether trying it is a write in Harbor's eyes, which it refuses to everybody while it is read-only. */
export function isTriedByWriting(right: NeededRight): boolean {
  if (right.on === "content" || right.on === "audit") return false;
  return /:(create|update|delete)$/.test(right.right) || right.right === "registry:read";
}

function ofReplication(role: Role): Level {
  return role.isTarget ? "must" : "no";
}

function ofReplicatedDeletion(role: Role): Level {
  return role.receivesDeletions ? "must" : "no";
}
