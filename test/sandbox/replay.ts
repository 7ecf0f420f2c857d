import { digestOf } from "../../src/sandbox/blob-store.ts";
import { imageOf, indexOf, type Image } from "../../src/sandbox/image.ts";
import type { Json } from "../../src/sandbox/json.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import type { Call } from "./recording.ts";
import { ask, type Answer, type Ask, type Row, textOf } from "./rig.ts";

export interface Played {
  readonly call: Call;
  readonly answer: Answer;
}

export interface Cast {
  readonly profile: ProfileName;
  readonly url: string;
  readonly peerProfile: ProfileName;
  readonly peerUrl: string;
  /** What was there before the recording began. */
  readonly third: { readonly profile: ProfileName; readonly url: string };
  readonly before: (self: Sandbox, peer: Sandbox, third: Sandbox) => void;
}

const KINDS = ["projects", "registries", "policies", "executions", "robots"] as const;

/** Plays recorded calls against sandboxes, with its own digests, ids and secrets in place of the recorded ones. */
export class Replay {
  readonly #clock = new AutoClock();
  readonly #self: Sandbox;
  readonly #peer: Sandbox;
  /** Recorded → ours. */
  readonly #digests = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #sizes = new Map<string, number>();
  #upload = "";
  #robot = { name: "", secret: "" };

