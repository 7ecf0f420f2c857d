import type { Core } from "./core.ts";
import type { Manifest } from "./manifest.ts";
import { nextId, type ArtifactRow, type RepositoryRow } from "./state.ts";

const COSIGN_TAG = /^sha256-([0-9a-f]{64})\.(sig|att|sbom)$/;

/** An artifact that names its subject is an accessory from 2.8 on. */
export function linkSubject(
  core: Core,
  repository: RepositoryRow,
  artifact: ArtifactRow,
  manifest: Manifest,
): void {
  if (manifest.subject === "" || core.profile.minor < 8) return;
  link(core, repository, artifact, manifest.subject, accessoryType(manifest));
}

/** A signature by the naming of its tag; 2.1 has no accessories. */
export function linkByTag(core: Core, repository: RepositoryRow, artifact: ArtifactRow, tag: string): void {
  const found = COSIGN_TAG.exec(tag);
  if (found === null || core.profile.minor < 5 || artifact.accessory !== undefined) return;
  link(core, repository, artifact, `sha256:${found[1] ?? ""}`, "signature.cosign");
}

function link(
  core: Core,
  repository: RepositoryRow,
  artifact: ArtifactRow,
  subjectDigest: string,
  type: string,
): void {
  artifact.accessory = {
    id: nextId(core.state, "accessory"),
    subjectId: repository.artifacts.get(subjectDigest)?.id,
    subjectDigest,
    type,
  };
  repository.accessories.set(subjectDigest, [...(repository.accessories.get(subjectDigest) ?? []), artifact]);
  core.state.revision++;
}

/** Accessories may come before their subject. */
export function adoptAccessories(repository: RepositoryRow, subject: ArtifactRow): void {
  for (const artifact of repository.accessories.get(subject.digest) ?? []) {
    if (artifact.accessory !== undefined) artifact.accessory.subjectId = subject.id;
  }
}

/** The accessories of an artifact that is in the repository. */
export function accessoriesOf(repository: RepositoryRow, subject: ArtifactRow): readonly ArtifactRow[] {
  return repository.accessories.get(subject.digest) ?? [];
}

export function unlinkAccessory(repository: RepositoryRow, artifact: ArtifactRow): void {
  const subject = artifact.accessory?.subjectDigest;
  if (subject === undefined) return;
  const left = (repository.accessories.get(subject) ?? []).filter((one) => one !== artifact);
  if (left.length === 0) repository.accessories.delete(subject);
  else repository.accessories.set(subject, left);
}

function accessoryType(manifest: Manifest): string {
  const named = `${manifest.config?.mediaType ?? ""} ${manifest.artifactType}`;
  if (named.includes("cosign")) return "signature.cosign";
  if (named.includes("notary")) return "signature.notation";
  if (named.includes("nydus")) return "accelerator.nydus";
  if (named.includes("sbom")) return "sbom.harbor";
  return "subject.accessory";
}
