/** The real shared-storage cluster that the environment names. */
export interface LiveCluster {
  /** Addresses of its nodes; faults are put on the last one. */
  readonly nodes: readonly string[];
  /** The address of its clients. */
  readonly front: string;
  /** An administrator. */
  readonly user: string;
  readonly password: string;
  /** A shell command that puts the fault on whose name is appended, and returns when `/health` tells the truth. */
  readonly fault: string;
  /** A shell command that ends all faults. */
  readonly mend: string;
}

const PREFIX = "TIDELOCK_LIVE_CLUSTER_";
const PARTS = ["NODES", "FRONT", "USER", "PASSWORD", "FAULT", "MEND"] as const;

const unset = PARTS.filter((part) => read(part) === "");

/** Undefined when a cluster is named; else why its suite can't run. */
export const WHY_NO_CLUSTER =
  unset.length === 0
    ? undefined
    : `the suite of clusters needs a real one; not set: ${unset.length === PARTS.length ? `${PREFIX}{${PARTS.join(",")}}` : unset.map((part) => PREFIX + part).join(", ")}`;

/** The cluster; addresses that lead nowhere when the environment names none, so that suites can be declared and skipped. */
export const LIVE_CLUSTER: LiveCluster = {
  nodes: read("NODES").split(","),
  front: read("FRONT"),
  user: read("USER"),
  password: read("PASSWORD"),
  fault: read("FAULT"),
  mend: read("MEND"),
};

function read(part: (typeof PARTS)[number]): string {
  return process.env[PREFIX + part] ?? "";
}
