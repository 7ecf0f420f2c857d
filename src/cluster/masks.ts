import type { FaultName } from "./faults.ts";
import type { Seen } from "./decision.ts";
import { FAULTS } from "./faults.ts";
import { listed } from "./in-words.ts";

/** A fault that keeps another one from being proven. */
export interface Mask {
  readonly by: FaultName;
  readonly hides: FaultName;
  /** `there`: between the nodes it stands between. `anywhere`: as soon as it is in the cluster. */
  readonly where: "there" | "anywhere";
  /** What can be believed all the same: that two nodes are alike, or whatever is seen. */
  readonly leaves: "nothing" | "sameness" | "proofs";
  readonly reason: string;
}

const others = FAULTS.filter((name) => name !== "core-down");

function masksOf(
  by: FaultName,
  hides: readonly FaultName[],
  how: Pick<Mask, "where" | "leaves" | "reason">,
): Mask[] {
  return hides.map((fault) => ({ by, hides: fault, ...how }));
}

const there = (leaves: Mask["leaves"], reason: string): Pick<Mask, "where" | "leaves" | "reason"> => ({
  where: "there",
  leaves,
  reason,
});
const anywhere = (reason: string): Pick<Mask, "where" | "leaves" | "reason"> => ({
  where: "anywhere",
  leaves: "sameness",
  reason,
});

/** All of it. What is not here is told apart by its evidence, whatever else is broken. */
export const MASKS: readonly Mask[] = [
  ...masksOf("core-down", others, there("nothing", "a node that does not answer shows nothing")),

  ...masksOf(
    "registry-down",
    ["storage", "storage-stale", "upload-secret"],
    there("nothing", "its registry neither takes nor gives content"),
  ),
  ...masksOf(
    "registry-down",
    ["token-key"],
    there("proofs", "no token can be shown to a registry that is not there"),
  ),
  ...masksOf(
    "registry-down",
    ["job-secret"],
    there("proofs", "copies fail before it is seen who asked for them"),
  ),
  ...masksOf(
    "registry-down",
    ["secretkey"],
    anywhere("an endpoint that leads to this cluster fails by chance while one of its registries is away"),
  ),

  ...masksOf(
    "jobservice-down",
    ["job-secret", "redis"],
    there("proofs", "no job runs there, so none shows whose secret and whose queue it has"),
  ),

  ...masksOf("clock", ["token-key"], there("proofs", "tokens are refused there for their time")),
  ...masksOf(
    "clock",
    ["secretkey"],
    anywhere("tokens are refused for their time, also those by which an endpoint of this cluster is tried"),
  ),
  ...masksOf(
    "token-key",
    ["secretkey"],
    anywhere(
      "tokens of one node are refused by another, also those by which an endpoint of this cluster is tried",
    ),
  ),
  ...masksOf(
    "realm",
    ["secretkey"],
    anywhere("the realm leads astray, also who tries an endpoint of this cluster"),
  ),

  ...masksOf(
    "database",
    ["secretkey", "job-secret"],
    there("nothing", "numbers of endpoints and replication policies mean something else there"),
  ),
  ...masksOf(
    "database",
    ["storage", "storage-stale", "upload-secret"],
    there("proofs", "what was pushed to one node is not known to the other, so it does not even look"),
  ),
  ...masksOf(
    "database",
    ["redis"],
    there(
      "proofs",
      "executions of two databases tell nothing, and people of one may be unknown in the other",
    ),
  ),

  ...masksOf(
    "storage",
    ["storage-stale", "upload-secret"],
    there("proofs", "nothing that one stores ever reaches the other"),
  ),
  ...masksOf(
    "storage-stale",
    ["storage", "upload-secret"],
    there("proofs", "what one stores reaches the other late or one way only"),
  ),

  ...masksOf(
    "redis",
    ["job-secret"],
    there("proofs", "without a shared queue each node runs its own jobs, and so its own secret always fits"),
  ),
  ...masksOf(
    "secretkey",
    ["job-secret"],
    there("proofs", "executions fail at the endpoint, before they show the secret"),
  ),
];

/** What keeps the fault from being proven between two nodes (or at one: given twice); also what might, as long as it is not tested. */
export function masksOver(seen: Seen, hides: FaultName, one: string, other: string): Mask[] {
  return MASKS.flatMap((mask) => {
    if (mask.hides !== hides) return [];
    const decision = seen.decided.get(mask.by);
    if (decision?.outcome === "found") {
      const applies = mask.where === "anywhere" || decision.between(one, other);
      const at = listed(decision.fault.nodes);
      return applies ? [{ ...mask, reason: `hidden by ${mask.by} of ${at}: ${mask.reason}` }] : [];
    }
    const doubtful = mask.where === "anywhere" && isDoubtful(seen, mask.by);
    return doubtful ? [{ ...mask, reason: `${mask.by} is untested: it may be that ${mask.reason}` }] : [];
  });
}

/** Untested, and not just at nodes that do not answer anyway. */
function isDoubtful(seen: Seen, name: FaultName): boolean {
  const decision = seen.decided.get(name);
  if (decision?.outcome !== "untested") return false;
  const core = seen.decided.get("core-down");
  const down = core?.outcome === "found" ? core.fault.nodes : [];
  const { nodes } = decision.untested;
  const open = (nodes.length === 0 ? seen.nodes : nodes).filter((node) => !down.includes(node));
  // Of two nodes one of which is away, the other has nobody to differ from.
  return seen.nodes.length - down.length > 1 && open.length > 0;
}
