import { digestOf } from "./blob-store.ts";
import type { Core } from "./core.ts";
import { Refusal } from "./exchange.ts";
import { publish } from "./events.ts";
import type { Identity } from "./identity.ts";
import { refuseMove } from "./immutability.ts";
import { extraAttributes, readManifest, type Manifest } from "./manifest.ts";
import { refuseBeyondQuota } from "./quota.ts";
import { adoptAccessories, linkByTag, linkSubject } from "./accessories.ts";
import {
  nextId,
  projectNamed,
  projectPart,
  type ArtifactRow,
  type ProjectRow,
  type RepositoryRow,
} from "./state.ts";

const TAG = /^[\w][\w.-]{0,127}$/;

export interface Push {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly by: Identity;
}

/** Takes a manifest as `PUT /v2/…/manifests/…` does, moves the tag and tells everybody; returns the digest. */
export function pushManifest(core: Core, push: Push): string {
  const project = projectNamed(core.state, projectPart(push.repository));
  if (project === undefined) throw new Refusal(404, "NAME_UNKNOWN", "repository name not known to registry");
  refuseClosed(core, project, push.by);
  const digest = digestOf(push.bytes);
  const tag = tagOf(push.reference, digest);
  const existing = project.repositories.get(push.repository);
  if (tag !== undefined && existing !== undefined) refuseMove(core, project, existing, tag);
  const manifest = readManifest(push.mediaType, push.bytes);
  refuseIncomplete(core, existing, manifest);
  refuseBeyondQuota(core, project, digest, push.bytes.length, manifest);
  core.blobs.putManifest(push.bytes);
  const repository = ensureRepository(core, project, push.repository);
  const artifact = ensureArtifact(core, project, repository, manifest, push.bytes, digest);
  if (tag !== undefined) setTag(core, repository, artifact, tag);
  publish(core, {
    kind: "push",
    projectId: project.id,
    project: project.name,
    repository: repository.name,
    digest,
    tags: tag === undefined ? [] : [tag],
    labels: [],
    operator: push.by.name,
  });
  return digest;
}

/** Nobody pushes into a proxy cache but Harbor itself. */
function refuseClosed(core: Core, project: ProjectRow, by: Identity): void {
  if (core.state.configuration.get("read_only") === true) {
    throw new Refusal(403, "DENIED", "The system is in read only mode. Any modification is prohibited.");
  }
  if (project.proxyOf !== undefined && by.kind !== "internal") {
    throw new Refusal(405, "METHOD_NOT_ALLOWED", `can not push artifact to a proxy project: ${project.name}`);
  }
}

function tagOf(reference: string, digest: string): string | undefined {
  if (reference.startsWith("sha256:")) {
    if (reference === digest) return undefined;
    throw new Refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  }
  if (!TAG.test(reference)) throw new Refusal(400, "TAG_INVALID", "manifest tag did not match URI");
  return reference;
}

