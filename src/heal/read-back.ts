import { toAppError } from "../errors.ts";
import type { DisplacedOutcome } from "../failback/displaced.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";
import { rescueDisplaced, type Rescuing } from "./rescue.ts";

/** What an earlier run left unread, and why some of it still is, as sentences. */
export interface ReadBack {
  readonly displaced: readonly DisplacedOutcome[];
  readonly warnings: readonly string[];
}

/** What an earlier run left to be read back. */
interface Left {
  /** Nothing for a registry that is out of reach now, or no longer in the topology. */
  readonly portOf: (name: RegistryName) => HarborPort | undefined;
  /** Whether something is still being copied to that repository of that registry. */
  readonly isBeingCopied: (registry: RegistryName, repository: string) => Promise<boolean>;
}

/**
 * Reads back what overwrites of an earlier run displaced: it was killed, or a registry failed, between the copy and the reading, or its copy took longer
 * than it waited. As long as that goes on the overwrite stands, and is read back once more by the pass after it.
 */
export async function readBackLeft(
  context: Rescuing,
  topology: TopologyName,
  { portOf, isBeingCopied }: Left,
  signal: AbortSignal,
): Promise<ReadBack> {
  const displaced: DisplacedOutcome[] = [];
  const warnings: string[] = [];
  for (const { id, registry, ...overwrite } of await context.overwrites.of(topology)) {
    const port = portOf(registry);
    if (port === undefined) continue;
    try {
      // Asked before the reading: what ends in between is read back in vain once more.
      const record = (await isBeingCopied(registry, overwrite.repository)) ? undefined : id;
      displaced.push(...(await rescueDisplaced(context, port, { ...overwrite, record }, signal)));
    } catch (thrown) {
      signal.throwIfAborted();
      warnings.push(
        `${registry}: what an earlier copy to ${overwrite.repository} displaced could not be read back: ${toAppError(thrown).message}`,
      );
    }
  }
  return { displaced, warnings };
}