  constructor(cast: Cast) {
    const world = createSandboxWorld({ clock: this.#clock, seed: 3 });
    this.#self = world.add({ name: "self", profile: cast.profile, url: cast.url });
    this.#peer = world.add({ name: "peer", profile: cast.peerProfile, url: cast.peerUrl });
    const third = world.add({ name: "third", ...cast.third });
    cast.before(this.#self, this.#peer, third);
    this.#clock.advance(120_000);
  }

  play(call: Call): Played {
    let answer = this.#once(call);
    // the recorder waited until an execution looked as it then wrote down
    for (
      let waited = 0;
      call.method === "GET" && !sameProgress(call.body, answer.body) && waited < 400;
      waited++
    ) {
      this.#clock.advance(500);
      answer = this.#once(call);
    }
    this.#clock.advance(call.ms);
    this.#learn(call, answer);
    return { call, answer };
  }

  #once(call: Call): Answer {
    const sandbox = call.target === "self" ? this.#self : this.#peer;
    const target = this.#translate(call.path);
    const isManifest = call.method === "PUT" && call.path.includes("/manifests/");
    const body = isManifest ? this.#manifest(sandbox, call) : this.#body(call);
    const headers = Object.fromEntries(
      Object.entries(call.requestHeaders).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return ask(sandbox, call.method, target, {
      ...this.#login(call),
      headers,
      ...(body === undefined ? {} : { body }),
    });
  }

  #login(call: Call): Ask {
    if (call.as === "anonymous") return { as: "" };
    if (call.as === "admin") return {};
    if (call.step === "robots") return { as: this.#robot.name, password: this.#robot.secret };
    return { as: call.note === "wrong password" ? "admin" : "nobody", password: "wrong" };
  }

  #translate(path: string): string {
    if (path.includes("/blobs/uploads/") && this.#upload !== "") {
      const digest = /digest=(sha256:[0-9a-f]+)/.exec(path)?.[1];
      if (digest !== undefined) return `${this.#upload}&digest=${this.#blobDigest(digest)}`;
    }
    let target = path.replace(/sha256:[0-9a-f]{64}/g, (digest) => this.#digests.get(digest) ?? digest);
    for (const kind of KINDS) {
      target = target.replace(new RegExp(`/${kind}/(\\d+)`), (whole, id: string) => {
        const ours = this.#ids.get(`${kind}/${id}`);
        return ours === undefined ? whole : `/${kind}/${ours}`;
      });
    }
    return target
      .replace(/policy_id=(\d+)/, (_, id: string) => `policy_id=${this.#ids.get(`policies/${id}`) ?? id}`)
      .replace(/\/tasks\/(\d+)/, (_, id: string) => `/tasks/${this.#ids.get(`tasks/${id}`) ?? id}`);
  }

  #blobDigest(recorded: string): string {
    const ours = digestOf(Buffer.from(recorded.slice(0, 34)));
    this.#digests.set(recorded, ours);
    return ours;
  }

  #body(call: Call): Json | Buffer | undefined {
    if (typeof call.request === "string" && call.request.endsWith("bytes>")) {
      const digest = /digest=(sha256:[0-9a-f]+)/.exec(call.path)?.[1] ?? "";
      return Buffer.from(digest.slice(0, 34));
    }
    if (call.request === undefined || call.request === "") return undefined;
    const body = { ...(call.request as Row) };
    for (const key of ["dest_registry", "src_registry"]) {
      const side = body[key] as Row | undefined;
      if (side !== undefined) body[key] = { id: this.#id("registries", side["id"]) };
    }
    if (body["policy_id"] !== undefined) body["policy_id"] = this.#id("policies", body["policy_id"]);
    if (call.path.endsWith("/registries/ping") && body["id"] !== undefined) {
      body["id"] = this.#id("registries", body["id"]);
    }
    return body;
  }

  #id(kind: string, recorded: Json | undefined): number {
    return Number(this.#ids.get(`${kind}/${textOf(recorded)}`) ?? recorded);
  }

  /** An image that stands for the recorded one: the same digest there is the same image here. */
  #manifest(sandbox: Sandbox, call: Call): Buffer {
    const repository = call.path.split("/").slice(2, -2).join("/");
    const recorded = call.headers["docker-content-digest"] ?? call.step + call.path;
    const isIndex = call.requestHeaders["Content-Type"]?.includes("index") === true;
    const image: Image = isIndex ? this.#index() : imageOf({ size: 34 }, recorded);
    for (const blob of image.blobs) {
      ask(sandbox, "POST", `/v2/${repository}/blobs/uploads/?digest=${digestOf(blob)}`, { body: blob });
    }
    const ours = digestOf(image.manifest);
    this.#sizes.set(ours, image.manifest.length);
    this.#digests.set(recorded, ours);
    return image.manifest;
  }

  /** Of the two images that were pushed last. */
  #index(): Image {
    const [first, second] = [...this.#sizes].slice(-2);
    const child = (entry: [string, number] | undefined, architecture: string) => ({
      digest: entry?.[0] ?? "",
      size: entry?.[1] ?? 0,
      architecture,
    });
    return { manifest: indexOf([child(first, "amd64"), child(second, "arm64")]), blobs: [] };
  }

  #learn(call: Call, answer: Answer): void {
    const recorded = call.headers["location"];
    const ours = answer.headers["location"];
    if (recorded?.includes("/uploads/") === true && ours !== undefined) {
      this.#upload = ours.replace(/^https?:\/\/[^/]*/, "");
    }
    for (const kind of KINDS) {
      const from = new RegExp(`/${kind}/(\\d+)$`).exec(recorded ?? "")?.[1];
      const to = new RegExp(`/${kind}/(\\d+)$`).exec(ours ?? "")?.[1];
      if (from !== undefined && to !== undefined) this.#ids.set(`${kind}/${from}`, to);
    }
    this.#learnTasks(call, answer);
    if (call.path === "/api/v2.0/robots" && answer.status === 201) {
      const robot = answer.body as Row;
      this.#robot = { name: textOf(robot["name"]), secret: textOf(robot["secret"]) };
    }
  }

  #learnTasks(call: Call, answer: Answer): void {
    if (!call.path.includes("/tasks?")) return;
    const mine = answer.body as Row[];
    for (const task of call.body as Row[]) {
      const same = mine.find((one) => one["src_resource"] === task["src_resource"]);
      this.#ids.set(`tasks/${textOf(task["id"])}`, textOf(same?.["id"]));
    }
  }
}

/** Executions: do status and counters agree? Anything else does not progress. */
function sameProgress(recorded: Json, ours: Json): boolean {
  const show = (value: Json | undefined): string => {
    if (value === undefined || value === null || typeof value !== "object") return "";
    const one = value as Row;
    return one["in_progress"] === undefined
      ? ""
      : `${textOf(one["status"])} ${textOf(one["succeed"])}/${textOf(one["total"])}`;
  };
  if (!Array.isArray(recorded)) return show(recorded) === show(ours);
  const mine = Array.isArray(ours) ? (ours as Json[]) : [];
  return (recorded as Json[]).every((one, at) => show(one) === show(mine[at]));
}
