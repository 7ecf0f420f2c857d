import type { Api } from "./api.ts";
import { HarborError } from "./harbor-error.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";

type Signal = AbortSignal | undefined;

const TAGS = "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/tags";

/** `repository` with its project. False when the repository has a tag of that name already: Harbor moves none by this request. */
export async function createTag(
  api: Api,
  repository: string,
  digest: string,
  tag: string,
  signal: Signal,
): Promise<boolean> {
  try {
    await api.call("post", TAGS, {
      doing: `tagging ${repository}@${digest} as ${tag}`,
      path: pathOf(repository, digest),
      body: { name: tag },
      signal,
    });
    return true;
  } catch (error) {
    if (error instanceof HarborError && error.code === "HARBOR_CONFLICT") return false;
    throw error;
  }
}

/**
 * `repository` with its project. False when the tag does not stand on that digest: Harbor answers 404 then, so that a tag that moved meanwhile is left
 * alone (goharbor/harbor src/server/v2.0/handler/artifact.go:287). Not repeated once it was sent: the tag may have been put back since.
 */
export async function deleteTag(
  api: Api,
  repository: string,
  digest: string,
  tag: string,
  signal: Signal,
): Promise<boolean> {
  const deleted = await undefinedIfAbsent(() =>
    api.call("delete", `${TAGS}/{tag_name}`, {
      doing: `removing the tag ${repository}:${tag}`,
      path: { ...pathOf(repository, digest), tag_name: tag },
      repeatable: "once",
      signal,
    }),
  );
  return deleted !== undefined;
}

function pathOf(
  repository: string,
  reference: string,
): { project_name: string; repository_name: string; reference: string } {
  const slash = repository.indexOf("/");
  return {
    project_name: repository.slice(0, slash),
    repository_name: repository.slice(slash + 1),
    reference,
  };
}
