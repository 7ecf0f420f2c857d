import type { Clock, Millis, Random } from "../clock.ts";
import { judge } from "../cluster/judge.ts";
import type { ProbeLimits, ProbeReport } from "../cluster/report.ts";
import { visibilityOf } from "../cluster/visibility.ts";
import type { NodePort } from "../harbor/node-port.ts";
import type { SharedStorageTopology } from "../topology/model.ts";
import { createCleanup } from "./cleanup.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { makeLabel } from "./label.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { signalBelow } from "./own-signal.ts";

export interface ProbeDeps {
  /** In the order of the declaration. */
  readonly nodes: readonly NodePort[];
  readonly front: NodePort | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly installation: string;
  /** Rejects when the lease is lost; called before each write. */
  beforeWrite(): Promise<void>;
  /** Progress, as sentences for people. */
  tell(sentence: string): void;
}

export interface ProbeOptions {
  readonly form: "small" | "full";
  readonly limits: ProbeLimits;
  /** Why nothing may be written, where that is so; then only what looks is proven. */
  readonly looksOnly?: string;
}

/** What was made is removed within this time, unless the probe is stopped meanwhile. A replication policy alone may take 45 s. */
const CLEANUP_MS: Millis = 90_000;
/** Where the probe broke off. */
const CLEANUP_BROKEN_MS: Millis = 20_000;
/** A write that was under way when we were stopped may still be carried out. */
const ECHO_MS: Millis = 300;

/**
 * Probes one cluster from outside and judges what was seen. Whatever a node answers is evidence; rejects with `AppError` only when there was nothing
 * to probe (`HARBOR_UNREACHABLE`: no node answers; `HARBOR_UNAUTHORIZED`: none takes the account; `PROBE_PROJECT`), when the lease is
 * lost, or when it was stopped (`CANCELLED`). What the probe made is removed in every case, but for the bytes, which are left to Harbor's garbage
 * collection, and for what Harbor keeps longer than there is time, which is told: within nine seconds of a stop it is over, and the next full probe sweeps.
 */
export async function probeCluster(
  deps: ProbeDeps,
  topology: SharedStorageTopology,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<ProbeReport> {
  const { clock, nodes, front } = deps;
  const ports = front === undefined ? nodes : [...nodes, front];
  const before = requestsOf(ports);
  const startedAt = clock.now();
  const cleanup = createCleanup(clock);
  const label = makeLabel(deps.installation, startedAt, deps.random);
  const secrets = new Set([topology.account.password.reveal()]);
  const leftBehind: string[] = [];
  const below = signalBelow(signal);
  try {
    const context = {
      ...deps,
      form: options.form,
      publicAddresses: publicAddressesOf(topology),
      topology: topology.name,
      project: topology.probe.project,
      label,
      limits: options.limits,
      credentials: topology.account,
      hide: (secret: string) => secrets.add(secret),
      cleanup,
    };
    const looksOnly = options.looksOnly ?? (topology.mode === "observe" ? OBSERVED : undefined);
    const gathered = await gatherEvidence(context, looksOnly, below.signal);
    leftBehind.push(...gathered.leftBehind);
    const { evidence } = gathered;
    leftBehind.push(...(await cleanup.run(CLEANUP_MS, below.signal)));
    maskSecrets([evidence, leftBehind], secrets);
    return {
      topology: topology.name,
      startedAt,
      finishedAt: clock.now(),
      verdict: judge(evidence, options.limits),
      visibility: visibilityOf(evidence.content),
      evidence,
      leftBehind,
      requests: requestsOf(ports) - before,
    };
  } finally {
    await clearAfterBreak(deps, cleanup, below.signal);
    below.release();
  }
}

function publicAddressesOf({ front, nodes }: SharedStorageTopology): string[] {
  const hosts = nodes.flatMap(({ host }) => (host === undefined ? [] : [host]));
  return [...new Set([...(front === undefined ? [] : [front.url]), ...hosts])];
}

const OBSERVED = "the topology is only observed (mode: observe)";

/** Nothing is left to do after a probe that came to its end. */
async function clearAfterBreak(
  deps: ProbeDeps,
  cleanup: ReturnType<typeof createCleanup>,
  signal: AbortSignal,
): Promise<void> {
  if (cleanup.isEmpty()) return;
  await deps.clock.sleep(ECHO_MS);
  for (const left of await cleanup.run(CLEANUP_BROKEN_MS, signal)) deps.tell(`left behind: ${left}`);
}

function requestsOf(ports: readonly NodePort[]): number {
  return ports.reduce((sum, port) => sum + port.requestCount(), 0);
}
