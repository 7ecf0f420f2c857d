import type { Core } from "./core.ts";
import { enumerate } from "./enumeration.ts";
import { isFinal, markFailed, markSucceeded } from "./execution-status.ts";
import { Peer, PeerFailure, PeerHangs } from "./peer.ts";
import { BadPattern } from "./doublestar.ts";
import { listOf, objectOf, parseJson, stringOf } from "./json.ts";
import { replaceNamespace } from "./namespace.ts";
import { unsealed } from "./sealed-secret.ts";
import type { Resource } from "./resource.ts";
import type { EndpointRow, ExecutionRow, PolicyRow } from "./state.ts";
import { submitTasks, type Assignment } from "./task-queue.ts";

/** From 2.16 on the client gives up after 30 minutes; before it waits for ever and the slot is pinned. */
const CLIENT_TIMEOUT_MS = 1_800_000;

/**
 * The part of a replication that runs in core. It owns one slot. Whatever fails here fails the execution
 * without any task, and is never tried again (goharbor/harbor src/controller/replication/flow/copy.go:50-96).
 */
export function runFlow(
  core: Core,
  execution: ExecutionRow,
  policy: PolicyRow,
  resource: Resource | undefined,
): void {
  core.schedule("core", core.tempo.flowMs, () => {
    const endpoint = core.state.endpoints.get(policy.destinationId);
    const peer = endpoint === undefined ? undefined : new Peer(core, endpoint);
    try {
      if (peer === undefined || endpoint === undefined) {
        throw new PeerFailure("pull replication is not part of the sandbox");
      }
      flow(core, execution, policy, resource, endpoint, peer);
    } catch (error) {
      if (error instanceof PeerHangs) {
        waitForEnd(core, execution, error);
        return;
      }
      if (!(error instanceof PeerFailure)) throw error;
      failAfter(core, execution, error.message, peer?.waitedMs ?? 0);
      return;
    }
    core.flowSlots.release();
  });
}

/** It ends once its last call was answered; until then it owns its slot. */
function failAfter(core: Core, execution: ExecutionRow, text: string, waitedMs: number): void {
  const end = (): void => {
    if (!isFinal(execution.status)) markFailed(core, execution, text);
    core.flowSlots.release();
  };
  if (waitedMs === 0) end();
  else core.schedule("core", waitedMs, end);
}

/** Keeps the slot until the connection breaks. */
function waitForEnd(core: Core, execution: ExecutionRow, hang: PeerHangs): void {
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    if (!isFinal(execution.status)) markFailed(core, execution, "read: connection reset by peer");
    core.flowSlots.release();
  };
  const alive = core.survives("core");
  hang.whenOver(() => {
    if (alive()) core.schedule("core", 0, end);
  });
  if (core.profile.minor >= 16) core.schedule("core", CLIENT_TIMEOUT_MS, end);
}

function flow(
  core: Core,
  execution: ExecutionRow,
  policy: PolicyRow,
  event: Resource | undefined,
  endpoint: EndpointRow,
  peer: Peer,
): void {
  if (isFinal(execution.status)) return;
  during(`failed to create adapter for destination registry ${endpoint.url}`, () => peer.open());
  const resources = event === undefined ? fetchResources(core, policy) : [event];
  const copies = resources.filter((one) => one.operation === "copy");
  const assignments = resources.map((one) => ({ resource: one, destination: destinationOf(policy, one) }));
  const isHarbor = endpoint.type === "harbor";
  // up to 2.4 projects are not looked up before: they are created, and 409 is as good
  const lists = core.profile.minor >= 5;
  if (isHarbor && core.profile.minor >= 3) {
    during("failed to get the registry info", () => void peer.demand(labels));
  }
  // one listing for both: which projects are proxy caches, and which lack
  const projects = isHarbor && lists ? projectsAt(peer, [...new Set(assignments.map(projectOf))]) : [];
  const skipped = new Set(projects.filter((one) => one.proxy).map((one) => one.name));
  const work = assignments.filter((one) => !skipped.has(projectOf(one)));
  if (work.length === 0) {
    markSucceeded(core, execution, "no resources need to be replicated");
    return;
  }
  if (isHarbor && copies.length > 0) {
    during("failed to do the prepare work for pushing/uploading resources", () =>
      prepare(peer, work, projects),
    );
  }
  submit(core, execution, policy, endpoint, work);
}

const labels = { method: "GET", target: "/api/v2.0/labels?scope=g" };

function submit(
  core: Core,
  execution: ExecutionRow,
  policy: PolicyRow,
  endpoint: EndpointRow,
  work: readonly Assignment[],
): void {
  if (core.faults.jobserviceStopped) {
    throw new PeerFailure(
      'Post "http://jobservice:8080/api/v1/jobs": dial tcp jobservice:8080: connect: connection refused',
    );
  }
  submitTasks(core, execution, work, unsealed(core, endpoint), policy.override);
}

function fetchResources(core: Core, policy: PolicyRow): Resource[] {
  try {
    return enumerate(core, policy.filters);
  } catch (error) {
    if (error instanceof BadPattern) throw new PeerFailure(`failed to fetch artifacts: ${error.message}`);
    throw error;
  }
}

function destinationOf(policy: PolicyRow, resource: Resource): string {
  return replaceNamespace(resource.repository, policy.destinationNamespace, policy.replaceCount);
}

function projectOf(assignment: Assignment): string {
  return assignment.destination.split("/", 1)[0] ?? "";
}

/** A project at the destination; into a proxy cache nothing is copied. */
interface RemoteProject {
  readonly name: string;
  readonly proxy: boolean;
}

function projectsAt(peer: Peer, names: readonly string[]): RemoteProject[] {
  if (names.length === 0) return [];
  const q = encodeURIComponent(`name={${names.map((name) => `'${name}'`).join(" ")}}`);
  const response = peer.send({
    method: "GET",
    target: `/api/v2.0/projects?q=${q}&page_size=0&with_detail=false`,
  });
  if (response.status !== 200) {
    throw new PeerFailure(
      `failed to do the prepare work for pushing/uploading resources: http error: code ${response.status}, message ${response.body.toString()}`,
      response.status,
    );
  }
  const rows = listOf(parseJson(response.body)).map(objectOf);
  return rows
    .map((row) => ({ name: stringOf(row["name"]), proxy: row["registry_id"] !== undefined }))
    .filter((row) => names.includes(row.name));
}

/** Makes the projects that lack, as public as their sources (several sources into one: public only if all are). */
function prepare(peer: Peer, work: readonly Assignment[], known: readonly RemoteProject[]): void {
  const wanted = new Map<string, boolean>();
  for (const one of work) {
    const project = projectOf(one);
    wanted.set(project, (wanted.get(project) ?? true) && one.resource.public);
  }
  const existing = new Set(known.map((one) => one.name));
  for (const [name, isPublic] of wanted) {
    if (existing.has(name)) continue;
    const body = { project_name: name, metadata: { public: String(isPublic) } };
    const response = peer.send({
      method: "POST",
      target: "/api/v2.0/projects",
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(body)),
    });
    if (response.status === 201 || response.status === 409) continue;
    throw new PeerFailure(
      `http error: code ${response.status}, message ${response.body.toString()}`,
      response.status,
    );
  }
}

/** Says during what a peer failed. */
function during(doing: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof PeerFailure) throw new PeerFailure(`${doing}: ${error.message}`, error.status);
    throw error;
  }
}
