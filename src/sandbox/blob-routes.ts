import { createHmac } from "node:crypto";
import { digestOf } from "./blob-store.ts";
import type { Core } from "./core.ts";
import { EMPTY, Refusal, type Response } from "./exchange.ts";
import { mayProject } from "./permissions.ts";
import { publicUrl } from "./public-url.ts";
import { blobPlace, linkBlob } from "./push.ts";
import { hex } from "./random.ts";
import { refuseWithoutRegistry, type RegistryContext } from "./registry-context.ts";
import { projectNamed, projectPart, repositoryNamed, type RepositoryRow } from "./state.ts";

const VERSION = { "docker-distribution-api-version": "registry/2.0" };

/**
 * A blob, whole or the range that is asked for. Answers come from descriptors: where the file is lost or cut short, HEAD says 200, and GET
 * says 200 or 206 and breaks off when the bytes end (seen on 2.1.6, 2.7.3, 2.9.0 and 2.14.4).
 */
export function getBlob({ core, request, repository, reference }: RegistryContext): Response {
  refuseUnrecorded(core, request.method, repository, reference);
  refuseWithoutRegistry(core);
  if (!core.blobs.isLinked(repository, reference) || !core.blobs.isKnown(reference)) {
    throw new Refusal(404, "BLOB_UNKNOWN", "blob unknown to registry", {}, reference);
  }
  const size = core.blobs.sizeOf(reference);
  const range = rangeOf(request.headers["range"], size);
  const { first, last } = range ?? { first: 0, last: size - 1 };
  const length = last - first + 1;
  const body = (core.blobs.get(reference) ?? EMPTY).subarray(first, last + 1);
  const breaksOff = request.method === "GET" && body.length < length;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...VERSION,
      "content-length": String(length),
      "content-type": "application/octet-stream",
      "docker-content-digest": reference,
      "accept-ranges": "bytes",
      ...(range === undefined ? {} : { "content-range": `bytes ${first}-${last}/${size}` }),
    },
    body,
    ...(breaksOff ? { breaksOff } : {}),
  };
}

function rangeOf(header: string | undefined, size: number): { first: number; last: number } | undefined {
  const range = /^bytes=(\d+)-(\d*)$/.exec(header ?? "");
  if (range === null) return undefined;
  const first = Number(range[1]);
  if (first >= size) throw new Refusal(416, "BLOB_UNKNOWN", "requested range not satisfiable");
  return { first, last: Math.min(range[2] === "" ? Infinity : Number(range[2]), size - 1) };
}

/** A HEAD is first looked up in Harbor's database, a GET goes straight to the registry (seen on 2.9.0 over a split database). */
function refuseUnrecorded(core: Core, method: string, repository: string, digest: string): void {
  if (method !== "HEAD" || repositoryNamed(core.state, repository)?.blobs.has(digest) === true) return;
  throw new Refusal(404, "NOT_FOUND", `blob ${digest} not found`);
}

/** The life of an upload: POST (whole, mounted or begun), PATCH any number of times, PUT with the digest. */
export function uploadRoute(context: RegistryContext): Response {
  const id = context.reference.split("/")[1] ?? "";
  refuseWithoutRegistry(context.core);
  switch (context.request.method) {
    case "POST":
      return begin(context);
    case "PATCH":
      return append(context, id);
    case "PUT":
      return finish(context, id);
    case "GET":
      return accepted(context, 204, id, uploadOf(context, id).length);
    case "DELETE":
      uploadOf(context, id);
      context.core.files.uploads.delete(id);
      return { status: 204, headers: VERSION, body: EMPTY };
    default:
      throw new Refusal(405, "UNSUPPORTED", "The operation is unsupported.");
  }
}

function begin(context: RegistryContext): Response {
  const { core, request, repository } = context;
  const query = new URLSearchParams(request.query);
  const mount = query.get("mount");
  if (mount !== null && mayMount(context, query.get("from") ?? "", mount)) return linked(context, mount);
  const digest = query.get("digest");
  if (digest !== null) return store(context, request.body, digest);
  const id = [8, 4, 4, 4, 12].map((length) => hex(core.random, length)).join("-");
  keep(core, id, repository, EMPTY);
  return accepted(context, 202, id, 0);
}

function mayMount({ core, identity }: RegistryContext, from: string, digest: string): boolean {
  const source = repositoryNamed(core.state, from);
  const project = projectNamed(core.state, projectPart(from));
  return (
    source?.blobs.has(digest) === true &&
    core.blobs.isKnown(digest) &&
    mayProject(core, identity, project, "repository", "pull")
  );
}

function append(context: RegistryContext, id: string): Response {
  const content = Buffer.concat([uploadOf(context, id), context.request.body]);
  keep(context.core, id, context.repository, content);
  return accepted(context, 202, id, content.length);
}

function finish(context: RegistryContext, id: string): Response {
  const content = Buffer.concat([uploadOf(context, id), context.request.body]);
  const digest = new URLSearchParams(context.request.query).get("digest") ?? "";
  const answer = store(context, content, digest);
  context.core.files.uploads.delete(id);
  return answer;
}

function keep(core: Core, id: string, repository: string, content: Buffer): void {
  core.files.uploads.set(id, { repository, content });
  core.sight?.wrote(`upload ${id} ${content.length}`);
}

/** The state comes first, then the files; both refusals are 404 (seen on 2.9.0). */
function uploadOf({ core, request, repository }: RegistryContext, id: string): Buffer {
  const state = new URLSearchParams(request.query).get("_state");
  if (state !== stateOf(core, id))
    throw new Refusal(404, "BLOB_UPLOAD_INVALID", "blob upload invalid", {}, {});
  const upload = core.files.uploads.get(id);
  const seen = core.sight?.sees(`upload ${id} ${upload?.content.length ?? 0}`) !== false;
  if (upload?.repository === repository && seen) return upload.content;
  throw new Refusal(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", {}, {});
}

/** Signed with the registry's http.secret. */
function stateOf(core: Core, id: string): string {
  return createHmac("sha256", core.settings.uploadSecret).update(id).digest("base64url");
}

function store(context: RegistryContext, content: Buffer, digest: string): Response {
  if (digestOf(content) !== digest) {
    throw new Refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  }
  context.core.blobs.put(content);
  return linked(context, digest);
}

/** Created: the blob may be fetched through this repository from now on. */
function linked(context: RegistryContext, digest: string): Response {
  linkBlob(context.core, place(context), digest);
  const location = `${publicUrl(context.core, context.request)}/v2/${context.repository}/blobs/${digest}`;
  return { status: 201, headers: { ...VERSION, "docker-content-digest": digest, location }, body: EMPTY };
}

function place({ core, repository }: RegistryContext): RepositoryRow {
  const project = projectNamed(core.state, projectPart(repository));
  if (project === undefined) throw new Refusal(404, "NAME_UNKNOWN", "repository name not known to registry");
  return blobPlace(project, repository);
}

function accepted(context: RegistryContext, status: number, id: string, size: number): Response {
  const { core, request, repository } = context;
  return {
    status,
    headers: {
      ...VERSION,
      "docker-upload-uuid": id,
      location: `${publicUrl(core, request)}/v2/${repository}/blobs/uploads/${id}?_state=${stateOf(core, id)}`,
      range: `0-${Math.max(0, size - 1)}`,
    },
    body: EMPTY,
  };
}
