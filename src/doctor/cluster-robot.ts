import { PROBE_RIGHTS, ROBOT_EXTRAS } from "./cluster-rights.ts";
import type { Advice, RobotDefinition } from "./model.ts";

/** The first 2.x release whose robots may have rights on the system and on projects at once. */
const WHOLE_ROBOTS = 10;
/** The first 2.x release with robots of the whole system. */
const SYSTEM_ROBOTS = 2;

/** How an account gets what probes need, by the version that a node says it has (as in `v2.9.0-1a2b`). */
export function probeAdvice(topology: string, project: string, version: string | undefined): Advice {
  const minor = minorOf(version);
  const advice = { registry: topology, account: "account" as const };
  if (minor >= WHOLE_ROBOTS) {
    return {
      ...advice,
      text: `create the private project ${project}, and this robot as an administrator (POST /api/v2.0/robots); declare its name and secret`,
      robot: robotOf(project, ["system", "project"]),
    };
  }
  if (minor >= SYSTEM_ROBOTS) {
    return {
      ...advice,
      text: `declare an administrator, or, for content, tokens and uploads alone, this robot over the private project ${project}: before Harbor 2.10 a robot with rights on the system has none in projects`,
      robot: robotOf(project, ["project"]),
    };
  }
  return {
    ...advice,
    text: `declare an administrator, or, for content, tokens and uploads alone, a user who is a maintainer of the private project ${project}: this Harbor has no robots that could do it`,
  };
}

/** Nothing but what is tried, in nothing but the project of probes. */
function robotOf(project: string, scopes: readonly ("system" | "project")[]): RobotDefinition {
  const accessOn = (on: "system" | "project"): { resource: string; action: string }[] => {
    const rights = PROBE_RIGHTS.filter((one) => one.on === on).map(({ right }) => right);
    return [...rights, ...(on === "project" ? ROBOT_EXTRAS : [])].map((right) => {
      const [resource = "", action = ""] = right.split(":");
      return { resource, action };
    });
  };
  return {
    name: "tidelock-probe",
    description: "What Tidelock probes this cluster with",
    level: "system",
    duration: -1,
    disable: false,
    permissions: scopes.map((kind) => ({
      kind,
      namespace: kind === "system" ? "/" : project,
      access: accessOn(kind),
    })),
  };
}

/** Of a version that is not told the newest is assumed. */
function minorOf(version: string | undefined): number {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  if (major === undefined || minor === undefined || Number(major) > 2) return Infinity;
  return Number(minor);
}
