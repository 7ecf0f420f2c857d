import { encoded, type Row } from "./live-api.ts";
import type { LiveHarbor } from "./live-harbor.ts";

/** Everything in a Harbor that a write of ours could change, for one topology and its projects. */
export interface Snapshot {
  readonly policies: readonly unknown[];
  readonly endpoints: readonly unknown[];
  readonly executions: readonly unknown[];
  readonly artifacts: readonly unknown[];
}

export async function snapshotOf(
  { api }: LiveHarbor,
  topology: string,
  projects: readonly string[],
): Promise<Snapshot> {
  const prefix = `tidelock.${topology}.`;
  const ours = (row: Row): boolean => String(row["name"]).startsWith(prefix);
  const policies = (await api.rows("/replication/policies")).filter(ours);
  const executions = await Promise.all(
    policies.map(({ id }) => api.rows(`/replication/executions?policy_id=${Number(id)}`)),
  );
  const artifacts = await Promise.all(projects.map((project) => artifactsOf(api, project)));
  return {
    policies: byId(policies),
    endpoints: byId((await api.rows("/registries")).filter(ours)),
    executions: byId(executions.flat().map(({ id, policy_id }) => ({ id, policy_id }))),
    artifacts: artifacts.flat(),
  };
}

/** Repository, digest, and each tag with its times; with what Harbor counts as pulls. */
export async function artifactsOf(api: LiveHarbor["api"], project: string): Promise<unknown[]> {
  const repositories = await api.rows(`/projects/${project}/repositories`);
  const rows = await Promise.all(
    repositories.map(async ({ name, pull_count }) => {
      const inside = String(name).slice(project.length + 1);
      const path = `/projects/${project}/repositories/${encoded(inside)}/artifacts?with_tag=true`;
      const artifacts = await api.rows(path);
      return { name, pulls: pull_count ?? 0, artifacts: byId(artifacts).map(essence) };
    }),
  );
  return rows.toSorted((x, y) => String(x.name).localeCompare(String(y.name)));
}

function essence({ digest, push_time, pull_time, tags }: Row): Row {
  const named = (tags ?? []) as Row[];
  return {
    digest,
    push_time,
    pull_time,
    tags: byId(named).map((tag) => ({
      name: tag["name"],
      pushed: tag["push_time"],
      pulled: tag["pull_time"],
    })),
  };
}

function byId<T extends Row>(rows: readonly T[]): T[] {
  return rows.toSorted((x, y) => Number(x["id"]) - Number(y["id"]));
}
