import { toAppError } from "../errors.ts";
import type { HarborPort } from "../harbor/port.ts";
import type { Identity, Project } from "../observed/model.ts";
import type { RegistryV2Port } from "../registry-v2/port.ts";
import { checkAudit } from "./audit-log.ts";
import type { Check } from "./model.ts";
import { isTriedByWriting, type NeededRight } from "./rights.ts";

/** One account of one registry, and where its rights are tried. */
export interface Tried {
  readonly harbor: HarborPort;
  readonly distribution: RegistryV2Port;
  readonly identity: Identity;
  /** Where rights on projects are tried; undefined where none of what is declared is there, or none can be seen. */
  readonly project: Project | undefined;
  readonly needsAudit: boolean;
}

/** The subject of the check that says that no project could be seen. */
export const UNSEEN_PROJECTS = "projects";

/** A repository that nobody has: what a token says of it holds for all of the project. */
const NO_REPOSITORY = "tidelock-doctor";

/** Tries every right by requests that change nothing. Rejects only when the signal was aborted. */
export async function tryRights(
  tried: Tried,
  rights: readonly NeededRight[],
  signal: AbortSignal,
): Promise<Check[]> {
  const checks = unseenProjects(tried, rights);
  // One by one: nobody waits for a doctor, and Harbor has other work.
  for (const right of rights) checks.push(...(await tryOne(tried, right, signal)));
  return checks;
}

async function tryOne(tried: Tried, right: NeededRight, signal: AbortSignal): Promise<Check[]> {
  const about = aboutOf(tried, right);
  try {
    if (right.on === "audit") return await readAudit(tried, signal);
    const granted = await isGranted(tried, right, signal);
    if (typeof granted === "string") return [{ ...about, state: "not-tried", text: `not tried: ${granted}` }];
    return [granted ? { ...about, state: "ok", text: right.purpose } : lacking(tried, right)];
  } catch (thrown) {
    signal.throwIfAborted();
    const { message, hint } = toAppError(thrown);
    const said = hint === undefined ? {} : { hint };
    return [{ ...about, state: "not-tried", text: `not found out: ${message}`, ...said }];
  }
}

/** A text says why it was not tried. */
async function isGranted(
  { harbor, distribution, identity, project }: Tried,
  right: Exclude<NeededRight, { on: "audit" }>,
  signal: AbortSignal,
): Promise<boolean | string> {
  if (identity.readOnly && isTriedByWriting(right)) return "Harbor is read-only";
  if (right.on === "system") return await harbor.hasSystemRight(right.right, signal);
  if (project === undefined) return "no project to try it in";
  if (right.on === "project") return await harbor.hasProjectRight(right.right, project, signal);
  const granted = await distribution.granted(`${project.name}/${NO_REPOSITORY}`, signal);
  return granted.has(right.right.split(":")[1] ?? "");
}

function lacking(tried: Tried, right: NeededRight): Check {
  const where = right.on === "system" || tried.project === undefined ? "" : ` in ${tried.project.name}`;
  return {
    ...aboutOf(tried, right),
    state: right.must ? "fault" : "warning",
    text: `${tried.identity.username} lacks it${where}: ${right.purpose}`,
  };
}

/** A robot that sees no project may simply have no right on any. */
function unseenProjects({ harbor, identity, project }: Tried, rights: readonly NeededRight[]): Check[] {
  if (project !== undefined || !rights.some(({ on }) => on === "project" || on === "content")) return [];
  const about = { registry: harbor.registry.name, account: identity.username, subject: UNSEEN_PROJECTS };
  if (identity.administrator) {
    return [{ ...about, state: "not-tried", text: "no project of what is declared is there yet" }];
  }
  return [
    {
      ...about,
      state: "warning",
      text: `no project of what is declared is there, or ${identity.username} may see none of them`,
      hint: "create one, or give the account rights on projects, and ask again",
    },
  ];
}

async function readAudit({ harbor, identity, needsAudit }: Tried, signal: AbortSignal): Promise<Check[]> {
  const settings = await harbor.settings(signal);
  const entries = await harbor.audit({ afterId: 0, limit: 1 }, signal);
  return checkAudit({
    registry: harbor.registry.name,
    account: identity.username,
    administrator: identity.administrator,
    hasEntries: entries.length > 0,
    settings,
    needed: needsAudit,
  });
}

function aboutOf(
  { harbor, identity }: Tried,
  { right }: NeededRight,
): Pick<Check, "registry" | "account" | "subject"> {
  return { registry: harbor.registry.name, account: identity.username, subject: right };
}
