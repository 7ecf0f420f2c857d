import { digestOf } from "./blob-store.ts";
import { EMPTY, Refusal, type Response } from "./exchange.ts";
import { mayProject } from "./permissions.ts";
import { blobPlace } from "./push.ts";
import { hex } from "./random.ts";
import type { RegistryContext } from "./registry-context.ts";
import { projectNamed, projectPart, repositoryNamed, type RepositoryRow } from "./state.ts";

const VERSION = { "docker-distribution-api-version": "registry/2.0" };

/**
 * A blob, whole or the range that is asked for. Answers come from descriptors: where the file is lost or cut short, HEAD says 200, and GET
 * says 200 or 206 and breaks off when the bytes end (seen on 2.1.6, 2.7.3, 2.9.0 and 2.14.4).
 */
export function getBlob({ core, request, repository, reference }: RegistryContext): Response {
  const linked = repositoryNamed(core.state, repository)?.blobs.has(reference) === true;
  if (!linked || !core.blobs.isKnown(reference)) throw blobUnknown(reference);
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

function blobUnknown(digest: string): Refusal {
  return new Refusal(404, "NOT_FOUND", `blob ${digest} not found`);
}

/** The life of an upload: POST (whole, mounted or begun), PATCH any number of times, PUT with the digest. */
export function uploadRoute(context: RegistryContext): Response {
  const id = context.reference.split("/")[1] ?? "";
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
      context.core.uploads.delete(id);
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
  core.uploads.set(id, { repository, content: EMPTY });
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
  context.core.uploads.set(id, { repository: context.repository, content });
  return accepted(context, 202, id, content.length);
}

function finish(context: RegistryContext, id: string): Response {
  const content = Buffer.concat([uploadOf(context, id), context.request.body]);
  const digest = new URLSearchParams(context.request.query).get("digest") ?? "";
  const answer = store(context, content, digest);
  context.core.uploads.delete(id);
  return answer;
}

function uploadOf({ core, repository }: RegistryContext, id: string): Buffer {
  const upload = core.uploads.get(id);
  if (upload?.repository === repository) return upload.content;
  throw new Refusal(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
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
  place(context).blobs.add(digest);
  const location = `${context.core.url}/v2/${context.repository}/blobs/${digest}`;
  return { status: 201, headers: { ...VERSION, "docker-content-digest": digest, location }, body: EMPTY };
}

function place({ core, repository }: RegistryContext): RepositoryRow {
  const project = projectNamed(core.state, projectPart(repository));
  if (project === undefined) throw new Refusal(404, "NAME_UNKNOWN", "repository name not known to registry");
  return blobPlace(project, repository);
}

function accepted({ core, repository }: RegistryContext, status: number, id: string, size: number): Response {
  return {
    status,
    headers: {
      ...VERSION,
      "docker-upload-uuid": id,
      location: `${core.url}/v2/${repository}/blobs/uploads/${id}?_state=${Buffer.from(id).toString("base64url")}`,
      range: `0-${Math.max(0, size - 1)}`,
    },
    body: EMPTY,
  };
}
