import type { ClusterFault, SandboxCluster } from "../../src/sandbox/cluster.ts";
import type { Delivery } from "../../src/sandbox/delivery.ts";
import type { Response } from "../../src/sandbox/exchange.ts";
import type { Json } from "../../src/sandbox/json.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { ClusterBodies } from "./cluster-bodies.ts";
import { clusterCalls, runners, type ClusterCall } from "./cluster-recording.ts";
import { ask, created, receive, textOf, type Ask, type Row } from "./rig.ts";

const NODES = { N1: "n1", N2: "n2", LB: "n1" } as const;

/** How a recorded state is made here. */
export interface ClusterCast {
  readonly state: string;
  readonly faults: readonly { readonly fault: ClusterFault; readonly byMs?: number }[];
  /** Core looks at executions, and a stale storage is filled, at times of their own: how long after one of these it began. */
  readonly afterMs?: number;
  /** How long a job takes; it was quicker than what a sandbox takes for usual. */
  readonly taskMs?: number;
  /** The other node's own database was not empty any more. */
  readonly usedBefore?: true;
}

/** Plays the calls of one recorded state against a sandbox cluster, in the recorded pace, with ids and bytes of its own. */
export class ClusterReplay {
  readonly calls: readonly ClusterCall[];
  readonly #clock = new AutoClock();
  readonly #cluster: SandboxCluster;
  readonly #peer: Sandbox;
  readonly #start: number;
  readonly #bodies: ClusterBodies;
  readonly #runners: ReadonlyMap<string, "N1" | "N2">;
  /** Recorded → ours: `kind/id`, then the path of an upload by its recorded id. */
  readonly #ids = new Map<string, string>();
  readonly #uploads = new Map<string, string>();
  /** By the node that gave it. */
  readonly #tokens = new Map<string, string>();
  #robot = { as: "", password: "" };
  #csrf = { cookie: "", token: "" };
  #session = "";
  #made = { endpoint: 0, policy: 0 };

  constructor(cast: ClusterCast) {
    this.calls = clusterCalls(cast.state);
    this.#bodies = new ClusterBodies(this.calls);
    this.#runners = runners(this.calls);
    const tempo = { flowMs: 30, taskMs: cast.taskMs ?? 200 };
    const world = createSandboxWorld({ clock: this.#clock, seed: 5, tempo });
    this.#cluster = world.addCluster({ name: "ha", profile: "2.9" });
    this.#cluster.front.url = "http://127.0.0.1:8090";
    this.#cluster.node("n1").url = "http://127.0.0.1:8091";
    this.#cluster.node("n2").url = "http://127.0.0.1:8092";
    this.#peer = world.add({ name: "b", profile: "2.7", url: "http://127.0.0.1:8082" });
    this.#before();
    this.#clock.advance(3_600_000);
    for (const { fault, ...options } of cast.faults) this.#cluster.break(fault, options);
    if (cast.usedBefore === true) {
      this.#cluster.node("n2").createProject("probe");
      this.#makePolicy(this.#cluster.node("n2"), this.#endpoint("probe-r-mwr27sze"), "probe/xrmwr27sze");
    }
    this.#clock.advance(cast.afterMs ?? 1000);
    this.#start = this.#clock.now();
  }

  /** What the recorder found there: two projects, a replication policy of one of them, and one that it had left behind. */
  #before(): void {
    const node = this.#cluster.node("n1");
    node.createProject("ha", { public: true });
    node.push("ha/x", "v1", { seed: 1 });
    node.createProject("probe");
    this.#makePolicy(node, { ...this.#endpoint("b"), insecure: false }, "ha/**");
    this.#makePolicy(node, this.#endpoint("probe-f-mwr1l14a"), "probe/xfmwr1l14a");
  }

  #makePolicy(node: Sandbox, endpoint: Row, filter: string): void {
    const id = created(ask(node, "POST", "/api/v2.0/registries", { body: endpoint }));
    const body = policyBody(textOf(endpoint["name"]), id, filter);
    created(ask(node, "POST", "/api/v2.0/replication/policies", { body }));
  }