/** The registry verifies that all that is named has a descriptor; whether its bytes are there is not looked at. */
function refuseIncomplete(core: Core, repository: RepositoryRow | undefined, manifest: Manifest): void {
  for (const part of [manifest.config, ...manifest.layers]) {
    if (part === undefined) continue;
    if (repository?.blobs.has(part.digest) === true && core.blobs.isKnown(part.digest)) continue;
    throw new Refusal(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry");
  }
  for (const child of manifest.children) {
    if (repository?.artifacts.has(child.digest) === true) continue;
    throw new Refusal(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry");
  }
}

/** The place for blobs of a repository that may not be known yet. */
export function blobPlace(project: ProjectRow, name: string): RepositoryRow {
  const existing = project.repositories.get(name);
  if (existing !== undefined) return existing;
  const repository: RepositoryRow = {
    id: 0,
    name,
    projectId: project.id,
    description: "",
    createdAt: 0,
    updatedAt: 0,
    pullCount: 0,
    known: false,
    artifacts: new Map(),
    tags: new Map(),
    accessories: new Map(),
    blobs: new Set(),
  };
  project.repositories.set(name, repository);
  return repository;
}

/** The blob may be fetched through the repository from now on: the registry links it, Harbor writes it down. */
export function linkBlob(core: Core, repository: RepositoryRow, digest: string): void {
  core.blobs.link(repository.name, digest);
  repository.blobs.add(digest);
}

/** The repository, made known by its first manifest. */
export function ensureRepository(core: Core, project: ProjectRow, name: string): RepositoryRow {
  const repository = blobPlace(project, name);
  if (repository.known) return repository;
  repository.known = true;
  repository.id = nextId(core.state, "repository");
  repository.createdAt = core.now();
  repository.updatedAt = core.now();
  core.state.revision++;
  return repository;
}

function ensureArtifact(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  manifest: Manifest,
  bytes: Buffer,
  digest: string,
): ArtifactRow {
  const existing = repository.artifacts.get(digest);
  if (existing !== undefined) return existing;
  const children = manifest.children.flatMap((child) => {
    const row = repository.artifacts.get(child.digest);
    return row === undefined
      ? []
      : [
          {
            row,
            reference: { digest: child.digest, id: row.id, architecture: child.architecture, os: child.os },
          },
        ];
  });
  const parts = [manifest.config, ...manifest.layers].filter((part) => part !== undefined);
  const own = parts.reduce((sum, part) => sum + part.size, bytes.length);
  const artifact: ArtifactRow = {
    id: nextId(core.state, "artifact"),
    digest,
    repositoryId: repository.id,
    repositoryName: repository.name,
    projectId: project.id,
    manifestMediaType: manifest.manifestMediaType,
    mediaType: manifest.isIndex ? manifest.manifestMediaType : (manifest.config?.mediaType ?? ""),
    artifactType: manifest.artifactType,
    type: typeOf(manifest),
    size: children.reduce((sum, child) => sum + child.row.size, own),
    pushedAt: core.now(),
    pulledAt: 0,
    children: children.map((child) => child.reference),
    parents: new Set(),
    tags: new Set(),
    labels: [],
    blobs: parts.map((part) => part.digest),
    extra: extraAttributes(core.blobs, manifest.config),
    accessory: undefined,
  };
  for (const child of children) child.row.parents.add(artifact.id);
  addArtifact(core, project, repository, artifact);
  linkSubject(core, repository, artifact, manifest);
  adoptAccessories(repository, artifact);
  return artifact;
}

export function addArtifact(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  artifact: ArtifactRow,
): void {
  repository.artifacts.set(artifact.digest, artifact);
  project.artifacts.push(artifact);
  if (core.profile.minor >= 16) repository.updatedAt = core.now();
  core.state.revision++;
}

function typeOf(manifest: Manifest): string {
  const match = /^application\/vnd\.[^.]*\.?(\w+)\.config\.v\w+\+json$/.exec(
    manifest.config?.mediaType ?? "",
  );
  const named = match?.[1]?.toUpperCase();
  if (
    manifest.isIndex ||
    named === "IMAGE" ||
    manifest.config?.mediaType.includes("container.image") === true
  ) {
    return "IMAGE";
  }
  if (named === "HELM" || manifest.config?.mediaType.includes("helm") === true) return "CHART";
  return named ?? "UNKNOWN";
}

/** Creates the tag or moves it; the time of its push changes only if it did not stand here already. */
export function setTag(core: Core, repository: RepositoryRow, artifact: ArtifactRow, name: string): void {
  const now = core.now();
  const tag = repository.tags.get(name);
  if (tag?.artifactId === artifact.id) return;
  if (tag === undefined) {
    const id = nextId(core.state, "tag");
    repository.tags.set(name, {
      id,
      name,
      artifactId: artifact.id,
      digest: artifact.digest,
      pushedAt: now,
      pulledAt: 0,
    });
  } else {
    repository.artifacts.get(tag.digest)?.tags.delete(name);
    tag.artifactId = artifact.id;
    tag.digest = artifact.digest;
    tag.pushedAt = now;
  }
  artifact.tags.add(name);
  linkByTag(core, repository, artifact, name);
  if (core.profile.minor >= 16) repository.updatedAt = now;
  core.state.revision++;
}
