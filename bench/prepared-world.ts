/**
 * Two Harbors 2.12 that only answer, from buffers made before the first request, in a process of their own: so what is measured is the one who
 * asks. Its argument is the layout as JSON. Tells where both listen, answers `asked` with what they were asked since the last time, and ends with
 * its parent.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Layout, Served } from "./served.ts";

const PAGE = 100;
const SIDES = ["a", "b"] as const;
const SINCE = "2026-01-01T00:00:00.000Z";
const NEVER = "0001-01-01T00:00:00.000Z";
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { mediaType: "application/vnd.oci.image.config.v1+json", size: 2, digest: sha256("{}") },
  layers: [],
});

const layout = JSON.parse(process.argv[2] ?? "{}") as Layout;
const perProject = layout.repositories * layout.tags;
const perSide = perProject * layout.projects;

/** Pages of all artifacts, which have the ids 1, 2, 3 … in both; a project begins with a page of its own. */
const pages = Array.from({ length: layout.projects }, (_, project) =>
  Array.from({ length: Math.ceil(perProject / PAGE) }, (_, page) =>
    rowsFrom(project, page * PAGE, Math.min(PAGE, perProject - page * PAGE)),
  ),
);
const EMPTY = Buffer.from("[]");

const asked: Record<(typeof SIDES)[number], string[]> = { a: [], b: [] };
const urls = await Promise.all(SIDES.map(serve));
process.on("message", () => {
  process.send?.([asked.a, asked.b]);
  asked.a = [];
  asked.b = [];
});
process.on("disconnect", () => process.exit(0));
const [a = "", b = ""] = urls;
process.send?.({ urls: [a, b], password: "Harbor12345", artifacts: perSide } satisfies Served);

async function serve(side: (typeof SIDES)[number]): Promise<string> {
  let url = "";
  const server = createServer((request, response) => {
    const target = request.url ?? "";
    asked[side].push(target);
    answer(request, response, url);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

function answer(request: IncomingMessage, response: ServerResponse, url: string): void {
  const target = request.url ?? "";
  if (target.startsWith("/v2/")) {
    asRegistry(request, response);
    return;
  }
  const listed = target.includes("/artifacts?") ? listing(target) : undefined;
  const body = listed?.body ?? Buffer.from(small(target, url));
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Content-Length": body.length,
    ...(listed === undefined ? {} : { "X-Total-Count": listed.total }),
  });
  response.end(body);
}

interface Listed {
  readonly body: Buffer;
  readonly total: number;
}

/** `/api/v2.0/projects/NAME/artifacts?…&q=id=[N~M]` by ascending id; what is no whole page of ours is put together. */
function listing(target: string): Listed {
  const { pathname, searchParams } = new URL(target, "http://x");
  const project = Number(/projects\/bench(\d+)\//.exec(pathname)?.[1] ?? -1);
  const [, from = "", to = ""] = /id=\[(\d+)~(\d*)\]/.exec(searchParams.get("q") ?? "") ?? [];
  const before = project * perProject;
  const first = from === "" ? 0 : Math.max(0, Number(from) - 1 - before);
  const end = to === "" ? perProject : Math.min(perProject, Number(to) - before);
  const size = Number(searchParams.get("page_size"));
  const at = first + (Number(searchParams.get("page")) - 1) * size;
  const count = Math.max(0, Math.min(size, end - at));
  return { body: rowsBetween(project, at, count), total: Math.max(0, end - first) };
}

function rowsBetween(project: number, first: number, count: number): Buffer {
  if (count === 0) return EMPTY;
  const isPage = first % PAGE === 0 && count === Math.min(PAGE, perProject - first);
  return (isPage ? pages[project]?.[first / PAGE] : undefined) ?? rowsFrom(project, first, count);
}

function rowsFrom(project: number, first: number, count: number): Buffer {
  const rows = Array.from({ length: count }, (_, i) => rowOf(project, first + i));
  return Buffer.from(`[${rows.join(",")}]`);
}

/** An artifact with one tag, as Harbor 2.14.4 gave out the smallest image there is: 0.85 KB. */
function rowOf(project: number, index: number): string {
  const id = project * perProject + index + 1;
  const repository = Math.floor(index / layout.tags);
  const name = `bench${project}/repo${repository}`;
  const digest = sha256(`${name}#${id}`);
  const href = `/api/v2.0/projects/bench${project}/repositories/repo${repository}/artifacts/${digest}/additions/build_history`;
  return JSON.stringify({
    accessories: null,
    addition_links: { build_history: { absolute: false, href } },
    artifact_type: "application/vnd.oci.image.config.v1+json",
    digest,
    extra_attrs: { architecture: "amd64", author: "", config: {}, created: null, os: "linux" },
    icon: "sha256:0048162a053eef4d4ce3fe7518615bef084403614f8bca43b40ae2e762e11e06",
    id,
    labels: null,
    manifest_media_type: "application/vnd.oci.image.manifest.v1+json",
    media_type: "application/vnd.oci.image.config.v1+json",
    project_id: project + 2,
    pull_time: NEVER,
    push_time: SINCE,
    references: null,
    repository_id: repository + 1,
    repository_name: name,
    size: 729,
    tags: [
      {
        artifact_id: id,
        id,
        immutable: false,
        name: `v${index % layout.tags}`,
        pull_time: NEVER,
        push_time: SINCE,
        repository_id: repository + 1,
      },
    ],
    type: "IMAGE",
  });
}

/** Everything that is not a listing of artifacts: who we are, the version, the projects, and empty lists. */
function small(target: string, url: string): string {
  if (target.startsWith("/api/v2.0/users/current")) {
    return JSON.stringify({ user_id: 1, username: "admin", sysadmin_flag: true });
  }
  if (target.startsWith("/api/v2.0/systeminfo")) {
    return JSON.stringify({
      harbor_version: "v2.12.4-00000000",
      external_url: url,
      auth_mode: "db_auth",
      project_creation_restriction: "everyone",
      current_time: new Date().toISOString(),
    });
  }
  if (target.startsWith("/api/v2.0/projects?")) return JSON.stringify(projects());
  return "[]";
}

function projects(): unknown[] {
  return Array.from({ length: layout.projects }, (_, project) => ({
    project_id: project + 2,
    name: `bench${project}`,
    owner_id: 1,
    creation_time: SINCE,
    update_time: SINCE,
    metadata: { public: "false" },
    repo_count: layout.repositories,
  }));
}

/** Every tag is the same small manifest: what a tool that asks for each tag wants to see. */
function asRegistry(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    "Content-Type": "application/vnd.oci.image.manifest.v1+json",
    "Content-Length": MANIFEST.length,
    "Docker-Content-Digest": sha256(MANIFEST),
    "Docker-Distribution-Api-Version": "registry/2.0",
  });
  response.end(request.method === "HEAD" ? undefined : MANIFEST);
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
