import { readFileSync } from "node:fs";
import type { Json } from "../../src/sandbox/json.ts";

/** One call to a real Harbor and what it answered. */
export interface Call {
  readonly step: string;
  readonly note?: string;
  readonly target: "self" | "peer";
  readonly as: "admin" | "other" | "anonymous";
  readonly method: string;
  readonly path: string;
  readonly request?: Json;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly ms: number;
}

export function readLines<T>(file: string): T[] {
  const text = readFileSync(new URL(`../recordings/${file}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

export function callsOf(release: string): Call[] {
  return readLines<Call>(`harbor-${release}.jsonl`);
}
