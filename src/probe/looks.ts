import type { ContentSubject, WrongContent } from "../cluster/evidence.ts";
import type { NodeAnswer, NodePort } from "../harbor/node-port.ts";
import { answered, fieldOf, isGood, jsonOf } from "./answered.ts";
import type { Look } from "./follow.ts";
import { digestOf, MANIFEST_TYPE } from "./image.ts";
import { readFollowing } from "./read-blob.ts";

/** An image as it was pushed, and what is asked for to see it. */
export interface Pushed {
  readonly project: string;
  /** With the project. */
  readonly repository: string;
  readonly digest: string;
  readonly tag: string;
  readonly secondTag: string;
}

export type Glance = Look<WrongContent>;

/** One look at one thing through one node. `blob` is the layer to read. */
export function lookAt(
  node: NodePort,
  pushed: Pushed,
  what: { readonly subject: ContentSubject; readonly blob?: string },
  signal: AbortSignal,
): Promise<Glance> {
  const { digest, tag, secondTag } = pushed;
  switch (what.subject) {
    case "manifest-by-tag":
      return lookAtManifest(node, pushed, tag, signal);
    case "manifest-by-digest":
      return lookAtManifest(node, pushed, digest, signal);
    case "manifest-by-second-tag":
      return lookAtManifest(node, pushed, secondTag, signal);
    case "second-tag-gone":
      return lookForAbsence(node, pushed, signal);
    case "tags-list":
      return lookAtTags(node, pushed, signal);
    case "artifact-list":
      return lookAtArtifacts(node, pushed, signal);
    case "layer":
      return lookAtBlob(node, pushed, what.blob ?? "", signal);
  }
}

async function lookAtManifest(
  node: NodePort,
  { repository, digest }: Pushed,
  reference: string,
  signal: AbortSignal,
): Promise<Glance> {
  const headers = { Accept: MANIFEST_TYPE };
  const answer = await readFollowing(node, `/v2/${repository}/manifests/${reference}`, signal, headers);
  return wholeWith(answer, digest);
}

async function lookAtBlob(
  node: NodePort,
  { repository }: Pushed,
  blob: string,
  signal: AbortSignal,
): Promise<Glance> {
  return wholeWith(await readFollowing(node, `/v2/${repository}/blobs/${blob}`, signal), blob);
}

async function lookAtTags(node: NodePort, { repository, tag }: Pushed, signal: AbortSignal): Promise<Glance> {
  const path = `/v2/${repository}/tags/list?n=1000`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const tags = fieldOf(jsonOf(answer), "tags");
  return listedIn(answer, Array.isArray(tags) && tags.includes(tag));
}

async function lookAtArtifacts(node: NodePort, pushed: Pushed, signal: AbortSignal): Promise<Glance> {
  const path = `${repositoryPath(pushed)}/artifacts?with_tag=true&page=1&page_size=100`;
  const answer = await node.ask({ method: "GET", path, as: "account" }, signal);
  const listed = jsonOf(answer);
  const isListed =
    Array.isArray(listed) && listed.some((row: unknown) => fieldOf(row, "digest") === pushed.digest);
  return listedIn(answer, isListed);
}

/** Only 404 is gone: 401 and 403 may mean anything. */
async function lookForAbsence(
  node: NodePort,
  { repository, secondTag }: Pushed,
  signal: AbortSignal,
): Promise<Glance> {
  const path = `/v2/${repository}/manifests/${secondTag}`;
  const answer = await node.ask(
    { method: "GET", path, as: "account", headers: { Accept: MANIFEST_TYPE } },
    signal,
  );
  if (answer.kind === "reply" && answer.status === 404) return { right: true };
  return isGood(answer) ? wrongBy(answer, "still-there") : refused(answer);
}

/** A repository in Harbor's API, given with its project. A slash in its name is encoded twice there. */
export function repositoryPath({ project, repository }: Pick<Pushed, "project" | "repository">): string {
  const name = repository.slice(project.length + 1);
  return `/api/v2.0/projects/${encodeURIComponent(project)}/repositories/${encodeURIComponent(encodeURIComponent(name))}`;
}

/** Right only when every byte came: a node without the bytes may well say 200 and the right length. */
function wholeWith(answer: NodeAnswer, digest: string): Glance {
  if (answer.kind !== "reply" || !isGood(answer)) return refused(answer);
  const came = digestOf(answer.body);
  if (came === digest) return { right: true };
  const text = `other bytes came than were pushed: ${came} instead of ${digest}`;
  return {
    right: false,
    wrong: { ...answered(answer), text, how: "other-bytes", bytes: answer.body.length },
  };
}

function listedIn(answer: NodeAnswer, isListed: boolean): Glance {
  if (!isGood(answer)) return refused(answer);
  return isListed ? { right: true } : wrongBy(answer, "not-listed");
}

function refused(answer: NodeAnswer): Glance {
  if (answer.kind === "silence") return wrongBy(answer, "silence");
  return wrongBy(answer, answer.cut ? "cut" : "refused");
}

function wrongBy(answer: NodeAnswer, how: WrongContent["how"]): Glance {
  const bytes = answer.kind === "silence" ? 0 : answer.body.length;
  return { right: false, wrong: { ...answered(answer), how, bytes } };
}
