import type { Command, Option } from "commander";

/** What may stand at a place of the command line. */
export type Offered =
  /** One of these. */
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  /** A declared topology. */
  | { readonly kind: "topology" }
  | { readonly kind: "files" }
  /** A value that nothing can be said about. */
  | { readonly kind: "any" };

export interface OptionWord {
  /** As they are typed, short before long. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined for a switch. */
  readonly value: Offered | undefined;
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWord[];
  readonly arguments: readonly Offered[];
}

export interface ProgramWords {
  readonly options: readonly OptionWord[];
  readonly commands: readonly CommandWords[];
}

/** Everything that can be typed, as the program itself knows it; what is hidden in its help is left out. */
export function wordsOf(program: Command): ProgramWords {
  return {
    options: optionsOf(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: optionsOf(command),
      arguments: command.registeredArguments.map((one) => offeredFor(one.name(), one.argChoices)),
    })),
  };
}

function optionsOf(command: Command): OptionWord[] {
  const help = { flags: ["-h", "--help"], description: "show help", value: undefined };
  return [...command.options.filter(({ hidden }) => !hidden).map(optionWord), help];
}

function optionWord(option: Option): OptionWord {
  const takesValue = option.required || option.optional;
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? "";
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    description: option.description,
    value: takesValue ? offeredFor(placeholder, option.argChoices) : undefined,
  };
}

/** From what a value is called in the help. */
function offeredFor(placeholder: string, choices: readonly string[] | undefined): Offered {
  if (choices !== undefined) return { kind: "choices", choices };
  const name = placeholder.replace(/\.\.\.$/, "").toLowerCase();
  if (name === "topology") return { kind: "topology" };
  return /^(file|folder|path)$/.test(name) ? { kind: "files" } : { kind: "any" };
}
