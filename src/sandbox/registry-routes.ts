import { artifactUnknown } from "./artifact-lookup.ts";
import { uploadRoute, getBlob } from "./blob-routes.ts";
import { byReference } from "./by-reference.ts";
import type { Core } from "./core.ts";
import { deleteArtifact } from "./deletion.ts";
import { refuseUnsafe } from "./deployment-security.ts";
import { publish } from "./events.ts";
import { EMPTY, notFound, Refusal, refusalResponse, type Request, type Response } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import type { Json } from "./json.ts";
import { OCI_INDEX } from "./manifest.ts";
import { isAdmin, mayProject } from "./permissions.ts";
import { pushManifest } from "./push.ts";
import { externalUrl, publicUrl } from "./public-url.ts";
import { refuseWithoutRegistry, type RegistryContext } from "./registry-context.ts";
import { repositoriesOf } from "./repository-listing.ts";
import { projectNamed, projectPart, repositoryNamed, type ArtifactRow, type RepositoryRow } from "./state.ts";

const VERSION = { "docker-distribution-api-version": "registry/2.0" };
const PATH = /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\/(.+)$/;

/** The OCI distribution API as Harbor serves it: what is forbidden is always 401, never 403. */
export function answerRegistry(core: Core, request: Request, identity: Identity): Response {
  try {
    return dispatch(core, request, identity);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // what Harbor itself refuses lacks the registry's version header, challenges have it
    const answer = refusalResponse(error);
    return error.status === 401 ? { ...answer, headers: { ...VERSION, ...answer.headers } } : answer;
  }
}

function dispatch(core: Core, request: Request, identity: Identity): Response {
  const path = decodeURIComponent(request.path);
  if (path === "/v2" || path === "/v2/") {
    if (identity.kind === "anonymous") throw challenge(core, request, "unauthorized: unauthorized");
    refuseWithoutRegistry(core);
    return registryJson({}, VERSION);
  }
  if (path === "/v2/_catalog") return catalog(core, request, identity);
  const found = PATH.exec(path);
  if (found === null) throw notFound(`path ${path} was not found`);
  const context = { core, request, identity, repository: found[1] ?? "", reference: found[3] ?? "" };
  authorize(context);
  switch (found[2]) {
    case "manifests":
      return manifest(context);
    case "blobs":
      return context.reference.startsWith("uploads") ? uploadRoute(context) : getBlob(context);
    case "tags":
      return tagList(context);
    default:
      return referrers(context);
  }
}

function registryJson(value: Json, headers: Readonly<Record<string, string>> = {}): Response {
  const text = JSON.stringify(value);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(text === "{}" ? text : `${text}\n`),
  };
}

/** Who brought credentials is asked for better ones, who brought none is sent to the token service (goharbor/harbor src/server/middleware/v2auth/auth.go). */
function challenge(core: Core, request: Request, message: string, scope = ""): Refusal {
  const asked = scope === "" ? "" : `,scope="${scope}"`;
  const bearer = `Bearer realm="${externalUrl(core)}/service/token",service="harbor-registry"${asked}`;
  const basic = request.headers["authorization"] !== undefined;
  return new Refusal(401, "UNAUTHORIZED", message, {
    "www-authenticate": basic ? 'Basic realm="harbor"' : bearer,
  });
}

/** 401 also where the project does not exist, then with an empty challenge (goharbor/harbor src/server/middleware/v2auth/auth.go). */
function authorize({ core, request, identity, repository }: RegistryContext): void {
  const action = actionOf(request.method);
  const name = projectPart(repository);
  const project = projectNamed(core.state, name);
  const scope = `repository:${repository}:${action === "push" ? "push,pull" : action}`;
  if (request.headers["authorization"] === undefined) {
    const old = core.profile.minor === 1;
    const text = old
      ? `unauthorized to access repository: ${repository}, action: ${action}`
      : "authorize header needed to send HEAD to repository";
    throw challenge(core, request, `${text}: ${text}`, scope);
  }
  if (project === undefined || core.faults.hiddenProjects.has(name)) {
    const text = core.profile.minor === 1 ? `project not found, name: ${name}` : `project ${name} not found`;
    throw new Refusal(401, "UNAUTHORIZED", `${text}: ${text}`, { "www-authenticate": "" });
  }
  if (isAdmin(identity) || mayProject(core, identity, project, "repository", action)) return;
  const text = `unauthorized to access repository: ${repository}, action: ${action}`;
  throw challenge(core, request, `${text}: ${text}`, scope);
}

function actionOf(method: string): string {
  if (method === "GET" || method === "HEAD") return "pull";
  return method === "DELETE" ? "delete" : "push";
}

