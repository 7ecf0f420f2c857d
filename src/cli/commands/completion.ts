import { readDeclared } from "../../config/read-declared.ts";
import { settingsInForce } from "../../config/settings.ts";
import { AppError } from "../../errors.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import type { ProgramWords } from "../completion/words.ts";
import { zshScript } from "../completion/zsh.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

interface CompletionFlags {
  readonly shell: string | undefined;
  /** Instead of a script: the names that it offers, one a line; nothing where the declarations have mistakes. */
  readonly topologies?: boolean;
}

/** Prints the script of a shell, made from the program's own commands and options. */
export async function completion(
  words: ProgramWords,
  { shell, topologies }: CompletionFlags,
  io: CliIo,
  flags: GlobalFlags,
): Promise<number> {
  if (topologies === true) {
    for (const name of await declaredTopologies(io, flags)) io.out(name);
    return EXIT.ok;
  }
  const script = Object.entries(SCRIPTS).find(([name]) => name === shell)?.[1];
  if (script === undefined) {
    throw new AppError("USAGE", "which shell is the completion for?", {
      hint: `name one of ${Object.keys(SCRIPTS).join(", ")}`,
    });
  }
  const text = script(words);
  io.out(flags.output === "json" ? JSON.stringify({ shell, script: text }) : text);
  return EXIT.ok;
}

async function declaredTopologies(io: CliIo, flags: GlobalFlags): Promise<string[]> {
  try {
    const { policies } = settingsInForce({ flags, environment: io.environment });
    const { declared } = await readDeclared(policies, { environment: io.environment });
    return declared.topologies.map(({ name }) => name);
  } catch {
    return [];
  }
}
