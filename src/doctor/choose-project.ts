import type { HarborPort } from "../harbor/port.ts";
import type { Project } from "../observed/model.ts";
import type { Selection } from "../topology/model.ts";
import { selects } from "../topology/selection.ts";

/** Enough to find one of those that are declared; a Harbor may hold thousands. */
const MOST = 1000;

/**
 * The project to try rights in: one that is declared, best a private one, since what may be read of a public one says nothing about the
 * others. Undefined where the account sees none.
 */
export async function chooseProject(
  harbor: HarborPort,
  selections: readonly Selection[],
  signal: AbortSignal,
): Promise<Project | undefined> {
  const chosen = selections.map((selection) => selects(selection));
  let open: Project | undefined;
  let seen = 0;
  for await (const project of harbor.projects(signal)) {
    seen += 1;
    const isDeclared = project.proxyEndpointId === 0 && chosen.some((one) => one.project(project.name));
    if (isDeclared && !project.public) return project;
    if (isDeclared) open ??= project;
    if (seen >= MOST) break;
  }
  return open;
}
