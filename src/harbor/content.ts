import type { Artifact, Repository } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { Dialect } from "./capabilities.ts";
import { decodeArtifact, decodeRepository } from "./decode-artifact.ts";
import type { components } from "./generated/harbor.ts";
import { rowsOf } from "./listing.ts";
import { BY_NAME } from "./projects.ts";
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

export function listArtifacts(
  api: Api,
  dialect: Dialect,
  place: { readonly project: string; readonly repository: string; readonly withAccessories: boolean },
  signal: Signal,
): AsyncIterable<Artifact> {
  const { project, repository } = place;
  const name = `${project}/${repository}`;
  return rowsOf({
    of: `the artifacts of ${name}`,
    key: dialect.sortedListings ? "id" : undefined,
    ask: (query) =>
      api.call("get", "/projects/{project_name}/repositories/{repository_name}/artifacts", {
        doing: `listing the artifacts of ${name}`,
        path: { project_name: project, repository_name: repository },
        query: { ...query, ...tagsAnd(place.withAccessories) },
        signal,
      }),
    decode: (wire) => listOf<Schemas["Artifact"]>(wire, "artifacts").map((row) => decodeArtifact(row, name)),
    id: (artifact) => artifact.id,
  });
}

/** Since 2.12. Each row names its repository. */
export function listProjectArtifacts(api: Api, project: string, signal: Signal): AsyncIterable<Artifact> {
  return rowsOf({
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
    decode: (wire) => listOf<Schemas["Artifact"]>(wire, "artifacts").map((row) => decodeArtifact(row)),
    id: (artifact) => artifact.id,
  });
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
