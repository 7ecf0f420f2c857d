import type { Offered, OptionWord, ProgramWords } from "./words.ts";

/** A script for fish: `tidelock completion fish | source`. */
export function fishScript({ options, commands }: ProgramWords): string {
  const names = commands.map(({ name }) => name);
  return [
    "# Completion of tidelock for fish. Use it with: tidelock completion fish | source",
    "complete -c tidelock -f",
    ...options.map((option) => optionLine("", option)),
    ...commands.map(
      ({ name, description }) =>
        `complete -c tidelock -n ${quoted(`not __fish_seen_subcommand_from ${names.join(" ")}`)} -a ${name} -d ${quoted(description)}`,
    ),
    ...commands.flatMap(({ name, options: own, arguments: places }) => {
      const condition = ` -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      const [first] = places;
      return [
        ...own.map((option) => optionLine(condition, option)),
        ...(first === undefined || first.kind === "any"
          ? []
          : [`complete -c tidelock${condition}${valueOf(first)}`]),
      ];
    }),
  ].join("\n");
}

function optionLine(condition: string, { flags, description, value }: OptionWord): string {
  const named = flags.map((flag) =>
    flag.startsWith("--") ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const takes = value === undefined ? "" : ` -x${valueOf(value)}`;
  return `complete -c tidelock${condition}${named.join("")}${takes} -d ${quoted(description)}`;
}

function valueOf(value: Offered): string {
  switch (value.kind) {
    case "choices":
      return ` -a ${quoted(value.choices.join(" "))}`;
    case "topology":
      return " -a '(tidelock completion --topologies 2>/dev/null)'";
    case "files":
      return " -a '(__fish_complete_path)'";
    case "any":
      return "";
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
