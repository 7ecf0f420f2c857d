import type { Artifact, ListedArtifact, Repository } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import { decodeArtifact, decodeRepository } from "./decode-artifact.ts";
import type { components } from "./generated/harbor.ts";
import { pagesOf, rowsOf } from "./listing.ts";
import type { Listing, Page } from "./page.ts";
import { BY_NAME } from "./projects.ts";
import { quickRows } from "./quick-rows.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";
import { listOf, WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
type Signal = AbortSignal | undefined;

export function listRepositories(
  api: Api,
  dialect: Dialect,
  project: string,
  signal: Signal,
): AsyncIterable<Repository> {
  return rowsOf({
    of: `the repositories of ${project}`,
    key: dialect.sortedListings ? "repository_id" : undefined,
    ask: (query) =>
      api.call("get", "/projects/{project_name}/repositories", {
        doing: `listing the repositories of ${project}`,
        path: { project_name: project },
        query,
        signal,
      }),
    decode: (wire) => listOf<Schemas["Repository"]>(wire, "repositories").map(decodeRepository),
    id: (repository) => repository.id,
  });
}

interface Place {
  readonly project: string;
  readonly repository: string;
  readonly withAccessories: boolean;
}

export function listArtifacts(
  api: Api,
  dialect: Dialect,
  place: Place,
  signal: Signal,
): AsyncIterable<Artifact> {
  const name = `${place.project}/${place.repository}`;
  return rowsOf({
    ...repositoryListing(api, dialect, place, signal),
    decode: (wire) => listOf<Schemas["Artifact"]>(wire, "artifacts").map((row) => decodeArtifact(row, name)),
  });
}

function repositoryListing(
  api: Api,
  dialect: Dialect,
  { project, repository, withAccessories }: Place,
  signal: Signal,
): Omit<Listing<ListedArtifact>, "decode"> {
  const name = `${project}/${repository}`;
  return {
    of: `the artifacts of ${name}`,
    key: dialect.sortedListings ? "id" : undefined,
    ask: (query) =>
      api.call("get", "/projects/{project_name}/repositories/{repository_name}/artifacts", {
        doing: `listing the artifacts of ${name}`,
        path: { project_name: project, repository_name: repository },
        query: { ...query, ...tagsAnd(withAccessories) },
        signal,
      }),
    id: (artifact) => artifact.id,
  };
}

/** Since 2.12. Each row names its repository. */
export function listProjectArtifacts(api: Api, project: string, signal: Signal): AsyncIterable<Artifact> {
  return rowsOf({
    ...projectListing(api, project, signal),
    decode: (wire) => listOf<Schemas["Artifact"]>(wire, "artifacts").map((row) => decodeArtifact(row)),
  });
}

/** As the two above, by pages: of a project where no repository is named. */
export function listArtifactPages(
  api: Api,
  dialect: Dialect,
  place: {
    readonly project: string;
    readonly repository: string | undefined;
    readonly withAccessories: boolean;
  },
  signal: Signal,
): AsyncIterable<Page<ListedArtifact>> {
  const { project, repository, withAccessories } = place;
  const inLanes = true;
  if (repository === undefined) {
    return pagesOf({
      ...projectListing(api, project, signal),
      inLanes,
      decode: (wire) => listedArtifacts(wire),
    });
  }
  return pagesOf({
    ...repositoryListing(api, dialect, { project, repository, withAccessories }, signal),
    inLanes,
    decode: (wire) => listedArtifacts(wire, `${project}/${repository}`),
  });
}

function projectListing(api: Api, project: string, signal: Signal): Omit<Listing<ListedArtifact>, "decode"> {
  return {
    of: `the artifacts of ${project}`,
    key: "id",
    ask: (query) =>
      api.call("get", "/projects/{project_name_or_id}/artifacts", {
        doing: `listing the artifacts of ${project}`,
        path: { project_name_or_id: project },
        query: { ...query, ...tagsAnd(true) },
        headers: BY_NAME,
        signal,
      }),
    id: (artifact) => artifact.id,
  };
}

function listedArtifacts(wire: unknown, repository?: string): readonly ListedArtifact[] {
  return (
    quickRows(wire, repository) ??
    listOf<Schemas["Artifact"]>(wire, "artifacts").map((row) => decodeArtifact(row, repository))
  );
}

/** `repository` with its project. Undefined when Harbor says that tag or repository are not there. */
export function readTag(
  api: Api,
  repository: string,
  tag: string,
  signal: Signal,
): Promise<{ digest: string; pushedAt: number } | undefined> {
  const slash = repository.indexOf("/");
  const path = {
    project_name: repository.slice(0, slash),
    repository_name: repository.slice(slash + 1),
    reference: tag,
  };
  return undefinedIfAbsent(async () => {
    const answer = await api.call(
      "get",
      "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}",
      { doing: `reading ${repository}:${tag}`, path, query: { with_tag: true }, signal },
    );
    const artifact = decodeArtifact(
      new WireObject<Schemas["Artifact"]>(answer.json(), "artifact"),
      repository,
    );
    const found = artifact.tags.find((one) => one.name === tag);
    // Moved or removed between Harbor's own two reads: asking again tells; it is not absent by this alone.
    if (found === undefined)
      throw answer.nonsense("the artifact came without the tag that it was asked for by");
    return { digest: artifact.digest, pushedAt: found.pushedAt };
  });
}

function tagsAnd(withAccessories: boolean): { with_tag: true; with_accessory?: true } {
  return withAccessories ? { with_tag: true, with_accessory: true } : { with_tag: true };
}
