import { digestOf } from "./blob-store.ts";
import type { Core } from "./core.ts";
import { imageOf } from "./image.ts";
import { OCI_CONFIG, OCI_LAYER, OCI_MANIFEST } from "./manifest.ts";
import { createProject } from "./projects.ts";
import { addArtifact, blobPlace, ensureRepository, linkBlob } from "./push.ts";
import { nextId, projectNamed, type ArtifactRow, type ProjectRow, type RepositoryRow } from "./state.ts";

/** How much to fill in: so many repositories in each project, so many tags in each repository, each its own artifact. */
export interface Filling {
  readonly projects: number;
  readonly repositories: number;
  readonly tags: number;
  /** Project names are this and a number; `fill` by default. */
  readonly prefix?: string;
  /** Other seeds make other digests under the same names. */
  readonly seed?: number;
  /** Tags on each artifact; 1 by default. The number of tags stays what was asked for. */
  readonly tagsPerArtifact?: number;
}

/** Rows straight into the tables; manifests are made again when somebody fetches them. */
export function fill(core: Core, filling: Filling): void {
  for (let p = 0; p < filling.projects; p++) {
    const name = `${filling.prefix ?? "fill"}${p}`;
    const project =
      projectNamed(core.state, name) ?? createProject(core, { name, public: false, owner: "admin" });
    for (let r = 0; r < filling.repositories; r++) {
      fillRepository(core, project, `${name}/repo${r}`, filling);
    }
  }
}

function fillRepository(core: Core, project: ProjectRow, name: string, filling: Filling): void {
  const place = blobPlace(project, name);
  const shared = imageOf({}, `${filling.seed ?? 0}/${name}`);
  const [layer = "", config = ""] = shared.blobs.map((blob) => core.blobs.put(blob));
  for (const blob of [layer, config]) linkBlob(core, place, blob);
  const repository = ensureRepository(core, project, name);
  const perArtifact = filling.tagsPerArtifact ?? 1;
  let artifact: ArtifactRow | undefined;
  for (let tag = 0; tag < filling.tags; tag++) {
    if (artifact === undefined || tag % perArtifact === 0) {
      const write = (): Buffer => manifestOf(`${name}#${filling.seed ?? 0}#${tag}`, core, layer, config);
      artifact = addRow(core, project, repository, write, [config, layer]);
    }
    addTag(core, repository, artifact, `v${tag}`);
  }
}

function manifestOf(annotation: string, core: Core, layer: string, config: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: OCI_CONFIG, size: core.blobs.sizeOf(config), digest: config },
      layers: [{ mediaType: OCI_LAYER, size: core.blobs.sizeOf(layer), digest: layer }],
      annotations: { filled: annotation },
    }),
  );
}

function addRow(
  core: Core,
  project: ProjectRow,
  repository: RepositoryRow,
  make: () => Buffer,
  blobs: readonly string[],
): ArtifactRow {
  const bytes = make();
  const digest = digestOf(bytes);
  const existing = repository.artifacts.get(digest);
  if (existing !== undefined) return existing;
  core.blobs.putRecipe(digest, { size: bytes.length, make });
  const artifact: ArtifactRow = {
    id: nextId(core.state, "artifact"),
    digest,
    repositoryId: repository.id,
    repositoryName: repository.name,
    projectId: project.id,
    manifestMediaType: OCI_MANIFEST,
    mediaType: OCI_CONFIG,
    artifactType: "",
    type: "IMAGE",
    size: bytes.length + blobs.reduce((sum, blob) => sum + core.blobs.sizeOf(blob), 0),
    pushedAt: core.now(),
    pulledAt: 0,
    children: [],
    parents: new Set(),
    tags: new Set(),
    labels: [],
    blobs,
    extra: { architecture: "amd64", author: "", config: {}, created: null, os: "linux" },
    accessory: undefined,
  };
  addArtifact(core, project, repository, artifact);
  return artifact;
}

function addTag(core: Core, repository: RepositoryRow, artifact: ArtifactRow, name: string): void {
  if (repository.tags.has(name)) return;
  const id = nextId(core.state, "tag");
  const row = {
    id,
    name,
    artifactId: artifact.id,
    digest: artifact.digest,
    pushedAt: core.now(),
    pulledAt: 0,
  };
  repository.tags.set(name, row);
  artifact.tags.add(name);
  core.state.revision++;
}
