import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import type { DocumentPath } from "../config/source-file.ts";
import { shownKey } from "./secrecy.ts";

export type Values = Readonly<Record<string, unknown>>;

/** What is wrong with the text itself. */
export interface TextMistake {
  readonly kind: "duplicate-key" | "not-yaml";
  /** From 1. */
  readonly line: number;
  /** In our words: those of the parser quote the text, which may be a password. */
  readonly sentence: string;
}

/** One harbor.yml: its values, and on which line each stands. */
export interface HarborFile {
  /** As it was given. */
  readonly name: string;
  /** Empty where the text could not be read as a map. */
  readonly values: Values;
  readonly isMap: boolean;
  readonly mistakes: readonly TextMistake[];
  /** Of the key at a path, or of the nearest thing around it that is there; from 1. */
  lineOf(path: DocumentPath): number;
}

const MOST_ALIASES = 100;
/** No harbor.yml comes near, in characters; a file with more keys than this holds would keep the rules busy for minutes. */
const MOST_TEXT = 200_000;

const WORDS: Readonly<Partial<Record<Document["errors"][number]["code"], string>>> = {
  TAB_AS_INDENT: "is indented with a tab; YAML wants spaces",
  MULTIPLE_DOCS: "holds several YAML documents; the installer reads one",
  BAD_INDENT: "is indented in a way that fits nothing above it",
  MISSING_CHAR: "a quote or bracket is not closed, or a colon lacks",
  BLOCK_AS_IMPLICIT_KEY: "two keys on one line, or a line that is indented too far",
  MULTILINE_IMPLICIT_KEY: "a line without a colon and a space between key and value",
  BAD_ALIAS: "a value begins with * without quotes",
  UNEXPECTED_TOKEN:
    "something stands where YAML expects nothing; put values with special characters in quotes",
};

/**
 * Reads a harbor.yml as Harbor's installer does: YAML 1.1, and of a key that stands twice the last counts
 * (goharbor/harbor make/photon/prepare/utils/configs.py, yaml.safe_load). Never throws.
 */
export function parseHarborFile(name: string, text: string): HarborFile {
  const strange = whyNoText(text);
  if (strange !== undefined) {
    const mistakes: TextMistake[] = [{ kind: "not-yaml", line: 1, sentence: strange }];
    return { name, values: {}, isMap: false, mistakes, lineOf: () => 1 };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.1",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const [broken] = document.errors;
  const mistakes: TextMistake[] = broken === undefined ? duplicates(document, lineAt) : [];
  if (broken !== undefined) {
    const sentence = WORDS[broken.code] ?? "is no valid YAML";
    mistakes.push({ kind: "not-yaml", line: lineAt(broken.pos[0]), sentence });
  }
  const plain = broken === undefined ? plainValue(document) : undefined;
  if (broken === undefined && plain === undefined)
    mistakes.push({ kind: "not-yaml", line: 1, sentence: "its aliases can't be followed" });
  const values = isValues(plain?.value) ? plain.value : {};
  return {
    name,
    values,
    isMap: isValues(plain?.value),
    mistakes,
    lineOf: (path) => lineAt(offsetOf(document, path)),
  };
}

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(values: Values, path: DocumentPath): unknown {
  return path.reduce<unknown>((here, part) => (isValues(here) ? here[part] : undefined), values);
}

/** The map at a path; empty where there is none. */
export function mapAt(values: Values, ...path: string[]): Values {
  const found = valueAt(values, path);
  return isValues(found) ? found : {};
}

/** A scalar as text; undefined where there is none, or an empty one. */
export function textAt(values: Values, ...path: string[]): string | undefined {
  const found = valueAt(values, path);
  if (typeof found !== "string" && typeof found !== "number" && typeof found !== "boolean") return undefined;
  return String(found) === "" ? undefined : String(found);
}

function whyNoText(text: string): string | undefined {
  if (text.includes("\0") || text.includes("\uFFFD")) return "is no text in UTF-8";
  return text.length > MOST_TEXT ? "is much longer than any harbor.yml" : undefined;
}

/** Undefined where aliases make it endless: too many, or one that stands inside of what it names. */
function plainValue(document: Document): { readonly value: unknown } | undefined {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    JSON.stringify(value);
    return { value };
  } catch {
    return undefined;
  }
}

function duplicates(document: Document, lineAt: (offset: number) => number): TextMistake[] {
  const found: TextMistake[] = [];
  const look = (node: unknown): void => {
    if (!isMap(node)) return;
    const seen = new Map<string, number>();
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.range) {
        const name = String(key.value);
        const line = lineAt(key.range[0]);
        const before = seen.get(name);
        const sentence = `${shownKey(name)} stands on line ${before ?? 0} already; only the last one counts`;
        if (before !== undefined) found.push({ kind: "duplicate-key", line, sentence });
        seen.set(name, line);
      }
      look(value);
    }
  };
  look(document.contents);
  return found;
}

/** Where the key of a path stands; where it lacks, that of the longest part of the path that is there. */
function offsetOf(document: Document, path: DocumentPath): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (!isMap(node)) break;
    const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part));
    if (pair === undefined) break;
    if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
    node = pair.value;
  }
  return offset;
}
