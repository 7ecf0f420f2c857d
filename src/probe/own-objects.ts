import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { probeObjectName } from "../desired/names.ts";
import { ownedBy } from "../topology/mark.ts";
import { answered, fieldOf, isGood, jsonOf, numberFieldOf, textFieldOf } from "./answered.ts";
import type { ProbeContext } from "./context.ts";

export type ObjectKind = "endpoint" | "policy" | "robot";

/** What a probe made inside a Harbor, apart from content: an endpoint, a replication policy or a robot. */
export interface OwnObject {
  readonly kind: ObjectKind;
  /** Good on the node that told it, and on others only where the database is one. */
  readonly id: number;
  readonly name: string;
}

/** Where and as whom objects are looked up. */
export type Looking = Pick<ProbeContext, "installation" | "project">;

export const PATHS: Readonly<Record<ObjectKind, string>> = {
  endpoint: "/api/v2.0/registries",
  policy: "/api/v2.0/replication/policies",
  robot: "/api/v2.0/robots",
};

/** What the endpoint and the replication policy are called that are made through the node of this number, counted from 1. */
export function objectName({ topology, label }: ProbeContext, nodeNumber: number): string {
  return probeObjectName(topology, `${label}-${nodeNumber}`);
}

/**
 * Our objects of a kind on a node whose names contain `part`: those that bear our mark, whatever else is called so. The first hundred.
 * The refusal, if the node does not list them.
 */
export async function findObjects(
  looking: Looking,
  node: NodePort,
  kind: ObjectKind,
  part: string,
  signal?: AbortSignal,
): Promise<OwnObject[] | { readonly refused: NodeAnswer }> {
  const query =
    kind === "robot" ? await robotQuery(looking, node, signal) : `name=${encodeURIComponent(part)}`;
  if (typeof query === "object") return query;
  const path = `${PATHS[kind]}?${query}&page=1&page_size=100`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  if (!isGood(answer)) return { refused: answer };
  // 2.1 says null for none
  const listed: unknown = jsonOf(answer) ?? [];
  if (!Array.isArray(listed)) return { refused: answer };
  return listed.flatMap((row: unknown) => {
    const id = numberFieldOf(row, "id");
    const name = textFieldOf(row, "name");
    const isOurs = ownedBy(textFieldOf(row, "description") ?? "") === looking.installation;
    return id !== undefined && name?.includes(part) === true && isOurs ? [{ kind, id, name }] : [];
  });
}

/** Whether a node shows an object of ours, and no other one, under an id. */
export async function isThere(
  node: NodePort,
  { kind, id, name }: OwnObject,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await node.ask({ method: "GET", path: `${PATHS[kind]}/${id}`, as: "account" }, signal);
  return isGood(answer) && fieldOf(jsonOf(answer), "name") === name;
}

/** The id at the end of the address of what was just made. */
export function madeId(answer: NodeAnswer): number | undefined {
  if (answer.kind === "silence") return undefined;
  const id = Number(answer.headers["location"]?.split("/").at(-1));
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Why a node refused, in few words. */
export function refusalText(answer: NodeAnswer): string {
  const { status, code, text } = answered(answer);
  return [status === 0 ? "no answer" : String(status), code, text].filter((one) => one !== "").join(" ");
}

/** Robots of a project are listed only to who names it by its id on that node. */
async function robotQuery(
  { project }: Looking,
  node: NodePort,
  signal: AbortSignal | undefined,
): Promise<string | { readonly refused: NodeAnswer }> {
  const path = `/api/v2.0/projects/${encodeURIComponent(project)}`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const id = numberFieldOf(jsonOf(answer), "project_id");
  if (!isGood(answer) || id === undefined) return { refused: answer };
  return `q=${encodeURIComponent(`Level=project,ProjectID=${id}`)}`;
}
