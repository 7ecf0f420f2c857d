import type { Decision, Seen } from "./decision.ts";
import type { Evidence } from "./evidence.ts";
import { FAULTS, type FaultName, type Verdict } from "./faults.ts";
import { unique } from "./in-words.ts";
import { judgeNodes } from "./judge-nodes.ts";
import { judgePairs } from "./judge-pairs.ts";
import { notesOn } from "./notes.ts";
import type { ProbeLimits } from "./report.ts";
import { clock } from "./verdicts/clock.ts";
import { coreDown } from "./verdicts/core-down.ts";
import { csrfKey } from "./verdicts/csrf-key.ts";
import { database } from "./verdicts/database.ts";
import { jobSecret } from "./verdicts/job-secret.ts";
import { jobserviceDown } from "./verdicts/jobservice-down.ts";
import { judgeRealm } from "./verdicts/realm.ts";
import { redis } from "./verdicts/redis.ts";
import { registryDown } from "./verdicts/registry-down.ts";
import { registryctlDown } from "./verdicts/registryctl-down.ts";
import { secretkey } from "./verdicts/secretkey.ts";
import { storageStale } from "./verdicts/storage-stale.ts";
import { storage } from "./verdicts/storage.ts";
import { tokenKey } from "./verdicts/token-key.ts";
import { uploadSecret } from "./verdicts/upload-secret.ts";
import { version } from "./verdicts/version.ts";

type Judge = (seen: Seen) => Decision;

/** What hides others comes before them. */
const IN_TURN: readonly (readonly [FaultName, Judge])[] = [
  ["core-down", (seen) => judgeNodes(seen, coreDown)],
  ["registry-down", (seen) => judgeNodes(seen, registryDown)],
  ["jobservice-down", (seen) => judgeNodes(seen, jobserviceDown)],
  ["registryctl-down", (seen) => judgeNodes(seen, registryctlDown)],
  ["version", (seen) => judgePairs(seen, version)],
  ["clock", (seen) => judgePairs(seen, clock)],
  ["realm", judgeRealm],
  ["database", (seen) => judgePairs(seen, database)],
  ["token-key", (seen) => judgePairs(seen, tokenKey)],
  ["storage", (seen) => judgePairs(seen, storage)],
  ["storage-stale", (seen) => judgePairs(seen, storageStale)],
  ["upload-secret", (seen) => judgePairs(seen, uploadSecret)],
  ["redis", (seen) => judgePairs(seen, redis)],
  ["csrf-key", (seen) => judgePairs(seen, csrfKey)],
  ["secretkey", (seen) => judgePairs(seen, secretkey)],
  ["job-secret", (seen) => judgePairs(seen, jobSecret)],
];

/**
 * Names what is wrong in a cluster by what was seen of it from outside. Each fault is found, or ruled out by a proof, or untested with a reason.
 * Never throws, whatever is missing; a fault is named only where nodes answer differently and each of them is right by itself.
 */
export function judge(evidence: Evidence, limits: ProbeLimits): Verdict {
  const decided = new Map<FaultName, Decision>();
  const seen: Seen = { evidence, limits, nodes: unique(evidence.nodes), decided };
  for (const [name, decide] of IN_TURN) decided.set(name, decide(seen));
  const decisions = FAULTS.flatMap((name) => decided.get(name) ?? []);
  const faults = decisions.flatMap((decision) => (decision.outcome === "found" ? [decision.fault] : []));
  const untested = decisions.flatMap((decision) =>
    decision.outcome === "untested" ? [decision.untested] : [],
  );
  return { sound: faults.length === 0, faults, untested, notes: notesOn(seen) };
}
