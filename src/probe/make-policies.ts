import type { NodePort } from "../harbor/node-port.ts";
import { markOf } from "../topology/mark.ts";
import type { ProbeContext } from "./context.ts";
import type { OwnEndpoint } from "./make-endpoints.ts";
import { madeId, PATHS, refusalText, type OwnObject } from "./own-objects.ts";
import { removeAtEnd } from "./remove-objects.ts";

/** A replication policy of ours; the secret of its endpoint was stored by the node that made both. */
export interface OwnPolicy extends OwnObject {
  readonly madeBy: NodePort;
}

/** From where to where it copies, both inside the probe's project. The last part of `source` stays as it is. */
export interface CopyWay {
  readonly source: string;
  readonly targetNamespace: string;
}

/** One policy that copies when it is told to, through the node that stored the endpoint; or why Harbor made none. */
export async function makePolicy(
  context: ProbeContext,
  { name, id, madeBy }: OwnEndpoint,
  way: CopyWay,
  signal: AbortSignal,
): Promise<OwnPolicy | { readonly reason: string }> {
  const removal = removeAtEnd(context, madeBy, "policy", name);
  await context.beforeWrite();
  const answer = await madeBy.ask(
    {
      method: "POST",
      path: PATHS.policy,
      as: "account",
      headers: { "Content-Type": "application/json" },
      body: Buffer.from(JSON.stringify(policyBody(context, { name, id }, way))),
    },
    signal,
  );
  const made = madeId(answer);
  if (answer.kind === "reply" && answer.status === 201 && made !== undefined) {
    return { kind: "policy", id: made, name, madeBy };
  }
  const isForbidden = answer.kind === "reply" && answer.status === 403;
  if (isForbidden) removal.cancel();
  const why = isForbidden ? "the account lacks the right replication-policy:create" : "no policy was made";
  return { reason: `${madeBy.name}: ${why} (${refusalText(answer)})` };
}

function policyBody(
  { installation }: ProbeContext,
  { name, id }: Pick<OwnEndpoint, "name" | "id">,
  { source, targetNamespace }: CopyWay,
): object {
  return {
    name,
    description: markOf(installation),
    src_registry: { id: 0 },
    dest_registry: { id },
    dest_namespace: targetNamespace,
    // all but the last part of the name is replaced, which is what releases before 2.3 do, too
    dest_namespace_replace_count: -1,
    filters: [{ type: "name", value: source }],
    trigger: { type: "manual" },
    deletion: false,
    override: true,
    enabled: true,
  };
}