  #endpoint(name: string): Row {
    const credential = { type: "basic", access_key: "admin", access_secret: this.#peer.adminPassword };
    return { name, type: "harbor", url: this.#peer.url, credential, insecure: true };
  }

  play(call: ClusterCall): Delivery {
    this.#clock.advance(Math.max(0, this.#start + call.t - call.ms - this.#clock.now()));
    if (call.method === "POST" && call.path.endsWith("/executions")) this.#chooseRunner(call);
    const node = this.#cluster.node(NODES[call.to]);
    const delivery = receive(node, call.method, this.#translate(call.path), this.#ask(call));
    if (delivery.kind === "answer") this.#learn(call, delivery.response);
    return delivery;
  }

  /** The node that ran it there; of what never reported nothing is known, so it was the other one. */
  #chooseRunner(call: ClusterCall): void {
    const id = lastNumber(String(call.headers?.["location"]));
    this.#cluster.quickest(NODES[this.#runners.get(id) ?? (call.to === "N1" ? "N2" : "N1")]);
  }

  #translate(path: string): string {
    const upload = uploadOf(path);
    if (upload !== undefined) {
      const suffix = path.includes("digest=") ? `&digest=${this.#bodies.digestOf(upload)}` : "";
      return `${this.#uploads.get(upload) ?? path}${suffix}`;
    }
    const ours = (digest: string): string => this.#bodies.digests.get(digest) ?? digest;
    return path
      .replace(/sha256:[0-9a-f]{64}/g, ours)
      .replace(
        /(registries|policies|executions|tasks|labels|robots)\/\d+/g,
        (one) => this.#ids.get(one) ?? one,
      );
  }

