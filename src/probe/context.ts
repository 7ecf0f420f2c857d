import type { Clock, Random } from "../clock.ts";
import type { AccountSeen, Skipped } from "../cluster/evidence.ts";
import type { ProbeLimits } from "../cluster/report.ts";
import type { NodePort } from "../harbor/node-port.ts";
import type { Account, TopologyName } from "../topology/model.ts";
import type { Cleanup } from "./cleanup.ts";

/** What each proof works with. */
export interface ProbeContext {
  readonly form: "small" | "full";
  /** Those that are left: a node that is down, or has no registry, is not among them. In the order of the declaration. */
  readonly nodes: readonly NodePort[];
  readonly front: NodePort | undefined;
  /** What clients are declared to use: the front's address, and host names that nodes are asked under. */
  readonly publicAddresses: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly topology: TopologyName;
  readonly installation: string;
  /** The project of the probe; every repository of ours is `<project>/<label>-…`. */
  readonly project: string;
  /** Of this run alone, see `label.ts`; at most 28 characters of `[a-z0-9-]`. */
  readonly label: string;
  readonly limits: ProbeLimits;
  readonly account: AccountSeen;
  readonly credentials: Account;
  /** Rejects when the lease is lost; called before each write, but not when something is removed that bears our label. */
  beforeWrite(): Promise<void>;
  /** Progress, as a sentence. */
  tell(sentence: string): void;
  /** A text that must turn up nowhere in the report: a token, the secret of a robot, a session. */
  hide(secret: string): void;
  readonly cleanup: Cleanup;
}

/** What a proof comes back with. It rejects only when it is stopped, the lease is lost, or nothing may be written. */
export interface Proven<Row> {
  readonly rows: readonly Row[];
  readonly skipped: readonly Skipped[];
}
