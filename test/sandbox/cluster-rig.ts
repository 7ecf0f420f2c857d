import { digestOf } from "../../src/sandbox/blob-store.ts";
import type { SandboxCluster } from "../../src/sandbox/cluster.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { ask, created, receive, row, rows, textOf, type Answer, type Row } from "./rig.ts";

export interface Site {
  readonly clock: AutoClock;
  readonly world: SandboxWorld;
  readonly cluster: SandboxCluster;
  readonly n1: Sandbox;
  readonly n2: Sandbox;
  readonly pass: (ms: number) => void;
}

type Shares = NonNullable<Parameters<SandboxWorld["addCluster"]>[0]["shares"]>;

/** A cluster of two nodes with the project `probe`, or two installations that share as little as said. */
export function site(profile: ProfileName = "2.9", shares: Shares = {}): Site {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock, seed: 11 });
  const cluster = world.addCluster({ name: "ha", profile, shares });
  const [n1, n2] = [cluster.node("n1"), cluster.node("n2")];
  const pass = (ms: number): void => {
    clock.advance(ms);
    world.catchUp();
  };
  n1.createProject("probe");
  pass(60_000);
  return { clock, world, cluster, n1, n2, pass };
}

/** `pair` of names as they stand in the tables: asked on the node where it was made, and on the other one. */
export interface Both<T> {
  readonly own: T;
  readonly other: T;
}

export function statusOf(node: Sandbox, method: string, target: string, headers = {}): number {
  const delivery = receive(node, method, target, { headers });
  if (delivery.kind === "refused") return 0;
  return delivery.kind === "answer" ? delivery.response.status : -1;
}

export function token(node: Sandbox): string {
  const target = "/service/token?service=harbor-registry&scope=repository:probe/x:pull,push";
  return textOf(row(ask(node, "GET", target))["token"]);
}

/** `GET /v2/` with a token of the one node at both. */
export function tokenTaken(from: Sandbox, other: Sandbox): Both<number> {
  const headers = { authorization: `Bearer ${token(from)}` };
  const at = (node: Sandbox): number => ask(node, "GET", "/v2/", { as: "", headers }).status;
  return { own: at(from), other: at(other) };
}

export function keyId(node: Sandbox): string {
  const head = Buffer.from(token(node).split(".")[0] ?? "", "base64url").toString();
  return textOf((JSON.parse(head) as Row)["kid"]);
}

/** An upload begun on the one node, continued and finished on the other; the three statuses and the refusal, if any. */
export function movedUpload(from: Sandbox, other: Sandbox): { statuses: number[]; code: string } {
  const content = Buffer.from(`upload ${from.requests.total()} ${from.name}`);
  const begun = ask(from, "POST", "/v2/probe/x/blobs/uploads/");
  const patched = ask(other, "PATCH", pathOf(begun), { body: content });
  const done = ask(other, "PUT", `${pathOf(patched, begun)}&digest=${digestOf(content)}`);
  return { statuses: [begun, patched, done].map((one) => one.status), code: codeOf(patched) };
}

function pathOf(...answers: Answer[]): string {
  const location = answers.map((one) => one.headers["location"]).find((one) => one !== undefined) ?? "";
  return location.replace(/^https?:\/\/[^/]*/, "");
}

/** The error code of a refusal, empty without one. */
export function codeOf(answer: Answer): string {
  const errors = (answer.body as { errors?: { code: string }[] } | null)?.errors;
  return errors?.[0]?.code ?? "";
}

export interface Login {
  readonly sid: string;
  readonly csrf: { readonly cookie: string; readonly token: string };
}

/** Cookie and token against forged requests, as a browser gets them with any page. */
export function csrfOf(node: Sandbox): Login["csrf"] {
  const { headers } = ask(node, "GET", "/api/v2.0/systeminfo", { as: "", headers: { cookie: "sid=x" } });
  const [cookie = ""] = cookiesOf(headers["set-cookie"]).filter((one) => one.startsWith("_gorilla_csrf="));
  return { cookie, token: headers["x-harbor-csrf-token"] ?? "" };
}

function cookiesOf(header = ""): string[] {
  return header.split("\n").map((one) => one.split(";")[0] ?? "");
}

export function logIn(node: Sandbox): Login & { readonly answer: Answer } {
  const csrf = csrfOf(node);
  const answer = ask(node, "POST", "/c/login", {
    as: "",
    headers: { cookie: csrf.cookie, "x-harbor-csrf-token": csrf.token },
    body: Buffer.from(`principal=admin&password=${node.adminPassword}`),
  });
  return { sid: cookiesOf(answer.headers["set-cookie"]).at(-1) ?? "", csrf, answer };
}

/** Who one is with that session, and whether a write with it is taken. */
export function withSession(node: Sandbox, { sid, csrf }: Login): { current: number; mutate: number } {
  const current = ask(node, "GET", "/api/v2.0/users/current", { as: "", headers: { cookie: sid } }).status;
  const mutate = ask(node, "POST", "/api/v2.0/labels", {
    as: "",
    headers: { cookie: `${sid}; ${csrf.cookie}`, "x-harbor-csrf-token": csrf.token },
    body: { name: `label-${node.requests.total()}-${node.name}`, scope: "g" },
  }).status;
  return { current, mutate };
}

/** An endpoint that leads to the sandbox, made on the node; returns its id. */
export function endpointTo(node: Sandbox, url: string, password: string): number {
  const credential = { type: "basic", access_key: "admin", access_secret: password };
  const body = { name: `e-${node.requests.total()}`, type: "harbor", url, credential, insecure: true };
  return created(ask(node, "POST", "/api/v2.0/registries", { body }));
}

export function policyTo(node: Sandbox, endpoint: number, rest: Row = {}): number {
  const body = {
    name: `p-${node.requests.total()}`,
    dest_registry: { id: endpoint },
    trigger: { type: "manual" },
    filters: [{ type: "name", value: "probe/x" }],
    enabled: true,
    override: true,
    ...rest,
  };
  return created(ask(node, "POST", "/api/v2.0/replication/policies", { body }));
}

export interface Ran {
  readonly execution: Row;
  readonly task: Row | undefined;
  /** The nodes that have the log of its task. */
  readonly logs: readonly string[];
  readonly log: string;
}

/** Starts the policy on a node, waits for the first run of its task, and tells who ran it. */
export function runOn(on: Site, node: Sandbox, policy: number): Ran {
  const started = ask(node, "POST", "/api/v2.0/replication/executions", { body: { policy_id: policy } });
  const path = `/api/v2.0/replication/executions/${created(started)}`;
  on.pass(10_000);
  const execution = row(ask(node, "GET", path));
  const [task] = rows(ask(node, "GET", `${path}/tasks`));
  const asked = [on.n1, on.n2].map((one) => ({
    name: one.name,
    answer: ask(one, "GET", `${path}/tasks/${textOf(task?.["id"])}/log`),
  }));
  const found = asked.filter((one) => one.answer.status === 200);
  return {
    execution,
    task,
    logs: found.map((one) => one.name),
    log: found.map((one) => one.answer.text).join(""),
  };
}

/** The digests of the layers of an image. */
export function layersOf(on: Site, digest: string): string[] {
  const manifest = row(ask(on.n1, "GET", `/v2/probe/x/manifests/${digest}`));
  return (manifest["layers"] as unknown as { digest: string }[]).map((one) => one.digest);
}

/** When the project `library` was made: each database has its own time of that. */
export function createdAt(on: Site, node: string): string {
  return textOf(row(ask(on.cluster.node(node), "GET", "/api/v2.0/projects/library"))["creation_time"]);
}
