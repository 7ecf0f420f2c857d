import type { Artifact } from "../observed/model.ts";
import type { Api } from "./api.ts";
import { decodeArtifact } from "./decode-artifact.ts";
import type { components } from "./generated/harbor.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";
import { WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];

/** By tag or digest, accessories too, which no listing has; `repository` with its project. Undefined when Harbor says that it is not there. */
export function readArtifact(
  api: Api,
  place: { readonly repository: string; readonly reference: string; readonly withAccessories: boolean },
  signal: AbortSignal | undefined,
): Promise<Artifact | undefined> {
  const { repository, reference } = place;
  const slash = repository.indexOf("/");
  return undefinedIfAbsent(async () => {
    const answer = await api.call(
      "get",
      "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}",
      {
        doing: `reading ${repository}@${reference}`,
        path: {
          project_name: repository.slice(0, slash),
          repository_name: repository.slice(slash + 1),
          reference,
        },
        query: { with_tag: true, ...(place.withAccessories ? { with_accessory: true } : {}) },
        signal,
      },
    );
    return decodeArtifact(new WireObject<Schemas["Artifact"]>(answer.json(), "artifact"), repository);
  });
}
