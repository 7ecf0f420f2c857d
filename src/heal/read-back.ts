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

/**
 * Reads back what overwrites of an earlier run displaced: it was killed, or a registry failed, between the copy and the reading. `portOf` gives
 * nothing for a registry that is out of reach now, or no longer in the topology.
 */
export async function readBackLeft(
  context: Rescuing,
  topology: TopologyName,
  portOf: (name: RegistryName) => HarborPort | undefined,
  signal: AbortSignal,
): Promise<ReadBack> {
  const displaced: DisplacedOutcome[] = [];
  const warnings: string[] = [];
  for (const { id, registry, ...overwrite } of await context.overwrites.of(topology)) {
    const port = portOf(registry);
    if (port === undefined) continue;
    try {
      displaced.push(...(await rescueDisplaced(context, port, { ...overwrite, record: id }, signal)));
    } catch (thrown) {
      signal.throwIfAborted();
      warnings.push(
        `${registry}: what an earlier copy to ${overwrite.repository} displaced could not be read back: ${toAppError(thrown).message}`,
      );
    }
  }
  return { displaced, warnings };
}
