import type { CommandWords, Offered, OptionWord, ProgramWords } from "./words.ts";

/** A script for zsh: `source <(tidelock completion zsh)`, or a file `_tidelock` in a folder of `fpath`. */
export function zshScript({ options, commands }: ProgramWords): string {
  return [
    "#compdef tidelock",
    "# Completion of tidelock for zsh. Use it with: source <(tidelock completion zsh)",
    "_tidelock_topologies() {",
    "  local -a names",
    '  names=(${(f)"$(tidelock ${opt_args[--policies]:+--policies} ${opt_args[--policies]} completion --topologies 2>/dev/null)"})',
    "  compadd -a names",
    "}",
    "_tidelock() {",
    "  local curcontext=$curcontext state line",
    "  local -A opt_args",
    "  _arguments -C \\",
    ...options.map((option) => `    ${specOf(option)} \\`),
    "    '1:command:->command' \\",
    "    '*::argument:->argument'",
    "  case $state in",
    "    command)",
    "      local -a commands",
    "      commands=(",
    ...commands.map(({ name, description }) => `        ${quoted(`${name}:${description}`)}`),
    "      )",
    "      _describe command commands ;;",
    "    argument)",
    "      case $words[1] in",
    ...commands.flatMap(commandCase),
    "      esac ;;",
    "  esac",
    "}",
    'if [[ $funcstack[1] == _tidelock ]]; then _tidelock "$@"; else compdef _tidelock tidelock; fi',
  ].join("\n");
}

function commandCase({ name, options, arguments: places }: CommandWords): string[] {
  const specs = [
    ...options.map(specOf),
    ...places.map((place, at) => quoted(`${at + 1}:argument:${actionOf(place)}`)),
  ];
  return [`        ${name}) _arguments ${specs.join(" ")} ;;`];
}

/** `'(-h --help)'{-h,--help}'[description]'`, with the value it takes. */
function specOf({ flags, description, value }: OptionWord): string {
  const told = `[${description.replaceAll("]", "\\]").replaceAll("[", "\\[")}]`;
  const takes = value === undefined ? "" : `:value:${actionOf(value)}`;
  const [only = ""] = flags;
  if (flags.length === 1) return quoted(`*${only}${told}${takes}`);
  return `${quoted(`(${flags.join(" ")})`)}{${flags.join(",")}}${quoted(`${told}${takes}`)}`;
}

function actionOf(value: Offered): string {
  switch (value.kind) {
    case "choices":
      return `(${value.choices.join(" ")})`;
    case "topology":
      return "_tidelock_topologies";
    case "files":
      return "_files";
    case "any":
      return " ";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
