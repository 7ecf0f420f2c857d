import type { Api } from "./api.ts";
import type { Connection } from "./connection.ts";
import { HarborError, reinterpreted } from "./harbor-error.ts";
import { readArtifact } from "./single-artifact.ts";
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

/**
 * By tag or digest; `repository` with its project. Undefined on 404; 401 rejects, which is also what /v2 says for a project that is not there or not
 * allowed. From 2.3 on a project's deployment security answers 412 for what is there and too vulnerable, unsigned or not scanned yet
 * (goharbor/harbor#15056); it does not guard the API, which is asked then.
 */
export async function readTagDigest(
  api: Api,
  repository: string,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    return await headDigest(api.connection, repository, reference, signal);
  } catch (error) {
    if (!(error instanceof HarborError) || error.status !== 412) throw error;
    const artifact = await readArtifact(api, { repository, reference, withAccessories: false }, signal);
    // The registry has it and the API has not: removed between the two, maybe. It is not absent by this alone.
    if (artifact === undefined) throw reinterpreted(error, "HARBOR_PRECONDITION", GUARDED);
    return artifact.digest;
  }
}

const GUARDED =
  "the deployment security of that project keeps vulnerable or unsigned images from being pulled; see its configuration";

function headDigest(
  connection: Connection,
  repository: string,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await connection.request({
      doing: `asking what ${repository}:${reference} stands for`,
      method: "HEAD",
      url: `/v2/${repository}/manifests/${encodeURIComponent(reference)}`,
      repeatable: "read",
      headers: { Accept: MANIFEST_TYPES, "User-Agent": UNCOUNTED_AGENT },
      signal,
    });
    const digest = answer.header("docker-content-digest") ?? "";
    if (!/^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest)) throw answer.nonsense("the answer names no digest");
    return digest;
  });
}
