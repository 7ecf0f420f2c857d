import { createRegistryV2Client, type RegistryV2Deps } from "../../src/registry-v2/client.ts";
import type { RegistryV2Port } from "../../src/registry-v2/port.ts";
import type { Registry } from "../../src/topology/model.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { registryAt } from "../support/harbor-at.ts";

export function registryV2At(
  url: string,
  deps: Partial<RegistryV2Deps> = {},
  more: Partial<Registry> = {},
): RegistryV2Port {
  return createRegistryV2Client(registryAt(url, more), {
    clock: new AutoClock(),
    random: () => 0.5,
    environment: {},
    ...deps,
  });
}

const encode = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** An image of one layer: its blobs, and its manifest given their digests. */
export const IMAGE = {
  config: encode('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'),
  layer: encode("layer of a test, long enough to be cut in chunks: 0123456789abcdef0123456789abcdef"),
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  manifest: (config: string, layer: string): Uint8Array =>
    encode(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: {
          mediaType: "application/vnd.oci.image.config.v1+json",
          digest: config,
          size: IMAGE.config.length,
        },
        layers: [
          {
            mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
            digest: layer,
            size: IMAGE.layer.length,
          },
        ],
      }),
    ),
};
