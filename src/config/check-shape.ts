import * as z from "zod";
import type { Complaints } from "./complaints.ts";
import { explainIssue, type Explained } from "./issue-text.ts";
import { renderPath, type DocumentPath, type Place } from "./source-file.ts";
import type { Substituted } from "./substitute.ts";

export interface Part {
  readonly place: Place;
  readonly value: unknown;
  readonly fromEnvironment: Substituted["fromEnvironment"];
}

/**
 * Checks one part of a file and reports everything wrong with its shape. The answer is what can be understood of it all
 * the same, what is wrong left out, so that the rules may go on; undefined where nothing sensible remains.
 */
export function checkShape<S extends z.ZodType>(
  shape: S,
  part: Part,
  complaints: Complaints,
): z.output<S> | undefined {
  const value = withNumbers(shape, part);
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const known = (path: DocumentPath): string[] => knownKeys(shape, path);
  const explained = result.error.issues.flatMap((issue) => explainIssue(issue, value, known));
  for (const one of explained) report(one, part, complaints);
  const rest = explained.reduce((left, { path }) => without(left, path), value);
  return shape.safeParse(rest).data;
}

function report(one: Explained, { place, fromEnvironment }: Part, complaints: Complaints): void {
  const path = [...place.path, ...one.path];
  const rendered = renderPath(path);
  // That the variable is not set was said already.
  if (fromEnvironment.has(rendered) && fromEnvironment.get(rendered) === undefined) return;
  // Even a part of what came from the environment may be a part of a secret.
  const message = fromEnvironment.has(rendered) ? one.message.replace(/"[^"]*"/g, '"…"') : one.message;
  complaints.mistake({ source: place.source, path }, message, { hint: one.hint, onKey: one.onKey });
}

/** The environment holds nothing but text; where a number or a boolean is wanted it is read as one. */
function withNumbers(shape: z.ZodType, { place, value, fromEnvironment }: Part): unknown {
  if (fromEnvironment.size === 0) return value;
  const issues = shape.safeParse(value).error?.issues ?? [];
  return issues.reduce<unknown>((left, issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    const text = fromEnvironment.get(renderPath([...place.path, ...path]));
    if (text === undefined || issue.code !== "invalid_type") return left;
    const number = issue.expected === "number" || issue.expected === "int";
    if (number && /^-?\d+$/.test(text)) return replaced(left, path, Number(text));
    if (issue.expected === "boolean" && /^(true|false)$/.test(text))
      return replaced(left, path, text === "true");
    return left;
  }, value);
}

/** A copy with another value at a path. */
function replaced(value: unknown, path: DocumentPath, by: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  if (Array.isArray(value))
    return value.map((one: unknown, at) => (at === head ? replaced(one, rest, by) : one));
  if (!isMap(value)) return value;
  return { ...value, [head]: replaced(value[head], rest, by) };
}

/** A copy without the entry of a map that holds what a path leads to; whole lists go, so that no index shifts. */
function without(value: unknown, path: DocumentPath): unknown {
  const [head, ...rest] = path;
  if (head === undefined || !isMap(value)) return undefined;
  const inner = rest.length === 0 ? undefined : without(value[head], rest);
  const others = Object.fromEntries(Object.entries(value).filter(([key]) => key !== String(head)));
  return inner === undefined ? others : { ...others, [head]: inner };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The keys that the shape allows in the map at a path. */
function knownKeys(shape: z.ZodType, path: DocumentPath): string[] {
  const here = unwrapped(shape);
  const [head, ...rest] = path;
  if (head === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  const inner: unknown =
    here instanceof z.ZodObject
      ? here.shape[head]
      : here instanceof z.ZodRecord
        ? here.valueType
        : here instanceof z.ZodArray
          ? here.element
          : undefined;
  return inner instanceof z.ZodType ? knownKeys(inner, rest) : [];
}

function unwrapped(shape: unknown): unknown {
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodDefault || shape instanceof z.ZodPrefault) {
    return unwrapped(shape.unwrap());
  }
  return shape instanceof z.ZodUnion
    ? shape.options.map(unwrapped).find((one) => one instanceof z.ZodObject)
    : shape;
}
