import { derivedValue, type Core } from "./core.ts";
import { Refusal } from "./exchange.ts";
import type { Manifest } from "./manifest.ts";
import type { ProjectRow } from "./state.ts";

/** Bytes that a project uses: each blob and manifest once. */
export function usedBytes(core: Core, project: ProjectRow): number {
  return derivedValue(core, `used:${project.id}`, () => countBytes(core, project), isNumber);
}

function countBytes(core: Core, project: ProjectRow): number {
  const digests = new Set<string>();
  for (const artifact of project.artifacts) {
    digests.add(artifact.digest);
    for (const blob of artifact.blobs) digests.add(blob);
  }
  let bytes = 0;
  for (const digest of digests) bytes += core.blobs.sizeOf(digest);
  return bytes;
}

/** Refuses a manifest that does not fit (goharbor/harbor src/server/middleware/quota). */
export function refuseBeyondQuota(
  core: Core,
  project: ProjectRow,
  digest: string,
  bytes: number,
  manifest: Manifest,
): void {
  if (project.quotaBytes < 0 || project.artifacts.some((one) => one.digest === digest)) return;
  const known = new Set(project.artifacts.flatMap((one) => one.blobs));
  const parts = [manifest.config, ...manifest.layers].filter((one) => one !== undefined);
  const added = new Map(parts.filter((one) => !known.has(one.digest)).map((one) => [one.digest, one.size]));
  const more = [...added.values()].reduce((sum, size) => sum + size, bytes);
  const used = usedBytes(core, project);
  if (used + more <= project.quotaBytes) return;
  throw new Refusal(
    403,
    "DENIED",
    `adding ${units(more)} of storage resource, which when updated to current usage of ${units(used)} ` +
      `will exceed the configured upper limit of ${units(project.quotaBytes)}.`,
  );
}

function units(bytes: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes === 0 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${names[power] ?? "B"}`;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
