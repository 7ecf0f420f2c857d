import type { App, ComposeOptions } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import { givenDeclared, type GivenFlags } from "../given-registries.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { adopt, type AdoptFlags } from "./adopt.ts";
import { importDeclaration, type ImportFlags } from "./import-declaration.ts";

export type ImportCommandFlags = GivenFlags & ImportFlags & AdoptFlags & { readonly adopt?: boolean };

/** Does the work with all adapters, over what the files declare or over what is given. */
export type WithApp = (
  work: (app: App) => Promise<number>,
  options?: Pick<ComposeOptions, "given" | "topologiesOptional">,
) => Promise<number>;

/** Importing from registries of the command line or of the files, or adopting for what the files declare. */
export async function importCommand(
  flags: ImportCommandFlags,
  io: CliIo,
  global: GlobalFlags,
  withApp: WithApp,
): Promise<number> {
  const contradiction = contradictionIn(flags);
  if (contradiction !== undefined) throw new AppError("USAGE", contradiction);
  if (flags.adopt === true) return withApp((app) => adopt(app, flags, io, global));
  const given = flags.registry === undefined ? undefined : await givenDeclared(flags, io.environment);
  const declaring = given === undefined ? {} : { given };
  return withApp((app) => importDeclaration(app, flags, given === undefined, io, global), {
    topologiesOptional: true,
    ...declaring,
  });
}

function contradictionIn(flags: ImportCommandFlags): string | undefined {
  const { adopt: adopting, registry, endpointUrl, username, passwordFile, to, force, only, yes } = flags;
  if (adopting === true) {
    const stray = [registry, endpointUrl, username, passwordFile, to, force].some((one) => one !== undefined);
    return stray ? "--adopt works on what is declared: it goes only with --only and --yes" : undefined;
  }
  if (only !== undefined || yes !== undefined) return "--only and --yes go with --adopt";
  const account = [endpointUrl, username, passwordFile].some((one) => one !== undefined);
  if (registry === undefined && account) {
    return "--endpoint-url, --username and --password-file go with --registry";
  }
  return force !== undefined && to === undefined ? "--force goes with --to" : undefined;
}
