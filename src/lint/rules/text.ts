import { at, type Finding } from "../finding.ts";
import { LINT_CODES } from "../codes.ts";
import type { HarborFile } from "../harbor-file.ts";
import { declaredVersion } from "../harbor-version.ts";
import type { Rule } from "./rule.ts";

/** Mistakes of YAML, and files that hold something else altogether. */
export const readable: Rule = (file) => {
  const mistakes = file.mistakes.map((mistake): Finding => {
    const advice =
      mistake.kind === "duplicate-key"
        ? "keep one of them"
        : "correct the line; until then the installer reads nothing of the file";
    const { kind: code, line, sentence } = mistake;
    return { file: file.name, line, path: "", code, severity: LINT_CODES[code].severity, sentence, advice };
  });
  if (file.isMap || mistakes.some(({ code }) => code === "not-yaml")) return mistakes;
  const sentence = "holds no keys and values";
  return [...mistakes, at(file, [], { code: "not-yaml", sentence, advice: "give the harbor.yml of a node" })];
};

/** A version that is no Harbor 2. One that lacks matters to keys that came and went only, and is told there. */
export const version: Rule = (file) => {
  if (declaredVersion(file.values).kind !== "other") return [];
  return [
    at(file, ["_version"], {
      code: "version-unsupported",
      sentence: "is no version of Harbor 2, and Tidelock knows no other",
      advice: "let the installer of the new version migrate the file: prepare migrate",
    }),
  ];
};

/** A file of Harbor 1.7 and before is told once, as a whole. */
export function harborCfg(file: HarborFile): Finding {
  return at(file, [], {
    code: "harbor-cfg",
    sentence: "has the form of harbor.cfg, which no Harbor since 1.8 reads",
    advice: "begin with the harbor.yml.tmpl of the installed version, and carry the values over",
  });
}
