import { inOrder, type Finding } from "./finding.ts";
import { isHarborCfg } from "./harbor-cfg.ts";
import { parseHarborFile, type HarborFile } from "./harbor-file.ts";
import { databaseUse, oneDatabase } from "./rules/database.ts";
import { equalNodes } from "./rules/equal.ts";
import { hostname, https, oneFront } from "./rules/hostname.ts";
import { keys } from "./rules/keys.ts";
import { emptyPasswords, knownPasswords } from "./rules/passwords.ts";
import { indexes, oneRedis } from "./rules/redis.ts";
import { complete, required } from "./rules/required.ts";
import type { Rule } from "./rules/rule.ts";
import { harborCfg, readable, version } from "./rules/text.ts";

const RULES: readonly Rule[] = [
  version,
  keys,
  required,
  complete,
  hostname,
  https,
  knownPasswords,
  emptyPasswords,
  oneDatabase,
  databaseUse,
  oneRedis,
  indexes,
];

/** The text of one file, by the name it was given. */
export interface GivenFile {
  readonly name: string;
  readonly text: string;
}

export interface Linted {
  /** By file as given, then by line. */
  readonly findings: readonly Finding[];
  /** Those that could be read; what was declared is taken from them. */
  readonly files: readonly HarborFile[];
}

/** Looks at the harbor.yml of all nodes of one cluster. Pure: nothing is connected to. */
export function lintFiles(given: readonly GivenFile[]): Linted {
  const read = given.map(({ name, text }) => ({
    file: parseHarborFile(name, text),
    isCfg: isHarborCfg(text),
  }));
  const files = read.filter(({ isCfg, file }) => !isCfg && file.isMap).map(({ file }) => file);
  const findings = [
    ...read.flatMap(({ file, isCfg }) => (isCfg ? [harborCfg(file)] : readable(file))),
    ...files.flatMap((file) => RULES.flatMap((rule) => rule(file))),
    ...equalNodes(files),
    ...oneFront(files),
  ];
  return {
    findings: inOrder(
      findings,
      given.map(({ name }) => name),
    ),
    files,
  };
}
