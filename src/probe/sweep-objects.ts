import type { Millis } from "../clock.ts";
import type { NodePort } from "../harbor/node-port.ts";
import type { ProbeContext } from "./context.ts";
import { labelledAt } from "./label.ts";
import { findObjects, type ObjectKind } from "./own-objects.ts";
import { removeFound } from "./remove-objects.ts";

/** A probe that began so recently may still be at work. */
const OLD_MS = 10 * 60_000;
/** An old execution is over, or never will be. */
const PATIENCE_MS: Millis = 0;
/** What is in use can't be deleted: a policy goes before its endpoint, and what the endpoint logs in with last. */
const ORDER: readonly ObjectKind[] = ["policy", "endpoint", "robot"];

/**
 * Removes the replication policies, endpoints and robots that a killed probe of this cluster left behind more than ten minutes ago: what
 * bears our mark and a label of ours, looked up on each node and deleted through the same. What could not be removed comes back as sentences.
 */
export async function sweepObjects(context: ProbeContext, signal: AbortSignal): Promise<string[]> {
  const left: string[] = [];
  for (const node of context.nodes) {
    for (const kind of ORDER) {
      left.push(...(await sweepKind(context, node, kind, signal)));
    }
  }
  return left;
}

async function sweepKind(
  context: ProbeContext,
  node: NodePort,
  kind: ObjectKind,
  signal: AbortSignal,
): Promise<string[]> {
  const { clock, installation, topology } = context;
  const part = kind === "robot" ? `${context.project}+` : `tidelock.${topology}.probe-`;
  const found = await findObjects(context, node, kind, part, signal);
  // who may not list them made none
  if (!Array.isArray(found)) return [];
  const left: string[] = [];
  for (const object of found) {
    const begunAt = labelledAt(object.name, installation);
    if (begunAt === undefined || clock.now() - begunAt < OLD_MS) continue;
    signal.throwIfAborted();
    try {
      await removeFound(context, node, object, PATIENCE_MS);
      context.tell(`removed ${kind} ${object.name}, which an earlier probe had left at ${node.name}`);
    } catch (thrown) {
      left.push(`${kind} ${object.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  return left;
}
