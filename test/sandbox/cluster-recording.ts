import type { Json } from "../../src/sandbox/json.ts";
import { readLines, type Call } from "./recording.ts";

/** One call to a node of a real cluster. Bodies of requests were not kept, those of answers are cut after a few hundred characters. */
export interface ClusterCall {
  readonly dir: string;
  readonly probe: string;
  readonly to: "N1" | "N2" | "LB";
  readonly method: string;
  readonly path: string;
  readonly auth?: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
  readonly err?: string;
  /** How long it took, and when it was over since the recorder began. */
  readonly ms: number;
  readonly t: number;
}

/** Characters of an answer that were kept. */
const KEPT = 600;

export function clusterCalls(state: string): ClusterCall[] {
  return readLines<ClusterCall>(`cluster/${state}.jsonl`);
}

/** The recorded call in the shape of the other recordings; `whole` is false where too little of its body was kept. */
export function asCall(call: ClusterCall): { readonly call: Call; readonly whole: boolean } {
  const isJson = String(call.headers?.["content-type"]).includes("json");
  const body = isJson && call.body !== "" ? parsed(call.body) : call.body;
  const headers = Object.entries(call.headers ?? {}).map(([name, value]) => [
    name,
    [value].flat().join("\n"),
  ]);
  return {
    call: {
      step: call.probe,
      target: "self",
      as: "admin",
      method: call.method,
      path: call.path,
      requestHeaders: {},
      status: call.status,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: body ?? null,
      ms: call.ms,
    },
    whole: body !== undefined && call.body.length < KEPT && !/^<\d+ bytes/.test(call.body),
  };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Recorded id of an execution → the node that ran it: where the log of its task was. */
export function runners(calls: readonly ClusterCall[]): Map<string, "N1" | "N2"> {
  const found = new Map<string, "N1" | "N2">();
  for (const { path, status, to } of calls) {
    const id = /executions\/(\d+)\/tasks\/\d+\/log$/.exec(path)?.[1];
    if (id !== undefined && status === 200 && to !== "LB") found.set(id, to);
  }
  return found;
}
