import type { Connection } from "./connection.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";

/** Every kind of manifest that Harbor keeps; without them an index would be turned into one of its children. */
export const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Harbor counts no pull for this name (goharbor/harbor src/server/registry/manifest.go:126-129). */
export const UNCOUNTED_AGENT = "harbor-registry-client";

/** `repository` with its project. Undefined on 404; 401 rejects, which is also what /v2 says for a project that is not there or not allowed. */
export function readTagDigest(
  connection: Connection,
  repository: string,
  tag: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await connection.request({
      doing: `asking what ${repository}:${tag} stands for`,
      method: "HEAD",
      url: `/v2/${repository}/manifests/${encodeURIComponent(tag)}`,
      repeatable: "read",
      headers: { Accept: MANIFEST_TYPES, "User-Agent": UNCOUNTED_AGENT },
      signal,
    });
    const digest = answer.header("docker-content-digest") ?? "";
    if (!/^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest)) throw answer.nonsense("the answer names no digest");
    return digest;
  });
}
