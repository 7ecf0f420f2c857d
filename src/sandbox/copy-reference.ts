import { byReference } from "./by-reference.ts";
import type { Core } from "./core.ts";
import { whyUnsafe } from "./deployment-security.ts";
import { readManifest } from "./manifest.ts";
import { PeerFailure, type Peer } from "./peer.ts";
import { projectNamed, projectPart, type ArtifactRow, type TaskRow } from "./state.ts";
import { logLine } from "./task-log.ts";

const ACCEPT =
  "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, " +
  "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";

/**
 * Copies what the reference stands for at this moment. An equal digest over there is skipped; a different one
 * is skipped too, and counted as done, unless overriding (transfer.go:210-257).
 */
export function copyReference(
  core: Core,
  peer: Peer,
  task: TaskRow,
  reference: string,
  override: boolean,
): void {
  const to = `${task.destination}:${reference}(destination registry)`;
  logLine(core, task, "INFO", `copying ${task.source}:${reference}(source registry) to ${to}...`);
  const from = `${task.source}:${reference}`;
  const { artifact, bytes } = sourceManifest(core, task, reference);
  const target = `/v2/${task.destination}/manifests/${reference}`;
  const head = peer.send({ method: "HEAD", target, headers: { accept: ACCEPT } });
  if (head.status !== 200 && head.status !== 404) {
    throw new PeerFailure(
      `failed to check the existence of the manifest of artifact ${task.destination}:${reference} on the destination registry: http status code: ${head.status}, body: ${head.body.toString()}`,
      head.status,
    );
  }
  const there = head.headers["docker-content-digest"];
  if (there === artifact.digest) {
    logLine(core, task, "INFO", `the artifact ${from} already exists on the destination registry, skip`);
    return;
  }
  if (there !== undefined && !override) {
    logLine(
      core,
      task,
      "WARNING",
      `the same name artifact ${from} exists on the destination registry, but the "override" is set to false, skip`,
    );
    return;
  }
  copyContent(core, peer, task, artifact, bytes);
  const answer = peer.send({
    method: "PUT",
    target,
    headers: { "content-type": artifact.manifestMediaType },
    body: bytes,
  });
  if (answer.status !== 201) {
    throw new PeerFailure(
      `failed to push manifest of artifact ${from}: http error: code ${answer.status}, message ${answer.body.toString()}`,
      answer.status,
    );
  }
}

/**
 * As the core and the registry of the node answer that runs the job, whoever made the task; so it may be refused, or
 * told that there is nothing, where the node that made it would not (seen on 2.9.0).
 */
function sourceManifest(
  core: Core,
  task: TaskRow,
  reference: string,
): { readonly artifact: ArtifactRow; readonly bytes: Buffer } {
  const failed = (status: number, code: string, message: string): PeerFailure => {
    const body = code === "" ? "" : JSON.stringify({ errors: [{ code, message }] });
    return new PeerFailure(
      `failed to pull the manifest of artifact ${task.source}:${reference}: http status code: ${status}, body: ${body}`,
      status,
    );
  };
  if (task.jobSecret !== core.settings.jobSecret) {
    const text = `unauthorized to access repository: ${task.source}, action: pull`;
    throw failed(401, "UNAUTHORIZED", `${text}: ${text}`);
  }
  const project = projectNamed(core.state, projectPart(task.source));
  const repository = project?.repositories.get(task.source);
  const artifact = repository === undefined ? undefined : byReference(repository, reference);
  if (project === undefined || repository === undefined || artifact === undefined)
    throw failed(404, "NOT_FOUND", `artifact ${task.source}:${reference} not found`);
  const unsafe = whyUnsafe(core, { project, repository, artifact, reference });
  if (unsafe !== undefined) throw failed(412, "PROJECTPOLICYVIOLATION", unsafe);
  if (core.faults.registryStopped) throw failed(502, "", "");
  const bytes = core.blobs.get(artifact.digest);
  if (bytes === undefined) throw failed(404, "MANIFEST_UNKNOWN", "manifest unknown");
  return { artifact, bytes };
}

/** Children by digest, overriding; then the blobs that lack. */
function copyContent(core: Core, peer: Peer, task: TaskRow, artifact: ArtifactRow, bytes: Buffer): void {
  const manifest = readManifest(artifact.manifestMediaType, bytes);
  for (const child of manifest.children) copyReference(core, peer, task, child.digest, true);
  for (const part of [...manifest.layers, manifest.config]) {
    if (part !== undefined) copyBlob(core, peer, task, part.digest);
  }
}

function copyBlob(core: Core, peer: Peer, task: TaskRow, digest: string): void {
  const blob = `/v2/${task.destination}/blobs/${digest}`;
  const head = peer.send({ method: "HEAD", target: blob });
  if (head.status === 200) return;
  if (head.status !== 404) throw refused(`check the existence of blob ${digest}`, head.status);
  const content = core.blobs.get(digest);
  if (content === undefined) {
    throw new PeerFailure(`failed to pull the blob ${digest}: http error: code 404`, 404);
  }
  const start = peer.send({ method: "POST", target: `/v2/${task.destination}/blobs/uploads/` });
  const location = start.headers["location"];
  if (start.status !== 202 || location === undefined)
    throw refused(`start the upload of ${digest}`, start.status);
  const put = peer.send({
    method: "PUT",
    target: `${pathOf(location)}&digest=${encodeURIComponent(digest)}`,
    headers: { "content-type": "application/octet-stream" },
    body: content,
  });
  if (put.status !== 201) throw refused(`push the blob ${digest}`, put.status);
}

function pathOf(location: string): string {
  return location.replace(/^https?:\/\/[^/]*/, "");
}

function refused(doing: string, status: number): PeerFailure {
  return new PeerFailure(`failed to ${doing}: http error: code ${status}`, status);
}
