import type { Instant } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Identity, Version } from "../observed/model.ts";
import type { Answer } from "./answer.ts";
import type { Api } from "./api.ts";
import type { components } from "./generated/harbor.ts";
import { HarborError, reinterpreted } from "./harbor-error.ts";
import { harborWords } from "./explain-refusal.ts";
import { isSupported, parseVersion } from "./version.ts";
import { WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
/** A wrong password locks its user for 1.5 s for everybody (goharbor/harbor src/core/auth/authenticator.go:151-160). */
const LOCK_MS = 2_000;

type Who = Pick<Identity, "username" | "administrator" | "robot">;

/** Asks who we are, and only then what the Harbor is: with wrong credentials Harbor goes on as anonymous. */
export async function proveIdentity(
  api: Api,
  options: { readonly provenBefore: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Identity> {
  const who = await whoAreWe(api, options);
  const { clock } = api.connection;
  const asked = clock.now();
  const answer = await api.call("get", "/systeminfo", {
    doing: "reading the version",
    patience: "hurried",
    signal: options.signal,
  });
  return { ...who, ...decodeSystem(api, answer, (asked + clock.now()) / 2) };
}

async function whoAreWe(
  api: Api,
  options: { readonly provenBefore: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Who> {
  try {
    return await askWho(api, options.signal);
  } catch (error) {
    const isRefused = error instanceof HarborError && error.code === "HARBOR_UNAUTHORIZED";
    if (!isRefused) throw error;
    if (!options.provenBefore) throw unauthorized(error);
    // Credentials that were good may only be locked by somebody else's typing mistake.
    await api.connection.pause("proving the credentials", LOCK_MS, options.signal);
    return await askWho(api, options.signal);
  }
}

async function askWho(api: Api, signal: AbortSignal | undefined): Promise<Who> {
  const answer = await api.call("get", "/users/current", {
    doing: "proving the credentials",
    patience: "hurried",
    alsoGood: [412],
    signal,
  });
  if (answer.status !== 412) return decodeUser(answer);
  const words = harborWords({ status: answer.status, headers: {}, body: answer.body });
  if (words?.message.includes("robot") !== true) throw answer.nonsense("Harbor does not say who we are");
  return { username: api.connection.registry.account.username, administrator: false, robot: true };
}

function decodeUser(answer: Answer): Who {
  const user = new WireObject<Schemas["User"]>(answer.json(), "user");
  if (user.text("username") === "") throw answer.nonsense("the answer names no user");
  return {
    username: user.text("username"),
    administrator: user.flag("sysadmin_flag") || user.flag("admin_role_in_auth"),
    robot: false,
  };
}

function decodeSystem(api: Api, answer: Answer, ourTime: Instant): Omit<Identity, keyof Who> {
  const system = new WireObject<Schemas["SystemInfo"]>(answer.json(), "systeminfo");
  const theirTime = system.instant("current_time");
  // What only those get who are logged in (goharbor/harbor src/controller/systeminfo); its lack shows that we are anonymous.
  if (!system.has("harbor_version") || !system.has("external_url")) throw anonymous(api);
  return {
    version: versionOf(api, system.text("harbor_version")),
    readOnly: system.flag("read_only"),
    ...(system.text("project_creation_restriction") === "adminonly" ? { restrictsProjects: true } : {}),
    ...(theirTime === undefined ? {} : { clockOffsetMs: Math.round(theirTime - ourTime) }),
  };
}

function versionOf(api: Api, text: string): Version {
  const version = parseVersion(text);
  if (version !== undefined && isSupported(version)) return version;
  throw new AppError(
    "HARBOR_UNSUPPORTED",
    `registry ${api.connection.registry.name} is Harbor "${text.slice(0, 40)}", which Tidelock does not know`,
    { hint: "Tidelock speaks with Harbor 2.1 and every later 2.x" },
  );
}

function anonymous(api: Api): AppError {
  return new AppError(
    "HARBOR_UNAUTHORIZED",
    `registry ${api.connection.registry.name} took the credentials and then answered as to a stranger`,
    {
      hint: "check that nothing in front of it strips the Authorization header, and that the account is not locked",
    },
  );
}

function unauthorized(error: HarborError): HarborError {
  const hint =
    "check username and password (of a robot the whole name with its prefix); a wrong password tried elsewhere also locks a user for 1.5 s";
  return reinterpreted(error, "HARBOR_UNAUTHORIZED", hint);
}
