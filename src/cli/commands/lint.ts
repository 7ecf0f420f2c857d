import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { diskReader, whyUnreadable } from "../../config/reader.ts";
import { AppError } from "../../errors.ts";
import { tryDeclared } from "../../lint/connect/try-declared.ts";
import { inOrder } from "../../lint/finding.ts";
import { lintFiles, type GivenFile } from "../../lint/lint.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { lintJson, lintLines, type LintReport } from "../render/lint.ts";

export interface LintFlags {
  readonly connect?: boolean;
}

/** Looks at the harbor.yml of all nodes of one cluster; with `connect` also at what they name. 2 where something was found. */
export async function lint(
  names: readonly string[],
  flags: LintFlags,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const given = await readAll(names);
  if (given.length === 1) io.err("one file alone can't show how nodes differ: name those of all nodes");
  const { findings, files } = lintFiles(given);
  const tried = flags.connect === true ? await tryDeclared(files, randomUUID()) : undefined;
  const report: LintReport = {
    findings: inOrder([...findings, ...(tried?.findings ?? [])], names),
    files: given.length,
    ...(tried === undefined ? {} : { untested: tried.untested }),
  };
  if (output === "json") io.out(JSON.stringify(lintJson(report)));
  else for (const line of lintLines(report)) io.out(line);
  return report.findings.length === 0 ? EXIT.ok : EXIT.notInStep;
}

async function readAll(names: readonly string[]): Promise<GivenFile[]> {
  const places = names.map((name) => resolve(name));
  const twice = names.find((_, position) => places.indexOf(places[position] ?? "") !== position);
  if (twice !== undefined)
    throw new AppError("USAGE", `the file ${twice} is named twice`, { hint: "name each node's file once" });
  const read = await Promise.allSettled(names.map((name) => diskReader.readFile(name)));
  const unreadable = read.flatMap((one, position) =>
    one.status === "rejected" ? [`${names[position] ?? ""} (${whyUnreadable(one.reason)})`] : [],
  );
  if (unreadable.length > 0)
    throw new AppError("FILE_UNREADABLE", `reading ${unreadable.join(", ")} failed`, {
      hint: "name the harbor.yml of each node, copied to this machine, and look at owner and mode",
    });
  return read.flatMap((one, position) =>
    one.status === "fulfilled" ? [{ name: names[position] ?? "", text: one.value }] : [],
  );
}
