import { digestOf } from "./blob-store.ts";
import type { Core } from "./core.ts";
import { accessoriesOf } from "./accessories.ts";
import { deleteArtifact, deleteTag } from "./deletion.ts";
import { fill, type Filling } from "./fill.ts";
import { identityNamed } from "./identity.ts";
import { imageOf, indexOf, signatureOf, type Image, type ImageContent } from "./image.ts";
import { OCI_INDEX, OCI_MANIFEST } from "./manifest.ts";
import { createProject } from "./projects.ts";
import { blobPlace, linkBlob, pushManifest } from "./push.ts";
import { hex } from "./random.ts";
import {
  projectNamed,
  projectPart,
  repositoryNamed,
  type ArtifactRow,
  type ProjectRow,
  type RepositoryRow,
} from "./state.ts";

interface PushContent extends ImageContent {
  /** The account that pushes; `admin` by default. */
  readonly as?: string;
  /** Instead of an image that is made. Its blobs must be there. */
  readonly manifest?: Buffer;
  readonly mediaType?: string;
}

interface ProjectOptions {
  readonly public?: boolean;
  readonly proxyOf?: number;
  readonly quotaBytes?: number;
  /** Besides `public`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Content put in and taken out without HTTP, with the same checks and the same events. Names include the project. */
export interface SandboxContent {
  /** Pushes an image under a tag, makes the project if it lacks; returns the digest. Without a seed each is another one. */
  push(repository: string, tag: string, content?: PushContent): string;
  /** Pushes an index over the images of the architectures, which are pushed first, by digest. */
  pushIndex(repository: string, tag: string, architectures: readonly string[], content?: PushContent): string;
  /** Attaches a signature that names its subject; returns its digest. */
  sign(repository: string, digest: string, content?: PushContent): string;
  deleteTag(repository: string, tag: string, as?: string): void;
  /** By digest or tag. */
  deleteArtifact(repository: string, reference: string, as?: string): void;
  createProject(name: string, options?: ProjectOptions): void;
  /** Repository → tag → digest, of everything. */
  tags(): Map<string, Map<string, string>>;
  /** Digests of the signatures and the like of an artifact. */
  accessories(repository: string, digest: string): string[];
  /** Removes the file of a blob or manifest, as a broken disk does: what the registry keeps in Redis goes on naming it. */
  loseBlob(digest: string): void;
  /** Puts other bytes into the file. */
  damageBlob(digest: string, content: Buffer): void;
  /** The registry forgets what it kept of blobs, and looks at the files from now on. */
  forgetDescriptors(): void;
  /** Fills in bulk, without events and without an audit log. */
  fill(filling: Filling): void;
}

export function createContent(core: Core, before: () => void): SandboxContent {
  const put = (
    repository: string,
    reference: string,
    image: Image,
    mediaType: string,
    as?: string,
  ): string => {
    const project = projectFor(core, repository);
    const place = blobPlace(project, repository);
    for (const blob of image.blobs) linkBlob(core, place, core.blobs.put(blob));
    const by = identityNamed(core, as);
    return pushManifest(core, { repository, reference, mediaType, bytes: image.manifest, by });
  };
  const push = (repository: string, tag: string, content: PushContent = {}): string => {
    before();
    const image =
      content.manifest === undefined
        ? imageOf(content, content.seed ?? freshSeed(core))
        : { manifest: content.manifest, blobs: [] };
    return put(repository, tag, image, content.mediaType ?? OCI_MANIFEST, content.as);
  };
  return {
    push,
    pushIndex: (repository, tag, architectures, content = {}) => {
      before();
      const seed = content.seed ?? freshSeed(core);
      const children = architectures.map((architecture) => {
        const image = imageOf({ ...content, architecture }, `${seed}/${architecture}`);
        const digest = put(repository, digestOf(image.manifest), image, OCI_MANIFEST, content.as);
        return { digest, size: image.manifest.length, architecture };
      });
      return put(repository, tag, { manifest: indexOf(children), blobs: [] }, OCI_INDEX, content.as);
    },
    sign: (repository, digest, content = {}) => {
      before();
      const { artifact } = found(core, repository, digest);
      const subject = { digest, size: core.blobs.sizeOf(digest), mediaType: artifact.manifestMediaType };
      const image = signatureOf(subject, content.seed ?? freshSeed(core));
      // before 2.8 a signature is known by its tag only
      const reference =
        core.profile.minor >= 8 ? digestOf(image.manifest) : `${digest.replace(":", "-")}.sig`;
      return put(repository, reference, image, OCI_MANIFEST, content.as);
    },
    deleteTag: (repository, tag, as) => {
      before();
      const { project, row, artifact } = found(core, repository, tag);
      deleteTag(core, project, row, artifact, tag, identityNamed(core, as));
    },
    deleteArtifact: (repository, reference, as) => {
      before();
      const { project, row, artifact } = found(core, repository, reference);
      deleteArtifact(core, project, row, artifact, identityNamed(core, as));
    },
    createProject: (name, options = {}) => {
      before();
      const metadata = new Map(Object.entries(options.metadata ?? {}));
      createProject(core, { public: false, ...options, name, owner: "admin", metadata });
    },
    tags: () => {
      before();
      return tagMap(core);
    },
    accessories: (repository, digest) => {
      before();
      const { row, artifact } = found(core, repository, digest);
      return accessoriesOf(row, artifact).map((one) => one.digest);
    },
    loseBlob: (digest) => core.blobs.lose(digest),
    damageBlob: (digest, content) => core.blobs.damage(digest, content),
    forgetDescriptors: () => core.blobs.forgetDescriptors(),
    fill: (filling) => {
      before();
      fill(core, filling);
    },
  };
}

function freshSeed(core: Core): string {
  return `${core.name}-${hex(core.random, 16)}`;
}

function projectFor(core: Core, repository: string): ProjectRow {
  const name = projectPart(repository);
  return projectNamed(core.state, name) ?? createProject(core, { name, public: false, owner: "admin" });
}

function found(
  core: Core,
  repository: string,
  reference: string,
): { project: ProjectRow; row: RepositoryRow; artifact: ArtifactRow } {
  const project = projectNamed(core.state, projectPart(repository));
  const row = repositoryNamed(core.state, repository);
  const digest = reference.startsWith("sha256:") ? reference : row?.tags.get(reference)?.digest;
  const artifact = digest === undefined ? undefined : row?.artifacts.get(digest);
  if (project === undefined || row === undefined || artifact === undefined) {
    throw new Error(`the sandbox ${core.name} has no ${repository} with ${reference}`);
  }
  return { project, row, artifact };
}

function tagMap(core: Core): Map<string, Map<string, string>> {
  const map = new Map<string, Map<string, string>>();
  for (const project of core.state.projects.values()) {
    for (const repository of project.repositories.values()) {
      if (repository.tags.size === 0) continue;
      map.set(repository.name, new Map([...repository.tags].map(([name, tag]) => [name, tag.digest])));
    }
  }
  return map;
}
