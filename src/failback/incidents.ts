import type { Instant } from "../clock.ts";
import type { Finding } from "../parity/model.ts";
import type { RegistryName } from "../topology/model.ts";
import { gapText, proofText, remedyTexts, type ProofFacts, type RemedyFacts } from "./incident-texts.ts";
import type { Outage } from "./outage.ts";

/** What an incident is about: a registry that was away, or `left/right` where two hold different content. */
export interface IncidentSubject {
  readonly kind: "outage" | "gap";
  readonly subject: string;
  readonly openedAt: Instant;
}

export interface OpenIncident extends IncidentSubject {
  readonly id: number;
  /** The texts of its entries: what was said once is not said again with each pass. */
  readonly said: ReadonlySet<string>;
}

export interface IncidentNote {
  readonly kind: "opened" | "evidence" | "remedy" | "proof" | "closed";
  readonly text: string;
}

/** What becomes of one incident. */
export interface IncidentChange {
  /** One that is open, by its number, or one that is to be opened. */
  readonly incident: OpenIncident | IncidentSubject;
  readonly notes: readonly IncidentNote[];
  readonly closed: boolean;
}

export interface RegistryFacts {
  readonly name: RegistryName;
  readonly up: boolean;
  /** The last one; without an end while it lasts. */
  readonly outage?: Outage;
}

export interface PairFacts {
  readonly left: RegistryName;
  readonly right: RegistryName;
  /** What was found before anything was healed, notices too. */
  readonly findings: readonly Finding[];
  /** What Harbor's executions tell, as sentences. */
  readonly evidence: readonly string[];
}

export interface PassFacts extends ProofFacts {
  /** When the pass began: a gap is as old as that at least. */
  readonly startedAt: Instant;
  /** Planned maintenance: nothing is opened, what is open goes on. */
  readonly paused: boolean;
  readonly registries: readonly RegistryFacts[];
  readonly pairs: readonly PairFacts[];
  readonly remedies: readonly RemedyFacts[];
}

/** An incident that changes with every pass for weeks would fill the store; its end is told all the same. */
const MOST_SAID = 200;

/**
 * What a pass means for the incidents of its topology. An outage is opened when a registry was given up, a gap when a pair holds different content; a
 * gap that an outage left belongs to the outage. Both close at a proven pass, an outage only once its registry is back. Pure.
 */
export function afterPass(open: readonly OpenIncident[], facts: PassFacts): IncidentChange[] {
  const drafts = draftsOf(open);
  for (const registry of facts.registries) noteOutage(drafts, registry, facts.paused);
  for (const pair of facts.pairs) noteGap(drafts, pair, facts);
  if (facts.proven) closeAll(drafts, facts);
  return changesOf(drafts);
}

/** What it means that a registry was just given up, or is back. */
export function afterTurn(
  open: readonly OpenIncident[],
  registry: RegistryFacts,
  paused: boolean,
): IncidentChange[] {
  const drafts = draftsOf(open);
  noteOutage(drafts, registry, paused);
  return changesOf(drafts);
}

interface Draft {
  readonly incident: OpenIncident | IncidentSubject;
  readonly notes: IncidentNote[];
  closed: boolean;
}

function draftsOf(open: readonly OpenIncident[]): Draft[] {
  return open.map((incident) => ({ incident, notes: [], closed: false }));
}

function changesOf(drafts: readonly Draft[]): IncidentChange[] {
  return drafts.flatMap(({ incident, notes, closed }) => {
    const said = "said" in incident ? incident.said : new Set<string>();
    const isFull = said.size >= MOST_SAID;
    const news = notes.filter(({ kind, text }) => !said.has(text) && (!isFull || kind !== "evidence"));
    return news.length === 0 && !closed ? [] : [{ incident, notes: news, closed }];
  });
}

function noteOutage(drafts: Draft[], { name, up, outage }: RegistryFacts, paused: boolean): void {
  if (outage === undefined) return;
  const known = drafts.find(({ incident }) => incident.kind === "outage" && incident.subject === name);
  if (known === undefined && (up || paused)) return;
  const draft = known ?? begin(drafts, { kind: "outage", subject: name, openedAt: outage.from });
  if (!up) {
    const kind = known === undefined ? "opened" : "evidence";
    draft.notes.push({ kind, text: `${name} does not answer since ${moment(outage.from)}` });
  } else if (outage.to !== undefined && outage.to > draft.incident.openedAt) {
    const text = `${name} is back: it did not answer from ${moment(outage.from)} to ${moment(outage.to)}`;
    draft.notes.push({ kind: "evidence", text });
  }
}

function noteGap(drafts: Draft[], pair: PairFacts, facts: PassFacts): void {
  const found = pair.findings.filter(({ kind, notice }) => !notice && kind !== "unread");
  if (found.length === 0) return;
  const draft = ownerOf(drafts, pair) ?? (facts.paused ? undefined : beginGap(drafts, pair, facts.startedAt));
  if (draft === undefined) return;
  const { left, right } = pair;
  draft.notes.push({ kind: "evidence", text: `${left} | ${right}: ${gapText(found)}` });
  draft.notes.push(...pair.evidence.map((text): IncidentNote => ({ kind: "evidence", text })));
  const tried = facts.remedies.filter(
    ({ from, to }) => [left, right].includes(from) && [left, right].includes(to),
  );
  draft.notes.push(...remedyTexts(tried).map((text): IncidentNote => ({ kind: "remedy", text })));
  if (tried.length > 0 && !facts.proven) draft.notes.push({ kind: "proof", text: proofText(facts) });
}

/** The incident that a gap of this pair belongs to: an outage of either side, or the gap that is open already. */
function ownerOf(drafts: readonly Draft[], { left, right }: PairFacts): Draft | undefined {
  const ofOutage = drafts.find(
    ({ incident }) => incident.kind === "outage" && [left, right].includes(incident.subject),
  );
  return ofOutage ?? drafts.find(({ incident }) => incident.subject === `${left}/${right}`);
}

function beginGap(drafts: Draft[], { left, right }: PairFacts, at: Instant): Draft {
  const draft = begin(drafts, { kind: "gap", subject: `${left}/${right}`, openedAt: at });
  draft.notes.push({ kind: "opened", text: `${left} and ${right} do not hold the same` });
  return draft;
}

function begin(drafts: Draft[], incident: IncidentSubject): Draft {
  const draft: Draft = { incident, notes: [], closed: false };
  drafts.push(draft);
  return draft;
}

function closeAll(drafts: readonly Draft[], facts: PassFacts): void {
  const away = new Set(facts.registries.flatMap(({ name, up }) => (up ? [] : [name])));
  for (const draft of drafts) {
    if (away.has(draft.incident.subject)) continue;
    draft.notes.push({ kind: "proof", text: proofText(facts) });
    draft.notes.push({ kind: "closed", text: "healed, and proven by a reading of all sides after it" });
    draft.closed = true;
  }
}

function moment(at: Instant): string {
  return new Date(at).toISOString();
}
