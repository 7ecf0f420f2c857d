import type { BlobStore } from "./blob-store.ts";
import { Refusal } from "./exchange.ts";
import { listOf, numberOf, objectOf, parseJson, stringOf, type Json, type JsonObject } from "./json.ts";

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
export const OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

export interface Descriptor {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
  readonly architecture: string;
  readonly os: string;
}

/** What a manifest says. */
export interface Manifest {
  readonly manifestMediaType: string;
  readonly isIndex: boolean;
  readonly config: Descriptor | undefined;
  readonly layers: readonly Descriptor[];
  readonly children: readonly Descriptor[];
  /** The digest that an accessory refers to; empty if none. */
  readonly subject: string;
  readonly artifactType: string;
}

/** Reads a manifest or an index; 400 in the registry's words if it is none. */
export function readManifest(mediaType: string, bytes: Buffer): Manifest {
  const isIndex = mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
  const parsed = parseJson(bytes);
  if (!isIndex && mediaType !== OCI_MANIFEST && mediaType !== DOCKER_MANIFEST) {
    throw new Refusal(
      400,
      "MANIFEST_INVALID",
      `manifest invalid: unsupported manifest media type ${mediaType}`,
    );
  }
  if (parsed === undefined) throw new Refusal(400, "MANIFEST_INVALID", "manifest invalid");
  const document = objectOf(parsed);
  return {
    manifestMediaType: mediaType,
    isIndex,
    config: document["config"] === undefined ? undefined : descriptor(document["config"]),
    layers: listOf(document["layers"]).map(descriptor),
    children: listOf(document["manifests"]).map(descriptor),
    subject: stringOf(objectOf(document["subject"])["digest"]),
    artifactType: stringOf(document["artifactType"]),
  };
}

function descriptor(value: Json | undefined): Descriptor {
  const one = objectOf(value);
  const platform = objectOf(one["platform"]);
  return {
    digest: stringOf(one["digest"]),
    size: numberOf(one["size"]),
    mediaType: stringOf(one["mediaType"]),
    architecture: stringOf(platform["architecture"]),
    os: stringOf(platform["os"]),
  };
}

/** What Harbor copies from the configuration of an image into its listing. */
export function extraAttributes(
  blobs: BlobStore,
  config: Descriptor | undefined,
): { readonly [key: string]: Json } | undefined {
  if (
    config?.mediaType !== OCI_CONFIG &&
    config?.mediaType !== "application/vnd.docker.container.image.v1+json"
  ) {
    return undefined;
  }
  const content = blobs.get(config.digest);
  const image: JsonObject = objectOf(content === undefined ? undefined : parseJson(content));
  return {
    architecture: stringOf(image["architecture"]),
    author: stringOf(image["author"]),
    config: objectOf(image["config"]),
    created: image["created"] ?? null,
    os: stringOf(image["os"]),
  };
}
