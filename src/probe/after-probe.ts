import type { Verdict } from "../cluster/faults.ts";

/** An open incident of kind `fault`; its subject is the fault's name. */
export interface OpenFault {
  readonly id: number;
  readonly subject: string;
  /** The texts of its entries: what was said once is not said again with each probe. */
  readonly said: ReadonlySet<string>;
}

export interface FaultNote {
  readonly kind: "opened" | "evidence" | "proof" | "closed";
  readonly text: string;
}

/** What becomes of the incident of one fault. */
export interface FaultChange {
  readonly subject: string;
  /** Undefined: to be opened. */
  readonly id: number | undefined;
  readonly notes: readonly FaultNote[];
  readonly closed: boolean;
}

/** A fault whose numbers change with every probe for weeks would fill the store; its end is told all the same. */
const MOST_SAID = 50;

/**
 * What a probe means for the incidents of its cluster: one a fault, opened when it is found, closed by a probe that tested it and found nothing.
 * What could not be tested stays as it is. In planned maintenance nothing is opened.
 */
export function afterProbe(open: readonly OpenFault[], verdict: Verdict, paused: boolean): FaultChange[] {
  const found = new Set<string>(verdict.faults.map(({ name }) => name));
  const unknown = new Set<string>(verdict.untested.map(({ name }) => name));
  const changes = verdict.faults.flatMap((fault): FaultChange[] => {
    const known = open.find(({ subject }) => subject === fault.name);
    if (known === undefined && paused) return [];
    const evidence = [...fault.evidence, ...fault.look.map((place) => `look at ${place}`)];
    const notes: FaultNote[] = [
      { kind: known === undefined ? "opened" : "evidence", text: `${fault.sentence} (${fault.confidence})` },
      ...evidence.map((text) => ({ kind: "evidence" as const, text })),
    ];
    const said = known?.said ?? new Set<string>();
    const news = said.size >= MOST_SAID ? [] : notes.filter(({ text }) => !said.has(text));
    return news.length === 0 ? [] : [{ subject: fault.name, id: known?.id, notes: news, closed: false }];
  });
  const over = open.filter(({ subject }) => !found.has(subject) && !unknown.has(subject));
  const endings = over.map(({ subject, id }): FaultChange => ({
    subject,
    id,
    notes: [
      { kind: "proof", text: `a probe that tests for ${subject} found nothing of it` },
      { kind: "closed", text: "gone, and proven by a probe" },
    ],
    closed: true,
  }));
  return [...changes, ...endings];
}
