import type { Answered } from "../cluster/evidence.ts";
import type { NodeAnswer } from "../harbor/node-port.ts";

const LONGEST_TEXT = 300;

/** The bare outcome of a request, as evidence. What Harbor says stands in `errors` of its answer, in the API and on /v2 alike. */
export function answered(answer: NodeAnswer): Answered {
  const { tookMs } = answer;
  if (answer.kind === "silence") return { status: 0, code: "", text: answer.text, tookMs };
  const { status, body, cut } = answer;
  if (cut) return { status, code: "", text: `the body was cut off after ${body.length} bytes`, tookMs };
  if (status < 400) return { status, code: "", text: "", tookMs };
  return { status, ...harborSays(answer), tookMs };
}

/** A whole answer with a status of success. */
export function isGood(answer: NodeAnswer): boolean {
  return answer.kind === "reply" && !answer.cut && answer.status >= 200 && answer.status < 300;
}

/** The JSON of an answer; undefined when nothing or something else came. */
export function jsonOf(answer: NodeAnswer): unknown {
  if (answer.kind === "silence" || answer.cut) return undefined;
  try {
    return JSON.parse(textOf(answer.body));
  } catch {
    return undefined;
  }
}

/** A field of an object, whatever it is. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

export function textFieldOf(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === "string" && field !== "" ? field : undefined;
}

export function numberFieldOf(value: unknown, name: string): number | undefined {
  const field = fieldOf(value, name);
  return typeof field === "number" ? field : undefined;
}

export function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString("utf8");
}

function harborSays(answer: NodeAnswer): { readonly code: string; readonly text: string } {
  const errors = fieldOf(jsonOf(answer), "errors");
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const message = textFieldOf(first, "message") ?? "";
  const detail = fieldOf(first, "detail");
  const more = detail === undefined || detail === null ? "" : `: ${asText(detail)}`;
  return { code: textFieldOf(first, "code") ?? "", text: oneLine(message + more) };
}

function asText(detail: unknown): string {
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}
