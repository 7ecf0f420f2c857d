import type { FaultName } from "../cluster/faults.ts";
import type { NodeRequest } from "../harbor/node-port.ts";

/** A right that probes need. */
export interface ProbeRight {
  /** In Harbor's own words. */
  readonly right: string;
  readonly on: "system" | "project";
  readonly purpose: string;
  /** What can't be told without it; empty: only cleaning up suffers. */
  readonly proves: readonly FaultName[];
  /** A request that changes nothing: 403 without the right, 400 or 404 with it. Undefined: a token of the registry says so. */
  readonly wish: ((project: string) => Wish) | undefined;
}

type Wish = Pick<NodeRequest, "method" | "path"> & { readonly body?: object };

/** The highest id that Harbor's tables can hold: nothing stands under it. */
const NOBODY = 2_147_483_647;
/** A repository that nobody has; what is allowed in it is allowed in all of the project. */
export const NO_REPOSITORY = "tidelock-doctor";
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

const CONTENT: readonly FaultName[] = ["storage", "storage-stale", "upload-secret"];
const STORED: readonly FaultName[] = ["secretkey", "job-secret"];
const JOBS: readonly FaultName[] = ["job-secret"];

const repository = (project: string): string => `/api/v2.0/projects/${project}/repositories/${NO_REPOSITORY}`;
const artifact = (project: string): string => `${repository(project)}/artifacts/${NO_DIGEST}`;
const api = (path: string): string => `/api/v2.0${path}`;

const inProject = (
  right: string,
  purpose: string,
  proves: readonly FaultName[],
  wish?: (project: string) => Wish,
): ProbeRight => ({ right, on: "project", purpose, proves, wish });

const onSystem = (right: string, purpose: string, proves: readonly FaultName[], wish: Wish): ProbeRight => ({
  right,
  on: "system",
  purpose,
  proves,
  wish: () => wish,
});

/** Everything that a full probe does with its account; the first part is all that the small form needs. */
export const PROBE_RIGHTS: readonly ProbeRight[] = [
  inProject("repository:pull", "reading what another node took", CONTENT),
  inProject("repository:push", "pushing through each node", CONTENT),
  inProject("repository:list", "finding what an earlier probe left behind", [], (project) => ({
    method: "GET",
    path: api(`/projects/${project}/repositories?page=1&page_size=1`),
  })),
  inProject("repository:delete", "removing what was pushed", [], (project) => ({
    method: "DELETE",
    path: repository(project),
  })),
  inProject("artifact:list", "seeing in Harbor's own list what another node took", CONTENT, (project) => ({
    method: "GET",
    path: `${repository(project)}/artifacts?page=1&page_size=1`,
  })),
  inProject("artifact:read", "reading a tag as Harbor's own list has it", CONTENT, (project) => ({
    method: "GET",
    path: artifact(project),
  })),
  inProject("tag:create", "tagging through another node what one took", CONTENT, (project) => ({
    method: "POST",
    path: `${artifact(project)}/tags`,
    body: { name: NO_REPOSITORY },
  })),
  inProject("tag:delete", "untagging through a third node", CONTENT, (project) => ({
    method: "DELETE",
    path: `${artifact(project)}/tags/${NO_REPOSITORY}`,
  })),
  onSystem("registry:list", "finding the endpoints of probes by their names", STORED, {
    method: "GET",
    path: api("/registries?page=1&page_size=1"),
  }),
  onSystem("registry:create", "storing an endpoint through each node", STORED, {
    method: "POST",
    path: api("/registries"),
    body: { name: "", url: "", type: "harbor" },
  }),
  onSystem("registry:read", "letting each node read the password that another one stored", STORED, {
    method: "POST",
    path: api("/registries/ping"),
    body: { id: NOBODY },
  }),
  onSystem("registry:delete", "removing those endpoints", [], {
    method: "DELETE",
    path: api(`/registries/${NOBODY}`),
  }),
  onSystem("replication-policy:list", "finding the replication policies of probes", JOBS, {
    method: "GET",
    path: api("/replication/policies?page=1&page_size=1"),
  }),
  onSystem("replication-policy:create", "making a replication policy inside the project of probes", JOBS, {
    method: "POST",
    path: api("/replication/policies"),
    body: { name: "" },
  }),
  onSystem("replication-policy:read", "looking before it is run", JOBS, {
    method: "GET",
    path: api(`/replication/policies/${NOBODY}`),
  }),
  onSystem("replication-policy:update", "disabling one that Harbor does not delete yet", [], {
    method: "PUT",
    path: api(`/replication/policies/${NOBODY}`),
    body: { name: "" },
  }),
  onSystem("replication-policy:delete", "removing it", [], {
    method: "DELETE",
    path: api(`/replication/policies/${NOBODY}`),
  }),
  onSystem("replication:create", "running and stopping it", JOBS, {
    method: "POST",
    path: api("/replication/executions"),
    body: { policy_id: NOBODY },
  }),
  onSystem("replication:list", "listing its executions", JOBS, {
    method: "GET",
    path: api("/replication/executions?page=1&page_size=1"),
  }),
  onSystem("replication:read", "seeing which node ran them, and how it went", JOBS, {
    method: "GET",
    path: api(`/replication/executions/${NOBODY}`),
  }),
];

/** What Harbor gives a robot of the project besides, so that the project can be looked up. */
export const ROBOT_EXTRAS: readonly string[] = ["project:read", "tag:list"];
