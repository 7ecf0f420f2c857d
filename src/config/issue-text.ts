import type * as z from "zod";
import { didYouMean } from "./nearest.ts";
import type { DocumentPath } from "./source-file.ts";

type Issue = z.core.$ZodIssue;

/** One issue of the shape, in our words. */
export interface Explained {
  readonly path: DocumentPath;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly onKey: boolean;
}

/** What an issue means; an unknown key, or a union, can be several things. `known` lists the keys that a path may have. */
export function explainIssue(
  issue: Issue,
  value: unknown,
  known: (path: DocumentPath) => string[],
): Explained[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const found = valueAt(value, path);
  const one = (message: string, hint?: string, onKey = false): Explained[] => [
    { path, message, hint, onKey },
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: "is not known here",
        hint: didYouMean(key, known(path)),
        onKey: true,
      }));
    case "invalid_type":
      return found === undefined
        ? one("is missing")
        : one(
            `is ${kindOf(found)}, but should be ${WORDS[issue.expected] ?? issue.expected}`,
            quoteHint(issue, found),
          );
    case "invalid_value": {
      const allowed = issue.values.map(String);
      if (found === undefined) return one("is missing", `write ${allowed.join(" or ")}`);
      const hint = typeof found === "string" ? didYouMean(found, allowed) : undefined;
      return one(`is not one of ${allowed.join(", ")}`, hint);
    }
    case "invalid_key":
      return issue.issues.flatMap((inner) => one(inner.message, hintOf(inner), true));
    case "too_small":
      return one(
        issue.origin === "array" || issue.origin === "string" ? "is empty" : `is below ${issue.minimum}`,
      );
    case "too_big":
      return one(`is above ${issue.maximum}`);
    case "invalid_union":
      return explainUnion(issue, found, path, known);
    default:
      return one(issue.message, hintOf(issue));
  }
}

/** What stands at a path of a plain value; undefined if nothing does. */
function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((here, part) => (isRecord(here) ? here[part] : undefined), value);
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}

/** Where a map was written, the mistake is inside the map; otherwise the union says itself what it wants. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  found: unknown,
  path: DocumentPath,
  known: (path: DocumentPath) => string[],
): Explained[] {
  const branch = isRecord(found) ? issue.errors.at(-1) : undefined;
  if (branch === undefined) return [{ path, message: issue.message, onKey: false }];
  return branch.flatMap((inner) =>
    explainIssue(inner, found, (inside) => known([...path, ...inside])).map((one) => ({
      ...one,
      path: [...path, ...one.path],
    })),
  );
}

function hintOf(issue: Issue): string | undefined {
  const hint: unknown = issue.code === "custom" ? issue.params?.["hint"] : undefined;
  return typeof hint === "string" ? hint : undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  object: "a map",
  record: "a map",
  array: "a list",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
};

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "text" : typeof value === "boolean" ? "true or false" : "a number";
}

function quoteHint(issue: z.core.$ZodIssueInvalidType, found: unknown): string | undefined {
  const plain = typeof found === "number" || typeof found === "boolean";
  if (issue.expected === "string" && plain) return "put it in quotes";
  return issue.expected === "array" && typeof found === "string" ? "write it as [a, b]" : undefined;
}
