import type { Reach } from "../cluster/evidence.ts";
import { AppError } from "../errors.ts";
import type { NodePort } from "../harbor/node-port.ts";
import { isCoreUp, isRegistryUp } from "./proofs/reach.ts";

/** Which nodes can be asked for what. */
export interface There {
  readonly reach: readonly Reach[];
  /** Nodes whose core answers. */
  readonly up: readonly NodePort[];
  /** Of those, the ones whose registry answers too. */
  readonly alive: readonly NodePort[];
}

/** Throws `HARBOR_UNREACHABLE` when no node answers at all. */
export function whoAnswers(nodes: readonly NodePort[], reach: readonly Reach[]): There {
  const up = nodesWhere(nodes, reach, isCoreUp);
  if (up.length === 0) throw nobodyAnswers(reach);
  return { reach, up, alive: nodesWhere(up, reach, isRegistryUp) };
}

function nodesWhere(
  nodes: readonly NodePort[],
  reach: readonly Reach[],
  holds: (row: Reach) => boolean,
): NodePort[] {
  const good = new Set(reach.filter(holds).map(({ node }) => node));
  return nodes.filter(({ name }) => good.has(name));
}

function nobodyAnswers(reach: readonly Reach[]): AppError {
  const said = reach.map(
    ({ node, core }) => `${node}: ${core.status === 0 ? core.text : String(core.status)}`,
  );
  return new AppError(
    "HARBOR_UNREACHABLE",
    `probing the cluster failed: no node answers (${said.join("; ")})`,
    {
      hint: "check the addresses of the nodes and the network between them and this machine",
    },
  );
}
