import { isSuccess, said } from "./answers.ts";
import { wrongText } from "./bytes-between.ts";
import type { Seen } from "./decision.ts";
import type { FaultName } from "./faults.ts";
import { lengthText, listed, unique } from "./in-words.ts";
import { visibilityOf } from "./visibility.ts";

/** What is worth knowing and no fault. */
export function notesOn(seen: Seen): string[] {
  return [
    ...reachNotes(seen),
    ...versionNotes(seen),
    ...clockNotes(seen),
    ...contentNotes(seen),
    ...storageNotes(seen),
    ...frontNotes(seen),
  ];
}

/** Components that have a fault of their own. */
const NAMED: Readonly<Record<string, FaultName>> = {
  core: "core-down",
  registry: "registry-down",
  jobservice: "jobservice-down",
  registryctl: "registryctl-down",
};

function reachNotes({ evidence, nodes, decided }: Seen): string[] {
  const { reach } = evidence;
  const all =
    nodes.length > 1 &&
    nodes.every((node) => reach.some((each) => each.node === node && each.core.status === 0))
      ? ["none of the nodes answered: look at the way from here to them first"]
      : [];
  const told = reach.flatMap(({ node, health }) =>
    Object.entries(health ?? {}).flatMap(([component, status]) => {
      const fault = NAMED[component];
      const decision = fault === undefined ? undefined : decided.get(fault);
      if (status === "healthy" || decision?.outcome === "found") return [];
      const rest = fault === undefined ? "" : ", but it does its work (that answer is up to 10 s old)";
      return [`/health of ${node} calls its ${component} ${status}${rest}`];
    }),
  );
  return [...all, ...told];
}

function versionNotes({ evidence, nodes, decided }: Seen): string[] {
  const versions = unique(evidence.identities.flatMap((identity) => identity.version ?? []));
  return nodes.length > 1 && decided.get("version")?.outcome === "ruled-out" && versions.length === 1
    ? [`all nodes run ${listed(versions)}`]
    : [];
}

function clockNotes({ evidence, decided }: Seen): string[] {
  if (decided.get("clock")?.outcome === "found") return [];
  const offsets = evidence.identities.flatMap(({ clock }) => (clock === undefined ? [] : [clock.aheadMs]));
  const spreadMs = Math.max(...offsets, -Infinity) - Math.min(...offsets, Infinity);
  const uncertainMs = Math.max(0, ...evidence.identities.map(({ clock }) => clock?.uncertainMs ?? 0));
  const refused = evidence.tokens.flatMap(({ from, to, acceptedAfterMs }) =>
    acceptedAfterMs === undefined || acceptedAfterMs <= 0
      ? []
      : [`a token of ${from} was not valid yet at ${to} for ${lengthText(acceptedAfterMs)}`],
  );
  return spreadMs >= 1000 && spreadMs > 2 * uncertainMs
    ? [
        `the clocks of the nodes are ${lengthText(spreadMs)} apart: tokens are refused from about 1 s on, now and then`,
        ...refused,
      ]
    : refused;
}

/** What the node that took it does not give back itself, and tags that stay. */
function contentNotes({ evidence, limits, decided }: Seen): string[] {
  const own = evidence.content.flatMap(({ pushedBy, checks }) =>
    checks.flatMap(({ node, rightAfterMs, wrong }) =>
      node === pushedBy && rightAfterMs === undefined && wrong !== undefined
        ? [`${node} does not give back itself what it took: ${wrongText(wrong)}`]
        : [],
    ),
  );
  const kept = evidence.content.flatMap(({ untaggedBy, checks, untag }) =>
    checks.flatMap(({ node, subject, rightAfterMs, wrong }) =>
      subject === "second-tag-gone" &&
      rightAfterMs === undefined &&
      wrong?.how === "still-there" &&
      isSuccess(untag)
        ? [
            `${node} still shows a tag that was removed through ${untaggedBy}: look at the cache in Redis (cache.enabled)`,
          ]
        : [],
    ),
  );
  const { maxMs } = visibilityOf(evidence.content);
  const isSlow = maxMs !== undefined && maxMs > limits.visibleWithinMs / 2;
  const slow = `what one node took was seen by the others after up to ${lengthText(maxMs ?? 0)}: a file system that caches`;
  const isKnown = decided.get("storage-stale")?.outcome === "found";
  return unique([...own, ...kept, ...(isSlow && !isKnown ? [slow] : [])]);
}

function storageNotes({ evidence, nodes }: Seen): string[] {
  const providers = evidence.identities.flatMap(({ node, storageProvider }) =>
    storageProvider === undefined ? [] : [{ node, storageProvider }],
  );
  const kinds = unique(providers.map(({ storageProvider }) => storageProvider));
  if (kinds.length > 1) {
    const each = providers.map(({ node, storageProvider }) => `${node} ${storageProvider}`);
    return [`the nodes name different kinds of storage: ${each.join(", ")}`];
  }
  return kinds[0] === "filesystem" && nodes.length > 1
    ? [
        "the storage is a file system: over several nodes it has to be a shared one, and such a one may cache (NFS, SMB, Gluster)",
      ]
    : [];
}

function frontNotes({ evidence, nodes, decided }: Seen): string[] {
  const { front } = evidence;
  if (front === undefined) return [];
  if (!isSuccess(front.reach) && front.reach.status !== 401) {
    return [`the front does not answer as a registry: ${said(front.reach)}`];
  }
  const core = decided.get("core-down");
  const down = core?.outcome === "found" ? core.fault.nodes : [];
  const { reached, asked, tries = asked, checks = [] } = front;
  const never =
    reached === undefined ? [] : nodes.filter((node) => !reached.includes(node) && !down.includes(node));
  const wrong = checks.flatMap((check) => (check.rightAfterMs === undefined ? (check.wrong ?? []) : []));
  const [first] = wrong;
  return [
    ...(reached !== undefined && reached.length > 0 ? [`the front leads to ${listed(reached)}`] : []),
    ...(never.length > 0 ? [`${tries} requests over the front never reached ${listed(never)}`] : []),
    ...(first === undefined
      ? []
      : [
          `${wrong.length} of ${checks.length} reads over the front were wrong, the first: ${wrongText(first)}`,
        ]),
  ];
}
