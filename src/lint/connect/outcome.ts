import type { Finding } from "../finding.ts";

/** Something that was to be tried and could not be; it is neither right nor wrong. */
export interface Untested {
  readonly what: string;
  readonly reason: string;
}

/** What one attempt came to. */
export interface Tried {
  readonly findings: readonly Finding[];
  readonly untested: readonly Untested[];
}

export const NOTHING: Tried = { findings: [], untested: [] };

export function found(...findings: readonly Finding[]): Tried {
  return { findings, untested: [] };
}

export function untested(what: string, reason: string): Tried {
  return { findings: [], untested: [{ what, reason }] };
}

export function together(all: readonly Tried[]): Tried {
  return {
    findings: all.flatMap(({ findings }) => findings),
    untested: all.flatMap((one) => one.untested),
  };
}
