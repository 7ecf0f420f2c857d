import { toAppError, type AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { ArtifactPage, Project } from "../observed/model.ts";
import type { Selects } from "../topology/selection.ts";
import { HighestIds } from "./highest-ids.ts";
import { inTurns } from "../in-turns.ts";
import { ProjectRows, type RowPlace } from "./project-rows.ts";

/** What one side holds of one project. Unread is not absent. */
export type ProjectReading =
  | {
      readonly kind: "read";
      readonly project: Project;
      /** The highest ids of its artifacts, highest first. */
      readonly newest: readonly number[];
      /** To be closed when all was compared. */
      readonly rows: ProjectRows;
      /** Repositories of which there may be a part in the rows. */
      readonly unread: ReadonlyMap<string, AppError>;
    }
  /** Proven: a verified administrator asked for it by name and got 404. */
  | { readonly kind: "absent" }
  | { readonly kind: "unread"; readonly error: AppError };

/** What is to be read of a project, and where it may go. */
export interface ProjectPart {
  readonly chosen: Selects;
  readonly place: RowPlace;
  /** These repositories alone, with the project. */
  readonly named?: readonly string[];
}

/**
 * Reads the tags of one project that the selection covers: in one listing where that Harbor can, else repository by
 * repository. A project that the listing of projects lacks is asked for by name before it counts as absent.
 */
export async function readProject(
  port: HarborPort,
  name: string,
  listed: Project | undefined,
  part: ProjectPart,
  signal: AbortSignal,
): Promise<ProjectReading> {
  let rows: ProjectRows | undefined;
  try {
    const project = listed ?? (await port.project(name, signal));
    if (project === undefined) return { kind: "absent" };
    const { projectArtifacts, subjects } = await port.capabilities(signal);
    rows = new ProjectRows(part.place, part.chosen, { linksSubjects: subjects });
    const found: Found = { rows, ids: new HighestIds() };
    const unread =
      projectArtifacts && part.named === undefined
        ? await readWhole(port, name, found, signal)
        : await readByRepository(port, name, part, found, signal);
    return { kind: "read", project, newest: found.ids.list(), rows, unread };
  } catch (thrown) {
    await rows?.close();
    signal.throwIfAborted();
    return { kind: "unread", error: toAppError(thrown) };
  }
}

interface Found {
  readonly rows: ProjectRows;
  readonly ids: HighestIds;
}

/** Repository → why it could not be read. */
type UnreadRepositories = Map<string, AppError>;

async function readWhole(
  port: HarborPort,
  project: string,
  found: Found,
  signal: AbortSignal,
): Promise<UnreadRepositories> {
  await readPages(port.artifactPages(project, undefined, signal), found);
  return new Map();
}

/** Repositories of one project at a time, so that what others ask of that registry comes in between. */
const REPOSITORIES_TOGETHER = 8;
/** Where so many in a row did not answer in time it is no single one that is broken: the rest would hold up everything else for as long each. */
const SILENT_IN_A_ROW = 8;

/** One repository that can't be read leaves the others as they are. */
async function readByRepository(
  port: HarborPort,
  project: string,
  part: ProjectPart,
  found: Found,
  signal: AbortSignal,
): Promise<UnreadRepositories> {
  const names = part.named ?? (await repositoriesOf(port, project, part.chosen, signal));
  const unread = new Map<string, AppError>();
  let silent: readonly AppError[] = [];
  const readOne = async (name: string): Promise<void> => {
    const [first] = silent;
    if (first !== undefined && silent.length >= SILENT_IN_A_ROW) {
      unread.set(name, first);
      return;
    }
    try {
      await readPages(port.artifactPages(project, name.slice(project.length + 1), signal), found);
      silent = [];
    } catch (thrown) {
      signal.throwIfAborted();
      const error = toAppError(thrown);
      silent = error.code === "HARBOR_TIMEOUT" ? [...silent, error] : [];
      unread.set(name, error);
    }
  };
  await inTurns(names, REPOSITORIES_TOGETHER, readOne);
  return unread;
}

async function repositoriesOf(
  port: HarborPort,
  project: string,
  chosen: Selects,
  signal: AbortSignal,
): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of port.repositories(project, signal))
    if (chosen.repository(name)) names.push(name);
  return names;
}

async function readPages(pages: AsyncIterable<ArtifactPage>, { rows, ids }: Found): Promise<void> {
  for await (const { rows: page, lane } of pages) {
    for (const artifact of page) if (rows.add(artifact, lane)) ids.add(artifact.id);
    await rows.makeRoom();
  }
}
