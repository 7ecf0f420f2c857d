import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
} from "yaml";
import type { Mistake } from "./mistake.ts";

export type DocumentPath = readonly (string | number)[];

/** A place in one of the files. */
export interface Place {
  readonly source: SourceFile;
  readonly path: DocumentPath;
}

/** One file of declarations: its values, and where each stands. */
export interface SourceFile {
  /** As it is shown to people. */
  readonly name: string;
  /** Absolute, or as the folder was given; relative paths inside the file start here. */
  readonly folder: string;
  /** Plain values; undefined when the text could not be read as YAML. */
  readonly value: unknown;
  /** What is wrong with the text itself. */
  readonly mistakes: readonly Mistake[];
  /** Line and column of a value, or of the nearest thing around it that exists; of the key itself with `onKey`. */
  locate(path: DocumentPath, onKey?: boolean): { line: number; column: number };
}

const MOST_CHARACTERS = 1_000_000;
/** Far more than anybody writes; a document that unfolds to gigabytes needs more. */
const MOST_ALIASES = 100;

type YamlError = Document["errors"][number];

/** In our words: those of the parser quote the text, which may be a password. */
const WORDS: Readonly<Partial<Record<YamlError["code"], string>>> = {
  DUPLICATE_KEY: "the same key stands twice in one place",
  TAB_AS_INDENT: "is indented with a tab; YAML wants spaces",
  MULTIPLE_DOCS: "holds several documents; make them several files",
  BAD_INDENT: "is no valid YAML: it is indented in a way that fits nothing above it",
  MISSING_CHAR: "is no valid YAML: a quote or bracket is not closed, or a comma or colon lacks",
  BLOCK_AS_IMPLICIT_KEY: "is no valid YAML: two keys on one line, or a line that is indented too far",
  MULTILINE_IMPLICIT_KEY: "is no valid YAML: a line without a colon and a space between key and value",
  BAD_ALIAS: "is no valid YAML: a value begins with * or & without quotes",
  BAD_SCALAR_START: "is no valid YAML: a value begins with a character that needs quotes",
  TAG_RESOLVE_FAILED: "is no valid YAML: a value begins with ! without quotes",
  BAD_DQ_ESCAPE:
    "is no valid YAML: a backslash in double quotes that begins nothing known; write two of them",
  UNEXPECTED_TOKEN:
    "is no valid YAML: something stands where nothing is expected; put values with special characters in quotes",
};

const QUOTE_HINT = 'inside { } and [ ] write "${VAR}" in quotes';

/** Reads the text of one file. Never throws: what is wrong with it is in `mistakes`. */
export function parseSource(name: string, folder: string, text: string): SourceFile {
  const lines = new LineCounter();
  const document = parseDocument(text.slice(0, MOST_CHARACTERS), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const mistakes = firstOfEach(document.errors).map((error): Mistake => {
    const line = position(error.pos[0]);
    const hint = /[{,].*[^"']\$\{/.test(text.split("\n")[line.line - 1] ?? "") ? QUOTE_HINT : undefined;
    const message = WORDS[error.code] ?? "is no valid YAML";
    return { file: name, ...line, path: "", message, ...(hint === undefined ? {} : { hint }) };
  });
  const whole = (message: string): void => {
    mistakes.push({ file: name, line: 1, column: 1, path: "", message });
  };
  if (text.length > MOST_CHARACTERS) whole(`is longer than ${MOST_CHARACTERS} characters`);
  const loose = mistakes.length === 0 ? looseAlias(document) : undefined;
  if (loose !== undefined) {
    const message = "a value begins with * and names nothing above it";
    const hint = "put the value in quotes";
    mistakes.push({ file: name, ...position(loose.range?.[0] ?? 0), path: "", message, hint });
  }
  const plain = mistakes.length === 0 ? plainValue(document) : undefined;
  if (mistakes.length === 0 && plain === undefined) whole("its aliases can't be followed");
  return {
    name,
    folder,
    value: plain?.value,
    mistakes,
    locate: (path, onKey = false) => position(offsetOf(document, path, onKey)),
  };
}

/** `topologies[0].content.tags` */
export function renderPath(path: DocumentPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`),
    "",
  );
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

/** The first alias of what was not anchored before it: mostly a password that begins with `*`. */
function looseAlias(document: Document): Alias | undefined {
  const anchors = new Set<string>();
  let loose: Alias | undefined;
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        if (anchors.has(node.source)) return undefined;
        loose = node;
        return visit.BREAK;
      }
      if (node.anchor !== undefined) anchors.add(node.anchor);
      return undefined;
    },
  });
  return loose;
}

function offsetOf(document: Document, path: DocumentPath, onKey: boolean): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const here = path.slice(0, length);
    const key = onKey || length < path.length ? keyOffset(document, here) : undefined;
    if (key !== undefined) return key;
    const node: unknown = length === 0 ? document.contents : document.getIn(here, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: DocumentPath): number | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
  return pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
}

/** After the first error in the grammar the others only follow from it; keys that stand twice are each worth telling. */
function firstOfEach(errors: readonly YamlError[]): YamlError[] {
  const broken = errors.findIndex(({ code }) => code !== "DUPLICATE_KEY");
  return errors.filter(({ code }, at) => code === "DUPLICATE_KEY" || at === broken);
}
