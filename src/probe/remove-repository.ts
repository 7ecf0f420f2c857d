import { answered, isGood } from "./answered.ts";
import type { RemovalTime } from "./cleanup.ts";
import type { ProbeContext } from "./context.ts";
import { repositoryPath } from "./looks.ts";

/**
 * Removes a repository of ours, given with its project, through the first of the nodes that answers: that should be the one that made it, which
 * knows it whatever database it has. What is not there is as good as removed, if the first node says so. Rejects when it stays. Without a time each
 * node is waited for as usual.
 */
export async function removeRepository(
  { nodes, project }: Pick<ProbeContext, "nodes" | "project">,
  repository: string,
  time?: Pick<RemovalTime, "within">,
): Promise<void> {
  const said: string[] = [];
  for (const node of nodes.map((one) => time?.within(one) ?? one)) {
    const path = repositoryPath({ project, repository });
    const answer = await node.ask({ method: "DELETE", path, as: "account" });
    const { status, text } = answered(answer);
    if (isGood(answer) || (status === 404 && said.length === 0)) return;
    said.push(`${node.name}: ${[status === 0 ? "" : status, text].filter((part) => part !== "").join(" ")}`);
    if (status !== 0 && status < 500) break;
  }
  throw new Error(`could not be removed (${said.join("; ")})`);
}
