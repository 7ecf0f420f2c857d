import type { CommandWords, Offered, OptionWord, ProgramWords } from "./words.ts";

/** A script for bash, to be sourced: `source <(tidelock completion bash)`. Needs nothing beside bash 4. */
export function bashScript(words: ProgramWords): string {
  return [
    "# Completion of tidelock for bash. Use it with: source <(tidelock completion bash)",
    "_tidelock_topologies() {",
    '  if [[ -n $policies ]]; then tidelock --policies "$policies" completion --topologies 2>/dev/null',
    "  else tidelock completion --topologies 2>/dev/null; fi",
    "}",
    "_tidelock() {",
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"',
    '  local command="" policies="" place=0 i word',
    "  COMPREPLY=()",
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    '    word="${COMP_WORDS[i]}"',
    '    case "$command $word" in',
    ...valueCases(words),
    '      *" -"*) ;;',
    '      " "*) command="$word" ;;',
    "      *) place=$((place + 1)) ;;",
    "    esac",
    "  done",
    '  case "$command $prev" in',
    ...words.commands.flatMap(({ name, options }) =>
      options.flatMap((option) => afterOption(`"${name} "`, option)),
    ),
    ...words.options.flatMap((option) => afterOption('*" "', option)),
    "  esac",
    "  if [[ $cur == -* ]]; then",
    '    case "$command" in',
    `      "") ${offer(flagsOf(words.options))} ;;`,
    ...words.commands.map(
      ({ name, options }) => `      ${name}) ${offer(flagsOf([...options, ...words.options]))} ;;`,
    ),
    "    esac",
    "    return",
    "  fi",
    '  case "$command $place" in',
    `    " 0") ${offer(words.commands.map(({ name }) => name))} ;;`,
    ...words.commands.flatMap(argumentCases),
    "  esac",
    "}",
    "complete -F _tidelock tidelock",
  ].join("\n");
}

/** Steps over the value of an option, so that it is taken for no command and no argument. */
function valueCases({ options, commands }: ProgramWords): string[] {
  const own = commands.flatMap(({ name, options: some }) =>
    withValue(some).map((flag) => `"${name} ${flag}"`),
  );
  const general = withValue(options).map((flag) => `*" ${flag}"`);
  return [
    '      *" --policies") i=$((i + 1)); policies="${COMP_WORDS[i]}" ;;',
    `      ${[...general, ...own].join("|")}) i=$((i + 1)) ;;`,
  ];
}

function withValue(options: readonly OptionWord[]): string[] {
  return options.flatMap(({ flags, value }) => (value === undefined ? [] : flags));
}

/** `before` is a pattern for the command and the space after it: options of the program may stand anywhere. */
function afterOption(before: string, { flags, value }: OptionWord): string[] {
  if (value === undefined) return [];
  const patterns = flags.map((flag) => `${before}${flag}`).join("|");
  return [`    ${patterns}) ${offered(value)} return ;;`];
}

function argumentCases({ name, arguments: places }: CommandWords): string[] {
  return places.map((place, at) => `    "${name} ${at}") ${offered(place)} ;;`);
}

function offered(value: Offered): string {
  switch (value.kind) {
    case "choices":
      return `${offer(value.choices)};`;
    case "topology":
      return 'COMPREPLY=($(compgen -W "$(_tidelock_topologies)" -- "$cur"));';
    case "files":
      return 'COMPREPLY=($(compgen -f -- "$cur"));';
    case "any":
      return ":;";
  }
}

function offer(texts: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${texts.join(" ")}" -- "$cur"))`;
}

function flagsOf(options: readonly OptionWord[]): string[] {
  return [...new Set(options.flatMap(({ flags }) => flags))];
}
