import { ConfigError, renderMistake, type Mistake } from "../../config/mistake.ts";
import { readDeclared } from "../../config/read-declared.ts";
import { settingsInForce } from "../../config/settings.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";

/** Reads everything declared and reports every mistake; connects to nothing. */
export async function validate(io: CliIo, flags: GlobalFlags): Promise<number> {
  const { policies } = settingsInForce({ flags, environment: io.environment });
  try {
    const { declared, warnings } = await readDeclared(policies, { environment: io.environment });
    if (flags.output === "json") io.out(JSON.stringify({ valid: true, mistakes: [], warnings }));
    else {
      warnings.forEach((warning) => io.err(`warning: ${renderMistake(warning)}`));
      io.out(`valid: ${declared.registries.size} registries, ${declared.topologies.length} topologies`);
    }
    return EXIT.ok;
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    print(thrown.mistakes, io, flags);
    return EXIT.invalid;
  }
}

function print(mistakes: readonly Mistake[], io: CliIo, { output }: GlobalFlags): void {
  if (output === "json") io.out(JSON.stringify({ valid: false, mistakes, warnings: [] }));
  else mistakes.forEach((mistake) => io.out(renderMistake(mistake)));
}
