import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "../errors.ts";
import type { Settings } from "../topology/model.ts";
import { didYouMean } from "./nearest.ts";
import type { Environment } from "./substitute.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** What was said on the command line; what was not said is left out. */
export interface Flags {
  readonly policies?: string;
  readonly store?: string;
  readonly output?: "table" | "json";
  readonly logLevel?: string;
}

/** Where a value comes from, the strongest first. */
type Origin = "flag" | "environment" | "file" | "default";

export interface InForce {
  /** Folder of the declarations. */
  readonly policies: string;
  /** Path of the embedded store; from the environment it may be an address, which is refused when the store is opened. */
  readonly store: string;
  readonly output: "table" | "json";
  readonly logLevel: LogLevel;
  /** `auto` leaves it to whether the output is a terminal. */
  readonly color: "auto" | "always" | "never";
  readonly schedule: Settings["schedule"];
  readonly probe: Settings["probe"];
  readonly health: Settings["health"];
  readonly load: NonNullable<Settings["load"]>;
  /** Nothing is written to any Harbor, whatever is asked. */
  readonly readOnly: boolean;
  readonly proxy: { readonly http?: string; readonly https?: string; readonly no?: string };
  readonly origins: Readonly<Partial<Record<string, Origin>>>;
}

export interface Sources {
  readonly flags: Flags;
  readonly environment: Environment;
  /** `declared.settings`; left out before the declarations were read. */
  readonly file?: Settings;
}

/**
 * Which settings are in force: flags before environment before files before defaults. A level that is none is `USAGE`, and so is a
 * `TIDELOCK_READ_ONLY` that is neither yes nor no.
 */
export function settingsInForce({ flags, environment, file }: Sources): InForce {
  const origins: Record<string, Origin> = {};
  const choose = (key: string, ...options: readonly (readonly [Origin, string | undefined])[]): string => {
    const [origin, value] = options.find(([, one]) => one !== undefined && one !== "") ?? ["default", ""];
    origins[key] = origin;
    return value ?? "";
  };
  const level = choose(
    "logLevel",
    ["flag", flags.logLevel],
    ["environment", environment["TIDELOCK_LOG_LEVEL"]],
    ["default", "info"],
  );
  return {
    policies: choose(
      "policies",
      ["flag", flags.policies],
      ["environment", environment["TIDELOCK_POLICIES"]],
      ["default", "policies"],
    ),
    store: choose(
      "store",
      ["flag", flags.store],
      ["environment", environment["TIDELOCK_STATE"]],
      ["file", file?.store],
      ["default", defaultStore(environment)],
    ),
    output: flags.output ?? "table",
    logLevel: logLevelOf(level),
    color: colorOf(environment),
    schedule: file?.schedule ?? DEFAULTS.schedule,
    probe: file?.probe ?? DEFAULTS.probe,
    health: file?.health ?? DEFAULTS.health,
    load: file?.load ?? DEFAULT_LOAD,
    readOnly: isYes("TIDELOCK_READ_ONLY", environment),
    proxy: proxyOf(environment),
    origins,
  };
}

const DEFAULT_LOAD: NonNullable<Settings["load"]> = { requests: 4, executions: 6 };

/** Without any file; the same as the defaults of the files' shape. */
export const DEFAULTS: Settings = {
  installation: "main",
  schedule: "0 */5 * * * *",
  probe: { everySeconds: 10, failAfter: 3, riseAfter: 3 },
  health: { warnSeconds: 300, criticalSeconds: 900 },
  load: DEFAULT_LOAD,
};

/** In the folder that the XDG specification has for the state of programs. */
function defaultStore(environment: Environment): string {
  const state = environment["XDG_STATE_HOME"];
  // The specification has relative paths ignored.
  const folder =
    state?.startsWith("/") === true ? state : resolve(environment["HOME"] ?? homedir(), ".local/state");
  return join(folder, "tidelock", "tidelock.db");
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text.toLowerCase());
  if (level !== undefined) return level;
  const hint = didYouMean(text, LOG_LEVELS);
  throw new AppError("USAGE", `there is no log level "${text}"`, hint === undefined ? {} : { hint });
}

/** Anything else is refused: what was meant to keep us from writing must not be misread. */
function isYes(name: string, environment: Environment): boolean {
  const text = (environment[name] ?? "").trim().toLowerCase();
  if (["1", "true", "yes", "on"].includes(text)) return true;
  if (["", "0", "false", "no", "off"].includes(text)) return false;
  throw new AppError("USAGE", `reading ${name} failed: "${text}" is neither yes nor no`, {
    hint: `set it to 1 or 0, or unset it`,
  });
}

function colorOf(environment: Environment): InForce["color"] {
  if ((environment["NO_COLOR"] ?? "") !== "") return "never";
  const force = environment["FORCE_COLOR"] ?? "";
  return force !== "" && force !== "0" ? "always" : "auto";
}

function proxyOf(environment: Environment): InForce["proxy"] {
  const either = (name: string): string | undefined => environment[name.toLowerCase()] ?? environment[name];
  const http = either("HTTP_PROXY");
  const https = either("HTTPS_PROXY");
  const no = either("NO_PROXY");
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    ...(no === undefined ? {} : { no }),
  };
}
