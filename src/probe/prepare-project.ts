import { AppError } from "../errors.ts";
import type { NodePort } from "../harbor/node-port.ts";
import { answered, fieldOf, isGood, jsonOf } from "./answered.ts";
import type { ProbeContext } from "./context.ts";
import type { SeenProjects } from "./proofs/identity.ts";
import { readProject, type ReadProject } from "./read-project.ts";

type Preparing = Pick<ProbeContext, "nodes" | "project" | "form" | "beforeWrite" | "tell">;

/**
 * Sees to it that the project of the probe is there and fit for it; true when it was made just now. It is made where no node shows it and the
 * account may. Rejects with `PROBE_PROJECT` when it can't be used, saying what to do.
 */
export async function prepareProject(
  context: Preparing,
  projects: SeenProjects,
  signal: AbortSignal,
): Promise<boolean> {
  const { nodes, form } = context;
  const found = nodes.flatMap((node) => {
    const project = projects.get(node.name);
    return project === undefined || project === "absent" ? [] : [{ node, project }];
  });
  for (const { node, project } of found) refuseUnfit(context, node, project);
  const [first] = found;
  if (first === undefined) return await findOrMake(context, signal);
  if (form === "full") await refuseImmutable(context, first.node, first.project, signal);
  return false;
}

function refuseUnfit({ project: name }: Preparing, node: NodePort, project: ReadProject): void {
  if (project.isPublic) {
    throw unfit(name, `it is public on ${node.name}, so that anybody could pull what probes push`, {
      hint: `make the project ${name} private, or name another one under probe.project`,
    });
  }
  if (project.isProxy) {
    throw unfit(name, `it is a proxy cache on ${node.name}, which takes no pushes`, {
      hint: "name an ordinary project under probe.project, or none: it is made then",
    });
  }
}

/** Tags that can't be removed would stay for ever. Who may not list the rules is not told about them. */
async function refuseImmutable(
  { project: name }: Preparing,
  node: NodePort,
  { id }: ReadProject,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v2.0/projects/${id}/immutabletagrules?page=1&page_size=100`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const rules = isGood(answer) ? jsonOf(answer) : undefined;
  if (!Array.isArray(rules) || rules.every((rule: unknown) => fieldOf(rule, "disabled") === true)) return;
  throw unfit(name, "it has a rule for immutable tags, so that probes could not remove theirs", {
    hint: `remove the rule from the project ${name}, or name another project under probe.project`,
  });
}

/** Whether it was made. Harbor tells any account whether a name is taken, also one that may not read the project (seen on 2.7.3 to 2.14.4). */
async function findOrMake(context: Preparing, signal: AbortSignal): Promise<boolean> {
  const { nodes, project: name, tell } = context;
  const [node] = nodes;
  if (node === undefined) return false;
  const path = `/api/v2.0/projects?project_name=${encodeURIComponent(name)}`;
  const answer = await node.ask({ method: "HEAD", path, as: "account" }, signal);
  if (isGood(answer)) {
    tell(`the account may not read the project ${name}, so nothing is known of it`);
    return false;
  }
  await makeProject(context, node, signal);
  return true;
}

async function makeProject(context: Preparing, node: NodePort, signal: AbortSignal): Promise<void> {
  const { project: name, beforeWrite, tell } = context;
  await beforeWrite();
  const answer = await node.ask(
    {
      method: "POST",
      path: "/api/v2.0/projects",
      as: "account",
      headers: { "Content-Type": "application/json" },
      body: Buffer.from(JSON.stringify({ project_name: name, metadata: { public: "false" } })),
    },
    signal,
  );
  const hint = `make a private project ${name}, and give the account the rights of a project admin there`;
  if (!isGood(answer)) {
    const { status, text } = answered(answer);
    const said = [status === 0 ? "" : String(status), text].filter((part) => part !== "").join(" ");
    throw unfit(name, `it is missing, and ${node.name} did not let it be made (${said})`, { hint });
  }
  tell(`made the private project ${name}, which stays for later probes`);
  // A robot of the system may make projects, and then has no right in them.
  const made = await readProject(node, name, signal);
  if (made === undefined) {
    throw unfit(name, "it was made just now, but the account has no rights in it", {
      hint: `give the account the rights of a project admin in ${name}`,
    });
  }
}

function unfit(project: string, why: string, { hint }: { readonly hint: string }): AppError {
  return new AppError("PROBE_PROJECT", `using the project ${project} for probes failed: ${why}`, { hint });
}
