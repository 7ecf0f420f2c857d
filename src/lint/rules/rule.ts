import type { Finding } from "../finding.ts";
import type { HarborFile } from "../harbor-file.ts";

/** Looks at one file for one kind of slip. */
export type Rule = (file: HarborFile) => readonly Finding[];
