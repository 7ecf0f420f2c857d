/** One of the two real Harbors that the environment names. */
export interface LiveAccess {
  readonly name: "a" | "b";
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Its address as the other Harbor reaches it. */
  readonly endpoint: string;
  /** Shell commands that take its core and jobservice down and bring them back; each returns when that is done. */
  readonly stop: string;
  readonly start: string;
  /** The same for its jobservice alone, which keeps its queue; empty where the environment does not say. */
  readonly holdJobs: string;
  readonly releaseJobs: string;
  /** Removes the file of a blob from the storage of its registry, and clears nothing else; gets the digest as its last argument. Empty as well. */
  readonly lose: string;
}

export interface LivePair {
  readonly a: LiveAccess;
  readonly b: LiveAccess;
}

const PARTS = ["URL", "USER", "PASSWORD", "ENDPOINT", "STOP", "START"] as const;
const NAMES = (["A", "B"] as const).flatMap((side) => PARTS.map((part) => `TIDELOCK_LIVE_${side}_${part}`));

const unset = NAMES.filter((name) => (process.env[name] ?? "") === "");

/** Undefined when the two Harbors are named; else why the live suite can't run. */
export const WHY_SKIPPED =
  unset.length === 0
    ? undefined
    : `the live suite needs two real Harbors; not set: ${unset.length === NAMES.length ? "TIDELOCK_LIVE_{A,B}_{URL,USER,PASSWORD,ENDPOINT,STOP,START}" : unset.join(", ")}`;

/** The two Harbors; addresses that lead nowhere when the environment names none, so that suites can be declared and skipped. */
export const LIVE_PAIR: LivePair = { a: access("a"), b: access("b") };

function access(name: "a" | "b"): LiveAccess {
  const read = (
    part: (typeof PARTS)[number] | "HOLD_JOBS" | "RELEASE_JOBS" | "LOSE",
    otherwise: string,
  ): string => process.env[`TIDELOCK_LIVE_${name.toUpperCase()}_${part}`] ?? otherwise;
  return {
    name,
    url: read("URL", "http://unset.invalid"),
    user: read("USER", "unset"),
    password: read("PASSWORD", "unset"),
    endpoint: read("ENDPOINT", "http://unset.invalid"),
    stop: read("STOP", "false"),
    start: read("START", "false"),
    holdJobs: read("HOLD_JOBS", ""),
    releaseJobs: read("RELEASE_JOBS", ""),
    lose: read("LOSE", ""),
  };
}
