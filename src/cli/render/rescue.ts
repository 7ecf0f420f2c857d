import type { Rescue } from "../../store/store.ts";
import { durationText } from "./duration-text.ts";

/** Where it is kept, what it was, and the command that removes it. */
export function rescueLines(rescue: Rescue, now: number): string[] {
  const { topology, registry, repository, tag, rescueTag, digest, at, reason } = rescue;
  return [
    `${topology}: ${registry} ${repository}:${rescueTag}: was ${tag}, kept ${durationText(now - at)} ago: ${reason}`,
    `  to remove it: tidelock rescues ${topology} --remove ${digest}`,
  ];
}

/** The stable form for scripts. */
export function rescueJson(rescue: Rescue): Record<string, unknown> {
  return { ...rescue, at: new Date(rescue.at).toISOString() };
}
