import type { Clock } from "../clock.ts";
import type { Reply } from "./core.ts";
import type { Request } from "./exchange.ts";
import type { Tempo } from "./tempo.ts";

/** What a sandbox needs of its world. */
export interface Surroundings {
  readonly clock: Clock;
  readonly tempo: Tempo;
  readonly random: () => number;
  now(): number;
  catchUp(): void;
  later(at: number, background: boolean, work: () => void): void;
  call(url: string, request: Request): Reply;
}
