import type { NodePort } from "../harbor/node-port.ts";
import { isGood, jsonOf, textFieldOf } from "./answered.ts";
import type { ProbeContext } from "./context.ts";
import { labelledAt } from "./label.ts";
import { removeRepository } from "./remove-repository.ts";

/** A probe that began so recently may still be at work. */
const OLD_MS = 10 * 60_000;

type Sweeping = Pick<ProbeContext, "nodes" | "clock" | "installation" | "project" | "tell">;

/**
 * Removes the repositories that a killed probe of this installation left in the probe's project more than ten minutes ago, told by their
 * names; each is deleted through the node that lists it. What could not be removed comes back as sentences.
 */
export async function sweepRepositories(context: Sweeping, signal: AbortSignal): Promise<string[]> {
  const left: string[] = [];
  for (const node of context.nodes) {
    for (const repository of await oldRepositories(context, node, signal)) {
      signal.throwIfAborted();
      try {
        await removeRepository({ nodes: [node], project: context.project }, repository);
        context.tell(`removed ${repository}, which an earlier probe had left`);
      } catch (thrown) {
        left.push(`repository ${repository}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      }
    }
  }
  return left;
}

async function oldRepositories(
  { project, installation, clock }: Sweeping,
  node: NodePort,
  signal: AbortSignal,
): Promise<string[]> {
  const query = `q=${encodeURIComponent("name=~tidelock-")}&page=1&page_size=100`;
  const path = `/api/v2.0/projects/${encodeURIComponent(project)}/repositories?${query}`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const listed = isGood(answer) ? jsonOf(answer) : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((row: unknown) => {
    const name = textFieldOf(row, "name") ?? "";
    const begunAt = name.startsWith(`${project}/`)
      ? labelledAt(name.slice(project.length + 1), installation)
      : undefined;
    return begunAt !== undefined && clock.now() - begunAt >= OLD_MS ? [name] : [];
  });
}
