import { flowsOf, isReplicated } from "../../topology/flows.ts";
import type { Registry, ReplicatedTopology } from "../../topology/model.ts";
import type { Declaration, Rule } from "../declaration.ts";

/**
 * The audit log names accounts and nothing else. If the other registries write with an account that Tidelock or people use too, it can't
 * tell a copy from a push, and a stale copy of the password locks its owner out (goharbor/harbor src/core/auth/authenticator.go:151-160).
 */
export const sharedAccount: Rule = (declaration, complaints) => {
  for (const { value: registry, place } of declaration.registries.values()) {
    const writing = writingTo(registry, declaration);
    const user = sharedWith(registry);
    const choice = writing.map((topology) => [topology.name, dependingChoice(topology)] as const);
    const [topology, depends] = choice.find(([, one]) => one !== undefined) ?? [];
    if (depends !== undefined && user !== undefined) {
      complaints.warn(
        place,
        `the others write to ${registry.name} as ${registry.replicationAccount.username}, as ${user}: ${depends} of ${topology ?? ""} can't tell a copy from a push there`,
        { hint: "give it a replicationAccount of its own, best a robot", onKey: true },
      );
    } else if (user === TIDELOCK && writing.some(({ kind }) => kind === "dual-master")) {
      complaints.warn(
        place,
        `the others log in to ${registry.name} with the account that Tidelock itself uses`,
        { hint: "give it a replicationAccount of its own, best a robot", onKey: true },
      );
    }
  }
};

const TIDELOCK = "Tidelock does";
/** The account that every Harbor begins with. */
const ADMINISTRATOR = "admin";

/** Who else writes with the account that the others copy with; undefined if nobody is known to. */
function sharedWith({ account, replicationAccount }: Registry): string | undefined {
  if (replicationAccount.username === account.username) return TIDELOCK;
  return replicationAccount.username === ADMINISTRATOR ? "people may" : undefined;
}

function writingTo({ name }: Registry, { topologies }: Declaration): ReplicatedTopology[] {
  return topologies
    .map(({ value }) => value)
    .filter(isReplicated)
    .filter((topology) => flowsOf(topology).some(({ to }) => to === name));
}

/** What of healing depends on who wrote; undefined if nothing does. */
function dependingChoice({ heal }: ReplicatedTopology): string | undefined {
  if (heal.conflicts === "newest") return "conflicts: newest";
  if (heal.deletions === "replay") return "deletions: replay";
  return heal.regressions === "repair" ? "regressions: repair" : undefined;
}
