import { notFound } from "./exchange.ts";
import { placeOf, projectName, type Place } from "./repository-routes.ts";
import { parameter, type Context } from "./router.ts";
import type { ArtifactRow, RepositoryRow } from "./state.ts";

export interface Found extends Place {
  readonly artifact: ArtifactRow;
}

/** The artifact that the path names by tag or digest; 404 in Harbor's words. */
export function artifactOf(context: Context): Found {
  const reference = parameter(context, "reference");
  const place = placeOf(context);
  const artifact = place === undefined ? undefined : byReference(place.repository, reference);
  if (place !== undefined && artifact !== undefined) return { ...place, artifact };
  const name = `${projectName(context)}/${parameter(context, "repository")}`;
  throw notFound(`artifact ${name}${reference.startsWith("sha256:") ? "@" : ":"}${reference} not found`);
}

export function byReference(repository: RepositoryRow, reference: string): ArtifactRow | undefined {
  const digest = reference.startsWith("sha256:") ? reference : repository.tags.get(reference)?.digest;
  return digest === undefined ? undefined : repository.artifacts.get(digest);
}
