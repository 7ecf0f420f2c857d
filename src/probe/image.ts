import { createCipheriv, createHash } from "node:crypto";
import type { Random } from "../clock.ts";

export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

export interface Blob {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** A whole image, in memory. */
export interface ProbeImage {
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly manifest: Blob;
}

const TAR_BLOCK = 512;

/**
 * An image whose bytes no registry has seen before, so that none can answer from what it had. Each layer is a tar of one file, for
 * scanners would stumble over anything else. `layerBytes` counts the tar's header in; multiples of 512.
 */
export function makeImage(random: Random, layerBytes: readonly number[]): ProbeImage {
  const layers = layerBytes.map((bytes, index) => blobOf(makeLayer(random, bytes, `probe-${index}`)));
  const config = blobOf(
    json({
      architecture: "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, size: config.bytes.length, digest: config.digest },
    layers: layers.map(({ bytes, digest }) => ({ mediaType: LAYER_TYPE, size: bytes.length, digest })),
  };
  return { config, layers, manifest: blobOf(json(manifest)) };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** As many bytes as asked for that nobody has seen before; quick also for a megabyte. */
export function uniqueBytes(random: Random, length: number): Uint8Array {
  const key = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
  return createCipheriv("aes-128-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

function blobOf(bytes: Uint8Array): Blob {
  return { digest: digestOf(bytes), bytes };
}

function json(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** A header and the file; the empty blocks at the end of a tar may be left out. */
function makeLayer(random: Random, bytes: number, name: string): Uint8Array {
  const size = Math.max(TAR_BLOCK, bytes - TAR_BLOCK);
  return Buffer.concat([tarHeader(name, size), uniqueBytes(random, size)]);
}

/** The ustar header of a plain file. */
function tarHeader(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(TAR_BLOCK);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  header.write(name, 0);
  header.write(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  header.write(`${octal(size, 11)}\0${octal(0, 11)}\0`, 124);
  header.write("        0", 148);
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}
