import { encoded, type LiveApi, type Row } from "./live-api.ts";
import type { LiveHarbor } from "./live-harbor.ts";
import { until } from "./until.ts";

/** A project whose name is a number, which Harbor's paths take for an id if they can. */
export const NUMERIC_PROJECT = "7700142";

const PROJECTS = /^tidelock-live-/;
/** Topologies of the live suite are called `live-…`. */
const OBJECTS = /^tidelock\.live/;
const USERS = /^tidelock-live-/;
const ROBOTS = /tidelock-live-/;

/** Removes all that the live suite makes in a Harbor, also what an earlier run left behind. By id, since that works everywhere. */
export async function cleanUp(...harbors: readonly LiveHarbor[]): Promise<void> {
  await Promise.all(harbors.map((harbor) => remove(harbor.api)));
}

async function remove(api: LiveApi): Promise<void> {
  for (const policy of await named(api, "/replication/policies", OBJECTS)) {
    const id = Number(policy["id"]);
    await stopExecutions(api, id);
    await gone(api, `/replication/policies/${id}`);
  }
  for (const endpoint of await named(api, "/registries", OBJECTS)) {
    await gone(api, `/registries/${Number(endpoint["id"])}`);
  }
  for (const project of await api.rows("/projects")) {
    const name = String(project["name"]);
    if (PROJECTS.test(name) || name === NUMERIC_PROJECT) await removeProject(api, name, project);
  }
  for (const user of await api.rows("/users")) {
    if (USERS.test(String(user["username"]))) await gone(api, `/users/${Number(user["user_id"])}`);
  }
  const robots = await api.send("GET", "/robots?page_size=100");
  for (const robot of Array.isArray(robots.body) ? (robots.body as Row[]) : []) {
    if (ROBOTS.test(String(robot["name"]))) await gone(api, `/robots/${Number(robot["id"])}`);
  }
}

async function named(api: LiveApi, path: string, pattern: RegExp): Promise<Row[]> {
  return (await api.rows(path)).filter(({ name }) => pattern.test(String(name)));
}

async function stopExecutions(api: LiveApi, policy: number): Promise<void> {
  const running = await api.rows(`/replication/executions?policy_id=${policy}`);
  for (const { id, status } of running) {
    if (status === "InProgress") await api.send("PUT", `/replication/executions/${Number(id)}`);
  }
}

async function removeProject(api: LiveApi, name: string, project: Row): Promise<void> {
  const byName = { "X-Is-Resource-Name": "true" };
  const { body } = await api.send("GET", `/projects/${name}/repositories?page_size=100`, undefined, byName);
  for (const repository of Array.isArray(body) ? (body as Row[]) : []) {
    const inside = String(repository["name"]).slice(name.length + 1);
    await gone(api, `/projects/${name}/repositories/${encoded(inside)}`, byName);
  }
  await gone(api, `/projects/${Number(project["project_id"])}`);
}

/** 412: an execution still runs, or counts as running for up to half a minute after its end. */
async function gone(api: LiveApi, path: string, headers: Record<string, string> = {}): Promise<void> {
  let last = 0;
  await until(
    `DELETE ${path} is not refused any more`,
    async () => {
      last = (await api.send("DELETE", path, undefined, headers)).status;
      return last === 412 ? undefined : true;
    },
    60,
    1000,
  );
  if (last !== 200 && last !== 404) throw new Error(`DELETE ${path} answered ${last}`);
}
