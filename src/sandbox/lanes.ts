import type { Lane } from "./core.ts";
import type { FaultTable } from "./fault-table.ts";
import type { Surroundings } from "./surroundings.ts";

/** Who does the later work: while they are stopped it is held, after a restart without memory it is gone. */
export class Lanes {
  readonly #world: Surroundings;
  readonly #lives: Record<Lane, number> = { core: 0, jobs: 0, timer: 0 };
  #held: { lane: Lane; life: number; work: () => void }[] = [];

  constructor(world: Surroundings) {
    this.#world = world;
  }

  add(lane: Lane, at: number, work: () => void, faults: FaultTable): void {
    const life = this.#lives[lane];
    this.#world.later(at, lane === "timer", () => {
      if (this.#lives[lane] !== life) return;
      const stopped =
        faults.down || (lane === "jobs" && (faults.jobserviceStopped || faults.replicationPaused));
      if (stopped && lane !== "timer") this.#held.push({ lane, life, work });
      else work();
    });
  }

  survives(lane: Lane): () => boolean {
    const life = this.#lives[lane];
    return () => this.#lives[lane] === life;
  }

  /** Everything of that lane that was asked for is forgotten. */
  lose(lane: Lane): void {
    this.#lives[lane]++;
  }

  /** What was held becomes due now; what must still wait is held again. */
  resume(faults: FaultTable): void {
    const held = this.#held.filter((one) => this.#lives[one.lane] === one.life);
    this.#held = [];
    for (const one of held) this.add(one.lane, this.#world.now(), one.work, faults);
  }
}
