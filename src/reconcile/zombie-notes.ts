import type { Clock } from "../clock.ts";
import { topologyOfName } from "../desired/names.ts";
import { toAppError } from "../errors.ts";
import { zombieText } from "../failback/zombies.ts";
import type { HarborPort } from "../harbor/port.ts";
import { harborNow } from "../observed/harbor-now.ts";
import type { ObservedState } from "../observed/state.ts";
import { zombiesAmong } from "../observed/zombies.ts";
import { ownedBy } from "../topology/mark.ts";
import type { RegistryName, TopologyName } from "../topology/model.ts";

/** Harbor keeps fifty executions a policy (src/jobservice/job/known_jobs.go:66). */
const EXECUTIONS_KEPT = 50;

interface ZombieDeps {
  readonly installation: string;
  readonly clock: Clock;
  readonly portOf: (name: RegistryName) => HarborPort;
}

/** The executions of a topology's policies that nobody works on any more, as sentences: a request a policy. What can't be read stops nothing. */
export async function zombieNotes(
  topology: TopologyName,
  observed: ObservedState,
  { installation, clock, portOf }: ZombieDeps,
  signal: AbortSignal,
): Promise<string[]> {
  const notes: string[] = [];
  for (const [registry, found] of observed) {
    if (found.kind === "unread") continue;
    const port = portOf(registry);
    const ours = found.policies.filter(
      ({ name, description }) => ownedBy(description) === installation && topologyOfName(name) === topology,
    );
    for (const { id, name } of ours) {
      try {
        const executions = await port.executions({ policyId: id, limit: EXECUTIONS_KEPT }, signal);
        const zombies = await zombiesAmong(port, executions, await harborNow(port, clock, signal), signal);
        notes.push(...zombies.map((zombie) => `${registry}: ${name}: ${zombieText(zombie)}`));
      } catch (thrown) {
        signal.throwIfAborted();
        notes.push(`${registry}: ${name}: its executions could not be read: ${toAppError(thrown).message}`);
      }
    }
  }
  return notes;
}
