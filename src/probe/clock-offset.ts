import type { Identity } from "../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { isGood, jsonOf, textFieldOf } from "./answered.ts";
import { fetchBearer } from "./bearer.ts";

type ClockSeen = Exclude<Identity["clock"], undefined>;

const SECOND = 1000;

/** By `current_time`, which Harbor tells in milliseconds to whoever is logged in; the quickest of the answers is the surest. */
export function clockBySystem(answers: readonly NodeAnswer[]): ClockSeen | undefined {
  const seen = answers.flatMap((answer) => {
    const told = Date.parse(textFieldOf(isGood(answer) ? jsonOf(answer) : undefined, "current_time") ?? "");
    return Number.isNaN(told) ? [] : [offsetOf(answer, told, 1)];
  });
  return seen.reduce<ClockSeen | undefined>(
    (best, one) => (best === undefined || one.uncertainMs < best.uncertainMs ? one : best),
    undefined,
  );
}

/** By the second in which a token was made: for Harbor 2.1, which tells no time. */
export async function clockByToken(
  node: NodePort,
  project: string,
  signal: AbortSignal,
): Promise<ClockSeen | undefined> {
  const { answer, bearer } = await fetchBearer(node, `repository:${project}/clock:pull`, signal);
  return bearer?.issuedAt === undefined ? undefined : offsetOf(answer, bearer.issuedAt * SECOND, SECOND);
}

/** The node told its time at some moment of the round trip, and cut it to whole `grainMs`. */
function offsetOf({ sentAt, tookMs }: NodeAnswer, toldAt: number, grainMs: number): ClockSeen {
  return {
    aheadMs: Math.round(toldAt + grainMs / 2 - (sentAt + tookMs / 2)),
    uncertainMs: Math.ceil((tookMs + grainMs) / 2),
  };
}
