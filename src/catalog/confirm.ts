import type { HarborPort } from "../harbor/port.ts";
import type { SideReading } from "../parity/model.ts";

/**
 * Reads one tag singly. It counts as absent only when the artifact listing and the registry itself both say 404;
 * where the two contradict each other nothing is concluded.
 */
export async function confirmTag(
  port: HarborPort,
  repository: string,
  tag: string,
  signal: AbortSignal,
): Promise<SideReading> {
  try {
    const found = await port.tag(repository, tag, signal);
    if (found !== undefined) return { kind: "present", digest: found.digest, pushedAt: found.pushedAt };
    const digest = await port.tagDigest(repository, tag, signal);
    return digest === undefined ? { kind: "absent" } : { kind: "unread" };
  } catch {
    signal.throwIfAborted();
    return { kind: "unread" };
  }
}
