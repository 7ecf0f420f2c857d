import type { Core } from "./core.ts";
import { copyReference } from "./copy-reference.ts";
import { Peer, PeerFailure } from "./peer.ts";
import type { Item, TaskRow } from "./state.ts";
import { logLine } from "./task-log.ts";

/**
 * One run of a replication job; false when anything failed, however much was done. Every reference is tried.
 * Throws `PeerHangs` (goharbor/harbor src/controller/replication/transfer/image/transfer.go).
 */
export function runTask(core: Core, task: TaskRow): boolean {
  const peer = new Peer(core, task.endpoint);
  let whole = attempt(core, task, () => peer.open());
  if (!whole) return false;
  const names = task.items.flatMap(references);
  logLine(
    core,
    task,
    "INFO",
    `copying ${task.source}:[${names.join(",")}](source registry) to ${task.destination}:[${names.join(",")}](destination registry)...`,
  );
  for (const reference of names) {
    whole = attempt(core, task, () => work(core, peer, task, reference)) && whole;
  }
  if (!whole) {
    logLine(core, task, "ERROR", "got error during the whole transfer period, mark the job failure");
  }
  return whole;
}

function work(core: Core, peer: Peer, task: TaskRow, reference: string): void {
  switch (task.operation) {
    case "copy":
      copyReference(core, peer, task, reference, task.override);
      return;
    case "deletion":
      deleteReference(core, peer, task, reference);
      return;
    case "tag deletion":
      deleteTag(core, peer, task, reference);
      return;
  }
}

/** All tags, or the digest of what has none. */
function references(item: Item): readonly string[] {
  return item.tags.length > 0 ? item.tags : [item.digest];
}

/** Deletes whatever the reference stands for over there: digests are not compared (transfer.go:511-537). */
function deleteReference(core: Core, peer: Peer, task: TaskRow, reference: string): void {
  const manifests = `/v2/${task.destination}/manifests`;
  const head = peer.send({ method: "HEAD", target: `${manifests}/${reference}` });
  const digest = head.headers["docker-content-digest"];
  if (head.status === 404) {
    logLine(core, task, "INFO", `the artifact ${task.destination}:${reference} doesn't exist, skip`);
    return;
  }
  if (digest === undefined) throw refused(head.status, head.body);
  const answer = peer.send({ method: "DELETE", target: `${manifests}/${digest}` });
  if (answer.status !== 202 && answer.status !== 404) throw refused(answer.status, answer.body);
}

function deleteTag(core: Core, peer: Peer, task: TaskRow, tag: string): void {
  const slash = task.destination.indexOf("/");
  const project = task.destination.slice(0, slash);
  const repository = encodeURIComponent(encodeURIComponent(task.destination.slice(slash + 1)));
  const target = `/api/v2.0/projects/${project}/repositories/${repository}/artifacts/${tag}/tags/${tag}`;
  const answer = peer.send({ method: "DELETE", target });
  if (answer.status === 404)
    logLine(core, task, "INFO", `the tag ${task.destination}:${tag} doesn't exist, skip`);
  else if (answer.status !== 200) throw refused(answer.status, answer.body);
}

function refused(status: number, body: Buffer): PeerFailure {
  return new PeerFailure(`http error: code ${status}, message ${body.toString()}`, status);
}

function attempt(core: Core, task: TaskRow, step: () => void): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (!(error instanceof PeerFailure)) throw error;
    logLine(core, task, "ERROR", error.message);
    return false;
  }
}
