import type { Core } from "./core.ts";
import { publish } from "./events.ts";
import { badRequest, conflict } from "./exchange.ts";
import { nextId, projectNamed, type ProjectRow } from "./state.ts";

const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

export interface NewProject {
  readonly name: string;
  readonly public: boolean;
  readonly owner: string;
  readonly proxyOf?: number | undefined;
  readonly quotaBytes?: number | undefined;
  readonly metadata?: ReadonlyMap<string, string> | undefined;
  /** Now, unless it was here from the first day. */
  readonly createdAt?: number | undefined;
}

export function createProject(core: Core, wanted: NewProject): ProjectRow {
  if (!NAME.test(wanted.name) || wanted.name.length > 255) {
    throw badRequest("project name is not in lower case or contains illegal characters");
  }
  if (projectNamed(core.state, wanted.name) !== undefined) {
    throw conflict(`The project named ${wanted.name} already exists`);
  }
  const now = wanted.createdAt ?? core.now();
  const project: ProjectRow = {
    id: nextId(core.state, "project"),
    name: wanted.name,
    ownerName: wanted.owner,
    createdAt: now,
    updatedAt: now,
    public: wanted.public,
    metadata: new Map(wanted.metadata ?? []),
    proxyOf: wanted.proxyOf,
    quotaBytes: wanted.quotaBytes ?? -1,
    repositories: new Map(),
    artifacts: [],
    immutableRules: [],
  };
  core.state.projects.set(project.id, project);
  core.state.projectIds.set(project.name, project.id);
  core.state.revision++;
  // the first project is part of the installation, nobody made it
  if (project.id > 1) publish(core, eventOf(project, "create-project", wanted.owner));
  return project;
}

export function removeProject(core: Core, project: ProjectRow, operator: string): void {
  core.state.projects.delete(project.id);
  core.state.projectIds.delete(project.name);
  core.state.revision++;
  publish(core, eventOf(project, "delete-project", operator));
}

function eventOf(
  project: ProjectRow,
  kind: "create-project" | "delete-project",
  operator: string,
): Parameters<typeof publish>[1] {
  return {
    kind,
    projectId: project.id,
    project: project.name,
    repository: "",
    digest: "",
    tags: [],
    labels: [],
    operator,
  };
}
