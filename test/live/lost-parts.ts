import type { RegistryV2Port } from "../../src/registry-v2/port.ts";

interface Document {
  readonly layers?: readonly { readonly digest: string }[];
  readonly manifests?: readonly { readonly digest: string }[];
}

/** Digests of what is to be lost: layers of the tags `layer` and `big`, the manifest of `manifest`, and an image of `index`. */
export async function lostParts(
  registry: RegistryV2Port,
  repository: string,
): Promise<{
  readonly layer: string;
  readonly big: string;
  readonly manifest: string;
  readonly child: string;
}> {
  const read = async (tag: string): Promise<Document & { readonly digest: string }> => {
    const manifest = await registry.manifest(repository, tag);
    if (manifest === undefined) throw new Error(`${repository}:${tag} is not there`);
    const document = JSON.parse(Buffer.from(manifest.bytes).toString("utf8")) as Document;
    return { ...document, digest: manifest.digest };
  };
  const first = (all: Document["layers"]): string => all?.[0]?.digest ?? "";
  const [layer, big, index] = [await read("layer"), await read("big"), await read("index")];
  return {
    layer: first(layer.layers),
    big: first(big.layers),
    manifest: (await read("manifest")).digest,
    child: first(index.manifests),
  };
}
