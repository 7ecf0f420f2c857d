import { lengthText, listed } from "./in-words.ts";
import type { ProbeReport } from "./report.ts";

/** One line for logs and monitoring: `ha: FAULTY: token-key (n2), clock (n1 and n2); 3 untested; visible within 40 ms (p95)`. */
export function summary({ topology, verdict, visibility }: ProbeReport): string {
  const { faults, untested } = verdict;
  const names = faults.map(({ name, nodes, confidence }) => {
    const doubt = confidence === "certain" ? "" : `, ${confidence}`;
    return `${name} (${listed(nodes)}${doubt})`;
  });
  const parts = [
    faults.length === 0 ? "SOUND" : `FAULTY: ${names.join(", ")}`,
    ...(untested.length === 0 ? [] : [`${untested.length} untested`]),
    ...(visibility.p95Ms === undefined ? [] : [`visible within ${lengthText(visibility.p95Ms)} (p95)`]),
  ];
  return `${topology}: ${parts.join("; ")}`;
}
