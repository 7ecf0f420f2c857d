import type { HarborPort } from "../harbor/port.ts";
import { readRelation, type Relation, type Side } from "../observed/same-database.ts";
import { trySessions, type SessionSharing } from "../observed/shared-sessions.ts";
import { isReplicated, pairsOf, type Pair } from "../topology/flows.ts";
import type { Declared, RegistryName } from "../topology/model.ts";
import type { Check } from "./model.ts";

/**
 * Whether registries that replicate to each other are registries of their own: not nodes of one database, and not with one Redis between them. Only
 * pairs that let us in on both sides. The sessions are tried by a login to the portal, which is ended at once; since 2.13 the audit log shows it.
 */
export async function checkTogether(
  declared: Declared,
  ports: ReadonlyMap<RegistryName, HarborPort>,
  signal: AbortSignal,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const pair of pairsOnce(declared)) {
    const left = ports.get(pair.left);
    const right = ports.get(pair.right);
    if (left === undefined || right === undefined) continue;
    const relation = await readRelation(await sideOf(left, signal), await sideOf(right, signal), signal);
    checks.push(databaseCheck(pair, relation));
    if (relation.kind !== "one") checks.push(redisCheck(pair, await trySessions(left, right, signal)));
  }
  return checks;
}

/** A pair may stand in several topologies. */
function pairsOnce({ topologies }: Declared): Pair[] {
  const pairs = topologies.filter(isReplicated).flatMap(pairsOf);
  return [...new Map(pairs.map((pair) => [[pair.left, pair.right].toSorted().join(" "), pair])).values()];
}

/** What can't be read says nothing; the right to do so is tried elsewhere. */
async function sideOf(port: HarborPort, signal: AbortSignal): Promise<Side> {
  try {
    const endpoints = await port.endpoints(signal);
    return { port, found: { endpoints, policies: await port.replicationPolicies(signal) } };
  } catch {
    signal.throwIfAborted();
    return { port, found: undefined };
  }
}

function databaseCheck({ left, right }: Pair, relation: Relation): Check {
  const subject = "databases";
  const both = `${left} and ${right}`;
  switch (relation.kind) {
    case "apart":
      return { subject, state: "ok", text: `${both} have databases of their own` };
    case "one":
      return {
        subject,
        state: "fault",
        text: `${both} are nodes of one database: ${relation.because}`,
        hint: "declare them as nodes of a topology of kind shared-storage",
      };
    case "alike":
      return {
        subject,
        state: "warning",
        text: `${both} are nodes of one database, or one is a copy of the other in which nothing happened since: both have the same (${relation.because})`,
        hint: "tidelock reconcile finds out which, and refuses nodes of one database; these belong into a topology of kind shared-storage",
      };
    case "unknown":
      return {
        subject,
        state: "not-tried",
        text: `not found out whether ${both} have databases of their own: nothing could be compared`,
      };
  }
}

function redisCheck({ left, right }: Pair, sharing: SessionSharing): Check {
  const subject = "Redis";
  const both = `${left} and ${right}`;
  switch (sharing.kind) {
    case "separate":
      return { subject, state: "ok", text: `${both} do not take each other's sessions` };
    case "shared":
      return {
        subject,
        state: "fault",
        text: `${both} share a Redis: a session of one is taken by the other`,
        hint: "give each Harbor a Redis of its own, or other database indexes in it; nodes of one Harbor belong into a topology of kind shared-storage",
      };
    case "untested":
      return {
        subject,
        state: "not-tried",
        text: `not found out whether ${both} share a Redis: ${sharing.reason}`,
      };
  }
}
