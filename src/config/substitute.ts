import type { Complaints } from "./complaints.ts";
import { renderPath, type DocumentPath, type SourceFile } from "./source-file.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  readonly value: unknown;
  /** What came from the environment, by rendered path; undefined where it was not set. */
  readonly fromEnvironment: ReadonlyMap<string, string | undefined>;
}

const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const PART = /\$\{[A-Za-z_][A-Za-z0-9_]*\}/;

/** Puts the environment in place of `${VAR}`, which stands only for a whole value: no half-expanded secrets, no injection. */
export function substitute(
  source: SourceFile,
  environment: Environment,
  complaints: Complaints,
): Substituted {
  const fromEnvironment = new Map<string, string | undefined>();
  const replace = (value: unknown, path: DocumentPath): unknown => {
    if (typeof value === "string") return replaceText(value, path);
    if (Array.isArray(value)) return value.map((one: unknown, at) => replace(one, [...path, at]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replace(one, [...path, key])]));
  };
  const replaceText = (text: string, path: DocumentPath): string => {
    const name = WHOLE.exec(text)?.[1];
    if (name === undefined) {
      if (PART.test(text)) {
        complaints.mistake({ source, path }, "${…} stands only for a whole value", {
          hint: "put the whole value into the environment variable",
        });
      }
      return text;
    }
    const found = environment[name] === "" ? undefined : environment[name];
    fromEnvironment.set(renderPath(path), found);
    if (found !== undefined) {
      complaints.hide(found);
      return found;
    }
    complaints.mistake({ source, path }, `the environment variable ${name} is not set, or empty`);
    return text;
  };
  return { value: replace(source.value, []), fromEnvironment };
}
