import type { Environment } from "./substitute.ts";

/** The environment of the process; everywhere else it is an argument. */
export function ownEnvironment(): Environment {
  return process.env;
}
