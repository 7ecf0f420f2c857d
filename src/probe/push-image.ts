import type { Answered } from "../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { answered, isGood } from "./answered.ts";
import type { ProbeContext } from "./context.ts";
import { MANIFEST_TYPE, type Blob, type ProbeImage } from "./image.ts";
import { ownPath, withQuery } from "./own-path.ts";

/** Where an image goes: a repository with its project, and a tag. */
export interface Place {
  readonly node: NodePort;
  readonly repository: string;
  readonly tag: string;
}

/**
 * Pushes an image as clients do: all blobs at once, the manifest last. The first refusal comes back, else the answer to the manifest.
 * Removing the repository is the caller's.
 */
export async function pushImage(
  context: Pick<ProbeContext, "beforeWrite">,
  { node, repository, tag }: Place,
  image: ProbeImage,
  signal: AbortSignal,
): Promise<Answered> {
  const blobs = [image.config, ...image.layers];
  const uploads = await Promise.all(
    blobs.map((blob) => uploadBlob(context, { node, repository }, blob, signal)),
  );
  const refused = uploads.find((upload) => !isGood(upload));
  if (refused !== undefined) return answered(refused);
  await context.beforeWrite();
  const put = await node.ask(
    {
      method: "PUT",
      path: `/v2/${repository}/manifests/${tag}`,
      as: "account",
      headers: { "Content-Type": MANIFEST_TYPE },
      body: image.manifest.bytes,
    },
    signal,
  );
  return answered(put);
}

async function uploadBlob(
  { beforeWrite }: Pick<ProbeContext, "beforeWrite">,
  { node, repository }: Omit<Place, "tag">,
  { bytes, digest }: Blob,
  signal: AbortSignal,
): Promise<NodeAnswer> {
  await beforeWrite();
  const begun = await beginUpload(node, repository, signal);
  const location = begun.kind === "reply" ? ownPath(begun.headers["location"], node) : undefined;
  if (!isGood(begun) || location === undefined) return begun;
  await beforeWrite();
  return await node.ask(
    {
      method: "PUT",
      path: withQuery(location, `digest=${encodeURIComponent(digest)}`),
      as: "account",
      headers: { "Content-Type": "application/octet-stream" },
      body: bytes,
    },
    signal,
  );
}

export function beginUpload(node: NodePort, repository: string, signal: AbortSignal): Promise<NodeAnswer> {
  return node.ask({ method: "POST", path: `/v2/${repository}/blobs/uploads/`, as: "account" }, signal);
}
