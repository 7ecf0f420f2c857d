import { createHash } from "node:crypto";
import { inTurns } from "../src/in-turns.ts";

/** One real Harbor. */
export interface LiveSide {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface LiveLayout {
  readonly project: string;
  readonly repositories: number;
  readonly artifacts: number;
  readonly tagsEach: number;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CONFIG = Buffer.from(
  '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}',
);
const AT_ONCE = 8;

/** Pushes the same small images to a Harbor that any other gets, several tags to each. */
export async function fillLive(side: LiveSide, layout: LiveLayout): Promise<void> {
  await ask(side, "POST", "/api/v2.0/projects", json({ project_name: layout.project }), [201, 409]);
  for (let r = 0; r < layout.repositories; r += 1) {
    const repository = `repo${r}`;
    await pushBlob(side, `${layout.project}/${repository}`);
    const numbers = Array.from({ length: layout.artifacts }, (_, i) => i);
    await inTurns(numbers, AT_ONCE, (number) => pushOne(side, layout, repository, number));
  }
}

/** Takes out everything that was filled in, and the project. */
export async function clearLive(side: LiveSide, layout: LiveLayout): Promise<void> {
  const numbers = Array.from({ length: layout.repositories }, (_, i) => i);
  await inTurns(numbers, AT_ONCE, (r) =>
    ask(side, "DELETE", `/api/v2.0/projects/${layout.project}/repositories/repo${r}`, undefined, [200, 404]),
  );
  await ask(side, "DELETE", `/api/v2.0/projects/${layout.project}`, undefined, [200, 404]);
}

async function pushOne(
  side: LiveSide,
  { project, tagsEach }: LiveLayout,
  repository: string,
  number: number,
): Promise<void> {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      size: CONFIG.length,
      digest: sha256(CONFIG),
    },
    layers: [],
    annotations: { number: `${repository} ${number}` },
  });
  const body = { body: manifest, type: MANIFEST };
  await ask(side, "PUT", `/v2/${project}/${repository}/manifests/v${number}-0`, body, [201]);
  const at = `/api/v2.0/projects/${project}/repositories/${repository}/artifacts/${sha256(manifest)}/tags`;
  for (let tag = 1; tag < tagsEach; tag += 1) {
    await ask(side, "POST", at, json({ name: `v${number}-${tag}` }), [201, 409]);
  }
}

async function pushBlob(side: LiveSide, repository: string): Promise<void> {
  const begun = await ask(side, "POST", `/v2/${repository}/blobs/uploads/`, undefined, [202]);
  const place = new URL(begun.headers.get("location") ?? "", side.url);
  place.searchParams.set("digest", sha256(CONFIG));
  const body = { body: CONFIG, type: "application/octet-stream" };
  await ask(side, "PUT", place.pathname + place.search, body, [201]);
}

interface Body {
  readonly body: string | Uint8Array;
  readonly type: string;
}

function json(value: unknown): Body {
  return { body: JSON.stringify(value), type: "application/json" };
}

async function ask(
  { url, user, password }: LiveSide,
  method: string,
  path: string,
  body: Body | undefined,
  good: readonly number[],
): Promise<Response> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      ...(body === undefined ? {} : { "Content-Type": body.type }),
    },
    ...(body === undefined ? {} : { body: body.body }),
  });
  const text = await answer.text();
  if (good.includes(answer.status)) return answer;
  throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
}

function sha256(bytes: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
