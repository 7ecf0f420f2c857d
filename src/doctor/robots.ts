import type { Version } from "../observed/model.ts";
import type { AccountKind, Advice, RobotDefinition } from "./model.ts";
import type { NeededRight } from "./rights.ts";

/** The first 2.x release whose robots may have rights on the system and on projects at once. */
const WHOLE_ROBOTS = 10;
/** The first 2.x release with robots of the whole system. */
const SYSTEM_ROBOTS = 2;

/** How an account gets the rights it needs, by the version of its Harbor. */
export function adviceFor(
  registry: string,
  account: AccountKind,
  rights: readonly NeededRight[],
  version: Version,
): Advice {
  const minor = version.major > 2 ? Infinity : version.minor;
  const told = `Harbor ${version.major}.${version.minor}`;
  const advice = { registry, account };
  if (minor >= WHOLE_ROBOTS) {
    return {
      ...advice,
      text: "create this robot as an administrator (POST /api/v2.0/robots), and declare its name and secret; narrow its namespace if all projects are there already",
      robot: robotOf(account, rights),
    };
  }
  if (account === "account") {
    const why =
      minor < 3
        ? `only an administrator may manage endpoints and replication policies in ${told}`
        : `a robot of ${told} that has rights on the system has none on projects, so that it would take two, and Tidelock logs in with one account`;
    return { ...advice, text: `declare an administrator: ${why}` };
  }
  if (minor < SYSTEM_ROBOTS) {
    return {
      ...advice,
      text: `declare an administrator: ${told} has no robots of the whole system. Where all projects are there already, a user who is a member of each with the role of a maintainer will do`,
    };
  }
  return {
    ...advice,
    text: `create this robot as an administrator (POST /api/v2.0/robots), and declare its name and secret; it may create projects as long as the setting project_creation_restriction says everyone. With rights on the system as well, ${told} would ignore those on projects`,
    robot: robotOf(
      account,
      rights.filter(({ on }) => on !== "system" && on !== "audit"),
    ),
  };
}

const NAMES: Readonly<Record<AccountKind, string>> = {
  account: "tidelock",
  replicationAccount: "tidelock-replication",
};
const DESCRIPTIONS: Readonly<Record<AccountKind, string>> = {
  account: "Tidelock's own account",
  replicationAccount: "What the other registries copy to here with",
};

function robotOf(account: AccountKind, rights: readonly NeededRight[]): RobotDefinition {
  const onSystem = rights.filter(({ on }) => on === "system" || on === "audit");
  const onProjects = rights.filter(({ on }) => on === "project" || on === "content");
  return {
    name: NAMES[account],
    description: DESCRIPTIONS[account],
    level: "system",
    duration: -1,
    disable: false,
    permissions: [
      ...(onSystem.length === 0
        ? []
        : [{ kind: "system" as const, namespace: "/", access: accessOf(onSystem) }]),
      ...(onProjects.length === 0
        ? []
        : [{ kind: "project" as const, namespace: "*", access: accessOf(onProjects) }]),
    ],
  };
}

/** A push needs the right to pull as well, and Harbor refuses a robot that names one right twice. */
function accessOf(rights: readonly NeededRight[]): { readonly resource: string; readonly action: string }[] {
  return [...new Set(rights.map(({ right }) => right))].map((right) => {
    const [resource = "", action = ""] = right.split(":");
    return { resource, action };
  });
}
