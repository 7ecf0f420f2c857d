import { readFile } from "node:fs/promises";
import { DEFAULTS } from "../config/settings.ts";
import { whyUnreadable } from "../config/reader.ts";
import type { Environment } from "../config/substitute.ts";
import { AppError } from "../errors.ts";
import { makeSecret } from "../topology/secret.ts";
import type { Account, Declared, Registry } from "../topology/model.ts";
import { normalUrl } from "../topology/registry-url.ts";

/** Registries named on the command line, for the first day, when nothing is declared. */
export interface GivenFlags {
  /** `NAME=URL` */
  readonly registry?: readonly string[];
  /** `NAME=URL`: how the others reach it. */
  readonly endpointUrl?: readonly string[];
  readonly username?: string;
  readonly passwordFile?: string;
}

/** The registries of the command line as a declaration without topologies. Rejects with `USAGE` where they are none. */
export async function givenDeclared(flags: GivenFlags, environment: Environment): Promise<Declared> {
  const urls = byName(flags.registry ?? [], "--registry");
  const endpointUrls = byName(flags.endpointUrl ?? [], "--endpoint-url");
  const stray = [...endpointUrls.keys()].find((name) => !urls.has(name));
  if (stray !== undefined) throw usage(`--endpoint-url names ${stray}, which no --registry names`);
  const account = await accountOf(flags, environment);
  const registries = new Map(
    [...urls].map(([name, url]): [string, Registry] => [
      name,
      {
        name,
        url,
        endpointUrl: endpointUrls.get(name) ?? url,
        account,
        replicationAccount: account,
        insecureSkipVerify: false,
      },
    ]),
  );
  const twice = [...urls].find(([name, url]) =>
    [...urls].some(([other, at]) => at === url && other !== name),
  );
  if (twice !== undefined) throw usage(`two registries have the address ${twice[1]}`);
  return { registries, topologies: [], settings: DEFAULTS };
}

function byName(texts: readonly string[], option: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(0, at));
    const url = addressOf(text.slice(at + 1));
    if (!/^[a-z0-9-]{1,16}$/.test(name) || url === undefined) {
      throw usage(`${option} ${hidden(text)} is not understood`);
    }
    if (found.has(name)) throw usage(`${option} names ${name} twice`);
    found.set(name, url);
  }
  return found;
}

/** Undefined for what holds an account, which belongs elsewhere, or a query. */
function addressOf(text: string): string | undefined {
  const url = normalUrl(text);
  if (url === undefined) return undefined;
  const { username, password, search, hash } = new URL(text);
  return [username, password, search, hash].every((part) => part === "") ? url : undefined;
}

/** An address may hold a password by mistake. */
function hidden(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//…@");
}

async function accountOf(
  { username = "admin", passwordFile }: GivenFlags,
  environment: Environment,
): Promise<Account> {
  const password =
    passwordFile === undefined ? environment["TIDELOCK_PASSWORD"] : await fileText(passwordFile);
  if (password === undefined || password === "") {
    throw new AppError("USAGE", `there is no password for ${username}`, {
      hint: "set TIDELOCK_PASSWORD in the environment, or name a file with --password-file",
    });
  }
  return { username, password: makeSecret(password) };
}

async function fileText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/(\r?\n)+$/, "");
  } catch (thrown) {
    throw new AppError("CONFIG_UNREADABLE", `the file ${path} can't be read: ${whyUnreadable(thrown)}`);
  }
}

function usage(message: string): AppError {
  return new AppError("USAGE", message, {
    hint: "write NAME=https://HOST; names are 1 to 16 of a-z, 0-9 and -",
  });
}
