import type { ProjectSeen } from "../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { answered, fieldOf, isGood, jsonOf, numberFieldOf, textFieldOf } from "./answered.ts";

export interface ReadProject extends ProjectSeen {
  readonly isPublic: boolean;
  /** It is a cache of another registry, and takes no pushes. */
  readonly isProxy: boolean;
}

/**
 * A project by its name. `absent` is what an administrator is told with 404; others get 403 for what is missing and for what is not theirs,
 * which is undefined here.
 */
export async function readProject(
  node: NodePort,
  name: string,
  signal: AbortSignal,
): Promise<ReadProject | "absent" | undefined> {
  const path = `/api/v2.0/projects/${encodeURIComponent(name)}`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const { status } = answered(answer);
  // Harbor 2.1 takes nothing but a number there.
  if (status === 422) return await findProject(node, name, signal);
  return status === 404 ? "absent" : projectIn(isGood(answer) ? jsonOf(answer) : undefined);
}

async function findProject(
  node: NodePort,
  name: string,
  signal: AbortSignal,
): Promise<ReadProject | undefined> {
  const path = `/api/v2.0/projects?name=${encodeURIComponent(name)}&page=1&page_size=100`;
  const answer: NodeAnswer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const listed = jsonOf(answer);
  if (!isGood(answer) || !Array.isArray(listed)) return undefined;
  return projectIn(listed.find((row: unknown) => fieldOf(row, "name") === name));
}

/** JSON leaves out what is false or 0; and a project's yes and no are texts. */
function projectIn(wire: unknown): ReadProject | undefined {
  const id = numberFieldOf(wire, "project_id");
  const createdAt = textFieldOf(wire, "creation_time");
  if (id === undefined || createdAt === undefined) return undefined;
  return {
    id,
    createdAt,
    isPublic: textFieldOf(fieldOf(wire, "metadata"), "public") === "true",
    isProxy: (numberFieldOf(wire, "registry_id") ?? 0) > 0,
  };
}
