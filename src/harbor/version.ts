import type { Version } from "../observed/model.ts";

/** Parses `v2.9.0-0d3a1b2c` and the like; undefined for anything else, e.g. the `dev` of a build without a version. */
export function parseVersion(text: string): Version | undefined {
  const parts = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])/.exec(text);
  if (parts === null) return undefined;
  return { major: Number(parts[1]), minor: Number(parts[2]), patch: Number(parts[3] ?? 0), text };
}

/** Tidelock speaks with Harbor 2.1 and every later 2.x. */
export function isSupported(version: Version): boolean {
  return version.major === 2 && version.minor >= 1;
}
