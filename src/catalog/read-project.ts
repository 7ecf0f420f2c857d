import { toAppError, type AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Artifact, Project } from "../observed/model.ts";
import type { TagReading } from "../parity/model.ts";
import type { Selects } from "../topology/selection.ts";
import { AttachedRows } from "./attached-rows.ts";
import { HighestIds } from "./highest-ids.ts";

/** Repository (with the project) → tag → reading, in compact rows. */
export type ProjectRows = Map<string, Map<string, TagReading>>;

/** What one side holds of one project. Unread is not absent. */
export type ProjectReading =
  | {
      readonly kind: "read";
      readonly project: Project;
      /** The highest ids of its artifacts, highest first. */
      readonly newest: readonly number[];
      readonly rows: ProjectRows;
      readonly attached: AttachedRows;
      readonly unread: ReadonlyMap<string, AppError>;
    }
  /** Proven: a verified administrator asked for it by name and got 404. */
  | { readonly kind: "absent" }
  | { readonly kind: "unread"; readonly error: AppError };

/** Listed twice with different digests while it was read: it moved meanwhile, and is read again singly. */
export const DOUBTFUL = "";

/**
 * Reads the tags of one project that the selection covers: in one listing where that Harbor can, else repository by
 * repository. A project that the listing of projects lacks is asked for by name before it counts as absent.
 */
export async function readProject(
  port: HarborPort,
  name: string,
  listed: Project | undefined,
  chosen: Selects,
  signal: AbortSignal,
): Promise<ProjectReading> {
  try {
    const project = listed ?? (await port.project(name, signal));
    if (project === undefined) return { kind: "absent" };
    const { projectArtifacts, subjects } = await port.capabilities(signal);
    const found: Found = {
      rows: new Map(),
      attached: new AttachedRows({ linksSubjects: subjects }),
      ids: new HighestIds(),
    };
    const unread = projectArtifacts
      ? await readWhole(port, name, chosen, found, signal)
      : await readByRepository(port, name, chosen, found, signal);
    const { rows, attached, ids } = found;
    return { kind: "read", project, newest: ids.list(), rows, attached, unread };
  } catch (thrown) {
    signal.throwIfAborted();
    return { kind: "unread", error: toAppError(thrown) };
  }
}

interface Found {
  readonly rows: ProjectRows;
  readonly attached: AttachedRows;
  readonly ids: HighestIds;
}

/** Repository → why it could not be read. */
type UnreadRepositories = Map<string, AppError>;

async function readWhole(
  port: HarborPort,
  project: string,
  chosen: Selects,
  found: Found,
  signal: AbortSignal,
): Promise<UnreadRepositories> {
  for await (const artifact of port.projectArtifacts(project, signal)) addRows(found, artifact, chosen);
  return new Map();
}

/** One repository that can't be read leaves the others as they are. */
async function readByRepository(
  port: HarborPort,
  project: string,
  chosen: Selects,
  found: Found,
  signal: AbortSignal,
): Promise<UnreadRepositories> {
  const names: string[] = [];
  for await (const repository of port.repositories(project, signal)) {
    if (chosen.repository(repository.name)) names.push(repository.name);
  }
  const unread = new Map<string, AppError>();
  const readOne = async (name: string): Promise<void> => {
    try {
      const inside = name.slice(project.length + 1);
      for await (const artifact of port.artifacts(project, inside, signal)) addRows(found, artifact, chosen);
    } catch (thrown) {
      signal.throwIfAborted();
      unread.set(name, toAppError(thrown));
      found.rows.delete(name);
      found.attached.drop(name);
    }
  };
  await Promise.all(names.map(readOne));
  return unread;
}

function addRows({ rows, attached, ids }: Found, artifact: Artifact, chosen: Selects): void {
  if (!chosen.repository(artifact.repository)) return;
  attached.add(artifact);
  ids.add(artifact.id);
  if (artifact.tags.length === 0) return;
  let tags = rows.get(artifact.repository);
  if (tags === undefined) {
    tags = new Map();
    rows.set(artifact.repository, tags);
  }
  for (const { name, pushedAt } of artifact.tags) {
    if (!chosen.tag(name)) continue;
    const known = tags.get(name);
    const doubled = known !== undefined && known.digest !== artifact.digest;
    tags.set(name, { digest: doubled ? DOUBTFUL : artifact.digest, pushedAt });
  }
}
