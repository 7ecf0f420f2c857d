import type { Incident, IncidentEntry } from "../../store/store.ts";
import { durationText } from "./duration-text.ts";

/** One line of a list: `#7  open 12m  outage  east  a`. */
export function incidentLine(incident: Incident, now: number): string {
  const { id, topology, kind, subject, openedAt, closedAt } = incident;
  const state =
    closedAt === undefined
      ? `open for ${durationText(now - openedAt)}`
      : `closed ${durationText(now - closedAt)} ago, lasted ${durationText(closedAt - openedAt)}`;
  return `#${id}  ${kind}  ${topology}  ${subject}  ${state}`;
}

const HEADINGS: readonly (readonly [IncidentEntry["kind"], string])[] = [
  ["opened", "What happened"],
  ["evidence", "Evidence"],
  ["remedy", "Remedies tried"],
  ["proof", "Proof"],
  ["closed", "Closed"],
];

/** The whole life of an incident as Markdown, to be pasted where people talk about it. */
export function incidentMarkdown(
  { id, topology, kind, subject, openedAt, closedAt }: Incident,
  entries: readonly IncidentEntry[],
  now: number,
): string[] {
  const lasted = durationText((closedAt ?? now) - openedAt);
  return [
    `# Incident ${id}: ${kind} of ${subject} in ${topology}`,
    "",
    `- Opened: ${moment(openedAt)}`,
    closedAt === undefined ? `- Still open, for ${lasted}` : `- Closed: ${moment(closedAt)}, after ${lasted}`,
    ...HEADINGS.flatMap(([of, heading]) => {
      const ofKind = entries.filter((entry) => entry.kind === of);
      if (ofKind.length === 0) return [];
      return ["", `## ${heading}`, "", ...ofKind.map(({ at, text }) => `- ${moment(at)}: ${text}`)];
    }),
  ];
}

/** The stable form for scripts. */
export function incidentJson(incident: Incident, now: number): Record<string, unknown> {
  const { id, topology, kind, subject, openedAt, closedAt } = incident;
  return {
    id,
    topology,
    kind,
    subject,
    openedAt: moment(openedAt),
    closedAt: closedAt === undefined ? null : moment(closedAt),
    lastedSeconds: Math.round(((closedAt ?? now) - openedAt) / 1000),
  };
}

/** One entry for scripts. */
export function entryJson({ at, kind, text }: IncidentEntry): Record<string, unknown> {
  return { at: moment(at), kind, text };
}

function moment(at: number): string {
  return new Date(at).toISOString();
}
