import type { Clock } from "../clock.ts";
import { sortFailure } from "../failback/failure-class.ts";
import { workOf, type Remedy } from "../failback/remedies.ts";
import { whenAgain } from "../failback/retry-later.ts";
import type { Journal } from "../store/store.ts";
import type { ReplicatedTopology } from "../topology/model.ts";

interface DueContext {
  readonly topology: ReplicatedTopology;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly asked: boolean;
}

/** What failed again and again for a reason that time alone does not cure is not tried on every pass. A person who asks is obeyed. */
export async function notTooSoon(
  { journal, topology, clock, asked }: DueContext,
  remedies: readonly Remedy[],
  warnings: Set<string>,
): Promise<Remedy[]> {
  if (asked) return [...remedies];
  const due: Remedy[] = [];
  for (const remedy of remedies) {
    const failures = await journal.failures(topology.name, workOf(remedy));
    const sorted = sortFailure({ text: failures?.reason ?? "" });
    const again = whenAgain(failures, sorted.class, clock.now());
    if (again.kind === "now") due.push(remedy);
    else {
      const minutes = Math.ceil((again.at - clock.now()) / 60_000);
      const where = "repository" in remedy ? remedy.repository : `${remedy.from} → ${remedy.to}`;
      warnings.add(
        `${where} is tried again in ${minutes} min at the earliest: ${failures?.reason ?? "it failed"} (${sorted.rule}; ${sorted.hint})`,
      );
    }
  }
  return due;
}