  #ask(call: ClusterCall): Ask {
    const body = this.#body(call);
    const ranged = call.probe === "b" && call.status === 206;
    const { headers = {}, ...login } = this.#login(call);
    const range: Record<string, string> = ranged ? { range: "bytes=1000-1999" } : {};
    const type = call.path.includes("/manifests/")
      ? { "content-type": "application/vnd.oci.image.manifest.v1+json" }
      : {};
    return { ...login, headers: { ...headers, ...range, ...type }, ...(body === undefined ? {} : { body }) };
  }

  #login(call: ClusterCall): Ask {
    const auth = call.auth ?? "admin";
    if (auth === "admin") return {};
    if (auth.startsWith("robot")) return this.#robot;
    if (auth.startsWith("token")) {
      return { as: "", headers: { authorization: `Bearer ${this.#tokens.get(auth.slice(-2)) ?? ""}` } };
    }
    if (call.probe !== "f") return { as: "" };
    const session = auth.startsWith("sid") ? `sid=${this.#session}; ` : "";
    if (call.method === "GET") return { as: "", headers: { cookie: session === "" ? "sid=x" : session } };
    return {
      as: "",
      headers: { cookie: `${session}${this.#csrf.cookie}`, "x-harbor-csrf-token": this.#csrf.token },
    };
  }

  #body(call: ClusterCall): Json | Buffer | undefined {
    const upload = uploadOf(call.path);
    if (upload !== undefined) return this.#bodies.chunk(call.method, upload);
    const repository = /^\/v2\/(.+)\/manifests\/v1$/.exec(call.path)?.[1];
    if (call.method === "PUT" && repository !== undefined) return this.#bodies.manifest(repository);
    if (call.method === "PUT") return {};
    return call.method === "POST" ? this.#posted(call) : undefined;
  }

  #posted(call: ClusterCall): Json | Buffer | undefined {
    const bodies: Readonly<Record<string, () => Json | Buffer>> = {
      projects: () => ({ project_name: "probe", metadata: { public: "false" } }),
      tags: () => ({ name: "extra" }),
      login: () => Buffer.from(`principal=admin&password=${this.#cluster.adminPassword}`),
      labels: () => ({ name: `label-${call.t}`, scope: "g" }),
      registries: () => this.#endpoint(this.#name(call)),
      ping: () => ({ id: this.#made.endpoint }),
      policies: () => policyBody(this.#name(call), this.#made.endpoint, `probe/${this.#repository(call)}`),
      executions: () => ({ policy_id: this.#made.policy }),
      robots: () => robotBody(this.#name(call)),
    };
    return bodies[call.path.replace(/\?.*/, "").split("/").at(-1) ?? ""]?.();
  }

  /** What the recorder called its endpoint, policy and robot in this direction. */
  #name({ dir }: ClusterCall): string {
    const [path = ""] = this.calls
      .filter((one) => one.dir === dir && one.path.includes("?name="))
      .map((one) => one.path);
    return path.split("=").at(-1) ?? "";
  }

  /** The one that was pushed last. */
  #repository(call: ClusterCall): string {
    const before = this.calls.filter((one) => one.t < call.t && one.path.endsWith("/manifests/v1"));
    return before.at(-1)?.path.split("/")[3] ?? "";
  }

  #learn(call: ClusterCall, { status, headers, body }: Response): void {
    this.#learnLocation(String(call.headers?.["location"]), headers["location"] ?? "");
    const id = Number(lastNumber(headers["location"] ?? ""));
    if (status === 201 && call.path.endsWith("/registries")) this.#made.endpoint = id;
    if (status === 201 && call.path.endsWith("/policies")) this.#made.policy = id;
    if (call.path.startsWith("/service/token") && call.auth === "admin") {
      this.#tokens.set(call.to, textOf((JSON.parse(body.toString()) as Row)["token"]));
    }
    if (call.path.endsWith("/robots")) {
      const robot = JSON.parse(body.toString()) as Row;
      this.#robot = { as: textOf(robot["name"]), password: textOf(robot["secret"]) };
    }
    if (call.path.endsWith("/tasks")) this.#learnTasks(call, body);
    if (call.probe === "f") this.#learnSession(call, headers);
  }

  #learnLocation(recorded: string, ours: string): void {
    const upload = uploadOf(recorded);
    if (upload !== undefined) this.#uploads.set(upload, ours.replace(/^https?:\/\/[^/]*/, ""));
    const [there] = /[a-z]+\/\d+$/.exec(recorded) ?? [];
    const [here] = /[a-z]+\/\d+$/.exec(ours) ?? [];
    if (there !== undefined && here !== undefined) this.#ids.set(there, here);
  }

  #learnTasks(call: ClusterCall, body: Buffer): void {
    const [task] = JSON.parse(body.toString()) as Row[];
    const id = /"id":(\d+),"job_id"/.exec(call.body)?.[1];
    if (id !== undefined && task !== undefined) this.#ids.set(`tasks/${id}`, `tasks/${textOf(task["id"])}`);
  }

  #learnSession(call: ClusterCall, headers: Response["headers"]): void {
    const cookies = (headers["set-cookie"] ?? "").split("\n").map((one) => one.split(";")[0] ?? "");
    const token = headers["x-harbor-csrf-token"];
    if (call.path.endsWith("/systeminfo") && token !== undefined) {
      this.#csrf = { cookie: cookies.find((one) => one.startsWith("_gorilla_csrf=")) ?? "", token };
    }
    // the first login is the session; those after it only try the protection
    if (call.path === "/c/login" && call.auth === "none") this.#session = cookies.at(-1)?.slice(4) ?? "";
  }
}

function uploadOf(text: string): string | undefined {
  return /uploads\/([0-9a-f-]{36})/.exec(text)?.[1];
}

function lastNumber(text: string): string {
  return /\/(\d+)$/.exec(text)?.[1] ?? "";
}

function policyBody(name: string, endpoint: number, value: string): Row {
  return {
    name,
    dest_registry: { id: endpoint },
    trigger: { type: "manual" },
    filters: [{ type: "name", value }],
    enabled: true,
    override: true,
  };
}

function robotBody(name: string): Row {
  const rights = [
    ["repository", "pull"],
    ["repository", "push"],
    ["repository", "list"],
    ["artifact", "list"],
    ["artifact", "read"],
  ];
  const access = rights.map(([resource = "", action = ""]) => ({ resource, action }));
  return {
    name,
    level: "project",
    duration: 1,
    permissions: [{ kind: "project", namespace: "probe", access }],
  };
}
