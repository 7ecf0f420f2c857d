import type { Identity, ProjectSeen } from "../../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../../harbor/node-port.ts";
import { isGood, jsonOf, textFieldOf } from "../answered.ts";
import { readChallenge } from "../challenge.ts";
import { clockBySystem, clockByToken } from "../clock-offset.ts";
import type { ProbeContext, Proven } from "../context.ts";
import { readProject, type ReadProject } from "../read-project.ts";

const SAMPLES = { small: 2, full: 5 };

/** By the name of the node. */
export type SeenProjects = ReadonlyMap<string, ReadProject | "absent" | undefined>;

/** What tells one Harbor from another, and what the project of the probe is like. Five requests a node, eight in the full form; reads only. */
export async function proveIdentity(
  context: Pick<ProbeContext, "nodes" | "form" | "project">,
  signal: AbortSignal,
): Promise<Proven<Identity> & { readonly projects: SeenProjects }> {
  const both = await Promise.all(context.nodes.map((node) => identityOf(context, node, signal)));
  return {
    rows: both.map(({ identity }) => identity),
    skipped: [],
    projects: new Map(both.map(({ identity, project }) => [identity.node, project])),
  };
}

/** The rows with the project as it is now, after it was made. */
export async function readProjectAgain(
  rows: readonly Identity[],
  { nodes, project }: Pick<ProbeContext, "nodes" | "project">,
  signal: AbortSignal,
): Promise<Identity[]> {
  return await Promise.all(
    rows.map(async (row) => {
      const node = nodes.find(({ name }) => name === row.node);
      if (node === undefined) return row;
      return { ...row, probeProject: seen(await readProject(node, project, signal)) };
    }),
  );
}

async function identityOf(
  { form, project }: Pick<ProbeContext, "form" | "project">,
  node: NodePort,
  signal: AbortSignal,
): Promise<{ readonly identity: Identity; readonly project: ReadProject | "absent" | undefined }> {
  const samples = await readSystem(node, SAMPLES[form], signal);
  const [challenge, library, probeProject] = await Promise.all([
    readChallenge(node, signal),
    readProject(node, "library", signal),
    readProject(node, project, signal),
  ]);
  const system = jsonOf(samples.find(isGood) ?? (await readSystemAs("nobody", node, signal)));
  const identity: Identity = {
    node: node.name,
    version: textFieldOf(system, "harbor_version"),
    externalUrl: textFieldOf(system, "external_url"),
    storageProvider: textFieldOf(system, "registry_storage_provider_name"),
    clock: clockBySystem(samples) ?? (await clockByToken(node, project, signal)),
    // An operator may have removed it, which tells nothing.
    library: library === "absent" ? undefined : projectOnly(library),
    probeProject: seen(probeProject),
    realm: challenge?.realm,
    service: challenge?.service,
  };
  return { identity, project: probeProject };
}

/** One after another, since the time in them is measured. */
async function readSystem(node: NodePort, times: number, signal: AbortSignal): Promise<NodeAnswer[]> {
  const answers: NodeAnswer[] = [];
  while (answers.length < times) answers.push(await readSystemAs("account", node, signal));
  return answers;
}

function readSystemAs(as: "account" | "nobody", node: NodePort, signal: AbortSignal): Promise<NodeAnswer> {
  return node.ask({ method: "GET", path: "/api/v2.0/systeminfo", as }, signal);
}

function seen(project: ReadProject | "absent" | undefined): Identity["probeProject"] {
  return project === "absent" ? project : projectOnly(project);
}

function projectOnly(project: ReadProject | undefined): ProjectSeen | undefined {
  return project === undefined ? undefined : { id: project.id, createdAt: project.createdAt };
}
