import { desiredState } from "../desired/desired-state.ts";
import { isProofEndpointName, topologyOfName } from "../desired/names.ts";
import { AppError, toAppError } from "../errors.ts";
import { proveRelation, removeProof } from "../observed/prove-database.ts";
import { readRelation, type Relation } from "../observed/same-database.ts";
import type { ObservedState, ReadRegistry } from "../observed/state.ts";
import { pairsOf, type Pair } from "../topology/flows.ts";
import { ownedBy } from "../topology/mark.ts";
import type { RegistryName, ReplicatedTopology } from "../topology/model.ts";
import type { PassDeps } from "./pass-deps.ts";

interface RefuseContext {
  readonly topology: ReplicatedTopology;
  readonly deps: PassDeps;
  readonly observed: ObservedState;
  readonly mayWrite: boolean;
  /** It is about what is to be made in the registries, and not only looked at. */
  readonly configures: boolean;
}

/**
 * Rejects with `SAME_DATABASE` where two registries of a pair are nodes of one database: what replication and healing would write there they would
 * write over itself. A copy (a registry that was set up from a backup of the other) is not refused: where reading can't tell, a pass that may write finds out by
 * an endpoint that it makes for a moment, and one that may not gives a warning, or rejects where all that can be compared is the same.
 * In a topology that is configured this costs no request.
 */
export async function refuseOneDatabase(context: RefuseContext, signal: AbortSignal): Promise<string[]> {
  const { topology, observed, mayWrite } = context;
  const warnings = mayWrite ? await removeOldProofs(context, signal) : [];
  for (const pair of pairsOf(topology)) {
    const left = observed.get(pair.left);
    const right = observed.get(pair.right);
    if (left?.kind !== "read" || right?.kind !== "read") continue;
    warnings.push(...(await refusePair(context, pair, { left, right }, signal)));
  }
  return warnings;
}

async function refusePair(
  context: RefuseContext,
  pair: Pair,
  found: { readonly left: ReadRegistry; readonly right: ReadRegistry },
  signal: AbortSignal,
): Promise<string[]> {
  const { deps, mayWrite, configures } = context;
  const read = await readRelation(
    { port: deps.portOf(pair.left), found: found.left },
    { port: deps.portOf(pair.right), found: found.right },
    signal,
  );
  if (read.kind === "apart") return [];
  const relation = mayWrite && read.kind !== "one" ? await prove(context, pair, read, signal) : read;
  if (relation.kind === "one") throw refusal(pair, `are nodes of one database: ${relation.because}`);
  if (relation.kind !== "alike") return [];
  const sentence = `can't be told from nodes of one database: both have the same (${relation.because})`;
  if (mayWrite || (configures && relation.pulse)) throw refusal(pair, sentence);
  return [`${pair.left} and ${pair.right} ${sentence}`];
}

/** What is only alike stays so where no proof could be made. */
async function prove(
  { topology, deps }: RefuseContext,
  pair: Pair,
  read: Relation,
  signal: AbortSignal,
): Promise<Relation> {
  const desired = desiredState(deps.declared, topology, deps.installation);
  const endpoint = desired.registries.get(pair.left)?.endpoints.find(({ to }) => to === pair.right);
  if (endpoint === undefined) return read;
  await deps.beforeWrite();
  deps.tell(`finding out whether ${pair.left} and ${pair.right} are one database`);
  const ports = { left: deps.portOf(pair.left), right: deps.portOf(pair.right) };
  const proof = await proveRelation(
    { ...ports, topology: topology.name, endpoint, now: deps.clock.now() },
    signal,
  );
  return proof ?? read;
}

function refusal({ topology, left, right }: Pair, why: string): AppError {
  return new AppError(
    "SAME_DATABASE",
    `the registries ${left} and ${right} of ${topology.name} ${why}; nothing was configured or healed`,
    {
      hint: "nodes of one Harbor belong into a topology of kind shared-storage; if one is a copy of the other, change anything in one of them (a label, a project) and try again",
    },
  );
}

/** What a pass that was killed in between left. */
async function removeOldProofs(
  { topology, deps, observed }: RefuseContext,
  signal: AbortSignal,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const [name, found] of observed) {
    if (found.kind === "unread") continue;
    for (const { id } of found.endpoints.filter((one) => isOldProof(one, topology, deps.installation))) {
      await deps.beforeWrite();
      warnings.push(...(await removeOne(deps, name, id, signal)));
    }
  }
  return warnings;
}

async function removeOne(
  { portOf }: PassDeps,
  registry: RegistryName,
  id: number,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    await removeProof(portOf(registry), id);
    return [];
  } catch (thrown) {
    signal.throwIfAborted();
    return [
      `${registry}: the endpoint ${id} of an earlier pass could not be removed: ${toAppError(thrown).message}`,
    ];
  }
}

function isOldProof(
  { name, description }: { readonly name: string; readonly description: string },
  topology: ReplicatedTopology,
  installation: string,
): boolean {
  return (
    isProofEndpointName(name) &&
    topologyOfName(name) === topology.name &&
    ownedBy(description) === installation
  );
}
