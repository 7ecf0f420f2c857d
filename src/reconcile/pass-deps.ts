import type { Clock } from "../clock.ts";
import type { AppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Slots } from "../heal/slots.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import type { Store } from "../store/store.ts";
import type { Declared, RegistryName } from "../topology/model.ts";

/** Everything a pass reaches the world through. */
export interface PassDeps {
  readonly declared: Declared;
  readonly installation: string;
  readonly portOf: (name: RegistryName) => HarborPort;
  readonly distributionOf: (name: RegistryName) => RegistryV2Port;
  readonly store: Store;
  readonly clock: Clock;
  /** Called right before each write to a Harbor; rejects when another Tidelock took over. */
  readonly beforeWrite: () => Promise<void>;
  readonly isStopping: () => boolean;
  /** Shared by all passes of a process; a pass that has none makes its own. */
  readonly slots?: Slots;
  /** Registries that this command could not read before: asking each topology's again would take ten seconds each time. */
  readonly givenUp?: ReadonlyMap<RegistryName, AppError>;
  /** Progress, for people. */
  readonly tell: (sentence: string) => void;
}