function manifest(context: RegistryContext): Response {
  switch (context.request.method) {
    case "GET":
    case "HEAD":
      return readManifestOf(context);
    case "PUT":
      return putManifest(context);
    case "DELETE":
      return removeManifest(context);
    default:
      throw new Refusal(405, "UNSUPPORTED", "The operation is unsupported.");
  }
}

function artifactAt({ core, repository, reference }: RegistryContext): {
  repository: RepositoryRow;
  artifact: ArtifactRow;
} {
  const row = repositoryNamed(core.state, repository);
  const artifact = row === undefined ? undefined : byReference(row, reference);
  if (row === undefined || artifact === undefined) throw artifactUnknown(row, repository, reference);
  return { repository: row, artifact };
}

/** A GET counts as a pull unless the replication's client asks; a HEAD never does (goharbor/harbor src/server/registry/manifest.go:126-129). */
function readManifestOf(context: RegistryContext): Response {
  const { core, request, identity } = context;
  const { repository, artifact } = artifactAt(context);
  const project = projectNamed(core.state, projectPart(context.repository));
  if (project !== undefined) {
    refuseUnsafe(context, { project, repository, artifact, reference: context.reference });
  }
  refuseWithoutRegistry(core);
  const content = core.blobs.get(artifact.digest);
  if (content === undefined) {
    const detail = { Name: context.repository, Revision: artifact.digest };
    throw new Refusal(404, "MANIFEST_UNKNOWN", "manifest unknown", {}, detail);
  }
  const replicating = request.headers["user-agent"]?.startsWith("harbor-registry-client") === true;
  if (request.method === "GET" && !replicating) {
    publish(core, {
      kind: "pull",
      projectId: artifact.projectId,
      project: projectPart(context.repository),
      repository: context.repository,
      digest: artifact.digest,
      tags: context.reference.startsWith("sha256:") ? [] : [context.reference],
      labels: [],
      operator: identity.name,
    });
  }
  const headers = {
    ...VERSION,
    "content-type": artifact.manifestMediaType,
    "docker-content-digest": artifact.digest,
    etag: `"${artifact.digest}"`,
  };
  return { status: 200, headers, body: content };
}

function putManifest({ core, request, identity, repository, reference }: RegistryContext): Response {
  refuseWithoutRegistry(core);
  const digest = pushManifest(core, {
    repository,
    reference,
    mediaType: request.headers["content-type"] ?? "",
    bytes: request.body,
    by: identity,
  });
  const location = `${publicUrl(core, request)}/v2/${repository}/manifests/${digest}`;
  return { status: 201, headers: { ...VERSION, "docker-content-digest": digest, location }, body: EMPTY };
}

function removeManifest(context: RegistryContext): Response {
  const { core, reference, repository: name } = context;
  if (!reference.startsWith("sha256:"))
    throw new Refusal(400, "UNSUPPORTED", "The operation is unsupported.");
  const { repository, artifact } = artifactAt(context);
  const project = projectNamed(core.state, projectPart(name));
  if (project !== undefined) deleteArtifact(core, project, repository, artifact, context.identity);
  return { status: 202, headers: {}, body: EMPTY };
}

function tagList({ core, request, repository }: RegistryContext): Response {
  const row = repositoryNamed(core.state, repository);
  if (row?.known !== true) throw notFound(`repository ${repository} not found`);
  return registryJson({ name: repository, tags: pageOfNames(request, [...row.tags.keys()]) });
}

function catalog(core: Core, request: Request, identity: Identity): Response {
  if (!isAdmin(identity)) throw challenge(core, request, "unauthorized: unauthorized", "registry:catalog:*");
  const names = [...core.state.projects.values()]
    .flatMap(repositoriesOf)
    .filter((one) => one.artifacts.size > 0);
  return registryJson({
    repositories: pageOfNames(
      request,
      names.map((one) => one.name),
    ),
  });
}

/** Ascending, after `last`, at most `n`. */
function pageOfNames(request: Request, names: readonly string[]): string[] {
  const query = new URLSearchParams(request.query);
  const last = query.get("last") ?? "";
  const n = Number(query.get("n") ?? Infinity);
  return [...names]
    .sort()
    .filter((name) => name > last)
    .slice(0, n);
}

/** What refers to a digest, as an index (2.8 on). */
function referrers(context: RegistryContext): Response {
  const { core, repository, reference } = context;
  if (core.profile.minor < 8) throw notFound(`path ${context.request.path} was not found`);
  const rows = repositoryNamed(core.state, repository)?.accessories.get(reference) ?? [];
  const manifests = rows.map((row) => ({
    mediaType: row.manifestMediaType,
    size: core.blobs.sizeOf(row.digest),
    digest: row.digest,
    artifactType: row.artifactType === "" ? row.mediaType : row.artifactType,
  }));
  const index = registryJson({ schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  return { ...index, headers: { ...index.headers, "content-type": OCI_INDEX } };
}
