import { byReference } from "./by-reference.ts";
import { notFound, type Refusal } from "./exchange.ts";
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
  throw artifactUnknown(place?.repository, name, reference);
}

/** A tag is looked for in its repository, so it is the repository that lacks; a digest needs none (seen on 2.9.0). */
export function artifactUnknown(row: RepositoryRow | undefined, name: string, reference: string): Refusal {
  if (reference.startsWith("sha256:")) return notFound(`artifact ${name}@${reference} not found`);
  if (row?.known !== true) return notFound(`repository ${name} not found`);
  return notFound(`artifact ${name}:${reference} not found`);
}
