import type { Delivery } from "../../src/sandbox/delivery.ts";
import type { Response } from "../../src/sandbox/exchange.ts";
import type { Json } from "../../src/sandbox/json.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import type { Tempo } from "../../src/sandbox/tempo.ts";
import { AutoClock } from "../support/auto-clock.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON, null when it is none. */
  readonly body: Json;
}

export interface Ask {
  readonly as?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json | Buffer;
}

/** One request to a sandbox, as the administrator unless told otherwise; `as: ""` is anonymous. */
export function ask(sandbox: Sandbox, method: string, target: string, options: Ask = {}): Answer {
  const delivery = receive(sandbox, method, target, options);
  if (delivery.kind !== "answer") throw new Error(`${method} ${target}: ${delivery.kind}`);
  return parsedAnswer(delivery.response);
}

export function parsedAnswer({ status, headers, body }: Response): Answer {
  const text = body.toString();
  return { status, headers, text, body: jsonOf(text) };
}

export function receive(sandbox: Sandbox, method: string, target: string, options: Ask = {}): Delivery {
  const at = target.indexOf("?");
  const user = options.as ?? "admin";
  const pair = `${user}:${options.password ?? sandbox.adminPassword}`;
  const login = user === "" ? {} : { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  return sandbox.receive({
    method,
    path: at === -1 ? target : target.slice(0, at),
    query: at === -1 ? "" : target.slice(at + 1),
    headers: { ...login, ...options.headers },
    body: bytesOf(options.body),
  });
}

function bytesOf(body: Json | Buffer | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

export interface Row {
  readonly [key: string]: Json | undefined;
}

export function rows(answer: Answer): Row[] {
  return answer.body as Row[];
}

export function row(answer: Answer): Row {
  return answer.body as Row;
}

/** A value of a row as text. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/** Harbor's error code and message. */
export function refusal(answer: Answer): { status: number; code: string; message: string } {
  const [first] = (answer.body as { errors: { code: string; message: string }[] }).errors;
  return { status: answer.status, code: first?.code ?? "", message: first?.message ?? "" };
}

export interface Pair {
  readonly clock: AutoClock;
  readonly world: SandboxWorld;
  readonly a: Sandbox;
  readonly b: Sandbox;
  /** Lets time pass and everything due happen. */
  readonly pass: (ms: number) => void;
  /** Lets time pass until nothing is under way any more. */
  readonly settle: () => void;
}

/** Two sandboxes that can reach each other. */
export function pair(
  profileA: ProfileName,
  profileB: ProfileName = profileA,
  tempo: Partial<Tempo> = {},
): Pair {
  const clock = new AutoClock();
  const world = createSandboxWorld({ clock, seed: 7, tempo });
  const a = world.add({ name: "a", profile: profileA });
  const b = world.add({ name: "b", profile: profileB });
  const pass = (ms: number): void => {
    clock.advance(ms);
    world.catchUp();
  };
  const settle = (): void => {
    for (let next = world.busyUntil(); next !== undefined; next = world.busyUntil()) {
      pass(Math.max(0, next - clock.now()));
    }
  };
  return { clock, world, a, b, pass, settle };
}

/** An endpoint and a replication policy towards the other sandbox; returns the policy's id. */
export function replicate(from: Sandbox, to: Sandbox, policy: Row = {}): number {
  const endpoint = created(
    ask(from, "POST", "/api/v2.0/registries", {
      body: {
        name: `to-${to.name}-${from.requests.total()}`,
        type: "harbor",
        url: to.url,
        credential: { type: "basic", access_key: "admin", access_secret: to.adminPassword },
        insecure: true,
      },
    }),
  );
  return created(
    ask(from, "POST", "/api/v2.0/replication/policies", {
      body: {
        name: `policy-${from.requests.total()}`,
        dest_registry: { id: endpoint },
        trigger: { type: "event_based" },
        filters: [{ type: "name", value: "pair/**" }],
        enabled: true,
        override: true,
        ...policy,
      },
    }),
  );
}

/** The id at the end of the Location of a 201. */
export function created(answer: Answer): number {
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return Number(answer.headers["location"]?.split("/").at(-1));
}

/** Tag → digest of one repository. */
export function tagsOf(sandbox: Sandbox, repository = "pair/app"): Record<string, string> {
  return Object.fromEntries(sandbox.tags().get(repository) ?? []);
}

export function executions(sandbox: Sandbox, policy: number): Row[] {
  return rows(ask(sandbox, "GET", `/api/v2.0/replication/executions?policy_id=${policy}&page_size=100`));
}

/** Starts the replication policy and waits for its end; returns the execution. */
export function run(on: Pair, sandbox: Sandbox, policy: number): Row {
  const id = created(
    ask(sandbox, "POST", "/api/v2.0/replication/executions", { body: { policy_id: policy } }),
  );
  on.settle();
  return row(ask(sandbox, "GET", `/api/v2.0/replication/executions/${id}`));
}
