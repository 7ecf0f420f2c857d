import type { SharedStorageTopology } from "./model.ts";
import { normalUrl } from "./registry-url.ts";

/** An address that leads into a cluster; `node` is undefined where it leads to all of them. */
export interface ClusterAddress {
  readonly url: string;
  readonly node: string | undefined;
}

/** Every address by which something declared may mean this cluster: of its nodes, of its front, and what clients call it. */
export function addressesOf({ nodes, front }: SharedStorageTopology): ClusterAddress[] {
  const common = nodes.flatMap(({ url, host }) => {
    const address = host === undefined ? undefined : normalUrl(`${new URL(url).protocol}//${host}`);
    return address === undefined ? [] : [address];
  });
  const all = new Set([...(front === undefined ? [] : [front.url]), ...common]);
  return [
    ...[...all].map((url) => ({ url, node: undefined })),
    // A front that is called as a node is: what leads there leads to all of them.
    ...nodes.filter(({ url }) => !all.has(url)).map(({ name, url }) => ({ url, node: name })),
  ];
}
