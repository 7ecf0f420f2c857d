import { createConnection, type ConnectionDeps } from "../harbor/connection.ts";
import type { Registry } from "../topology/model.ts";
import { createSend, type Scheme } from "./authorization.ts";
import { grantedActions } from "./granted.ts";
import { headBlob, readBlob, readBlobRange, serveBlob } from "./blobs.ts";
import { deleteManifest, headManifest, putManifest, readManifest } from "./manifests.ts";
import type { RegistryV2Port } from "./port.ts";
import { listTagNames } from "./tag-names.ts";
import { createTokens } from "./tokens.ts";
import { uploadBlobFrom } from "./upload-stream.ts";
import { mountBlob, uploadBlob } from "./uploads.ts";

export interface RegistryV2Deps extends ConnectionDeps {
  /** `basic` (default) sends the password with each request, `token` fetches bearer tokens as docker does. */
  readonly scheme?: Scheme;
}

export function createRegistryV2Client(registry: Registry, deps: RegistryV2Deps): RegistryV2Port {
  const connection = createConnection(registry, deps);
  const tokens = createTokens(connection);
  const send = createSend(connection, tokens, deps.scheme ?? "basic");
  const ways = { send, connection };
  return {
    headManifest: (repository, reference, signal) => headManifest(send, repository, reference, signal),
    manifest: (repository, reference, signal) => readManifest(send, repository, reference, signal),
    putManifest: (repository, reference, manifest, signal) =>
      putManifest(send, repository, reference, manifest, signal),
    deleteManifest: (repository, digest, signal) => deleteManifest(send, repository, digest, signal),
    headBlob: (repository, digest, signal) => headBlob(ways, repository, digest, signal),
    serveBlob: (repository, digest, range, signal) => serveBlob(ways, { repository, digest, range }, signal),
    readBlobRange: (repository, digest, range, signal) =>
      readBlobRange(ways, { repository, digest, range }, signal),
    blob: (repository, digest, signal) => readBlob(ways, repository, digest, signal),
    mountBlob: (repository, digest, from, signal) => mountBlob(send, { repository, digest, from }, signal),
    uploadBlob: (repository, bytes, options = {}) => uploadBlob(ways, repository, bytes, options),
    uploadBlobFrom: (repository, digest, chunks, signal) =>
      uploadBlobFrom(send, { repository, digest, chunks }, signal),
    tags: (repository, signal) => listTagNames(send, repository, signal),
    granted: (repository, signal) => grantedActions(tokens, repository, signal),
    requestCount: () => connection.requestCount(),
    close: () => connection.close(),
  };
}
