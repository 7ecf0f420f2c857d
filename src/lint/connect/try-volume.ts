import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { at } from "../finding.ts";
import { isValues, mapAt, textAt, type HarborFile } from "../harbor-file.ts";
import { mountOf, reachOf } from "./mounts.ts";
import { found, NOTHING, untested, type Tried } from "./outcome.ts";

const WHAT = "the mount of data_volume";
/** Drivers that keep images elsewhere (goharbor/harbor make/photon/prepare/utils/configs.py). */
const ELSEWHERE = ["azure", "gcs", "s3", "swift", "oss"];

/** Where images are kept in files: whether those lie on a mount that other nodes can see. Says something on a node only. */
export async function tryVolume(file: HarborFile): Promise<Tried> {
  const volume = textAt(file.values, "data_volume");
  if (volume === undefined || !volume.startsWith("/") || keepsElsewhere(file)) return NOTHING;
  const path = await realpath(join(volume, "registry")).catch(() => realpath(volume).catch(() => undefined));
  if (path === undefined) return untested(WHAT, `there is no ${volume} on this machine; run it on each node`);
  const mounts = await readFile("/proc/mounts", "utf8").catch(() => undefined);
  if (mounts === undefined) return untested(WHAT, "this system has no /proc/mounts");
  return judgeVolume(file, path, mounts);
}

/** @param path where the images lie, without links; @param mounts the content of /proc/mounts */
export function judgeVolume(file: HarborFile, path: string, mounts: string): Tried {
  const mount = mountOf(mounts, path);
  if (mount === undefined) return untested(WHAT, `no mount holds ${path}`);
  const reach = reachOf(mount);
  if (reach === "network") return NOTHING;
  if (reach === "unknown") return untested(WHAT, `${path} lies on ${mount.type}, which may be shared or not`);
  return found(
    at(file, ["data_volume"], {
      code: "data-volume-local",
      sentence: `on this machine ${path} lies on ${mount.point} (${mount.type}), which no other node sees`,
      advice: "mount the same network storage there on every node, or declare storage_service",
    }),
  );
}

function keepsElsewhere({ values }: HarborFile): boolean {
  const storage = mapAt(values, "storage_service");
  return !isValues(storage["filesystem"]) && ELSEWHERE.some((driver) => isValues(storage[driver]));
}
