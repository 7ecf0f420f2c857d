import type { NewReplicationPolicy } from "../../src/observed/model.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Scene } from "../support/scene.ts";
import { OUTSIDE } from "./invariants.ts";

const NAME = "somebody-elses";

/** Objects and projects in each Harbor that are none of ours: whatever happens, they stay as they were. */
export class Foreign {
  readonly #sandboxes: readonly Sandbox[];
  readonly #scene: Scene;
  readonly #before = new Map<string, string>();

  constructor(sandboxes: readonly Sandbox[], scene: Scene) {
    this.#sandboxes = sandboxes;
    this.#scene = scene;
  }

  isForeign(name: string): boolean {
    return name === NAME;
  }

  async place(): Promise<void> {
    for (const sandbox of this.#sandboxes) {
      const other = this.#sandboxes.find((one) => one !== sandbox);
      const port = this.#scene.port(sandbox.name);
      const endpoint = await port.createEndpoint({
        name: NAME,
        url: other?.url ?? sandbox.url,
        description: "made by a person",
        username: "admin",
        password: sandbox.adminPassword,
        insecure: false,
        caCertificate: "",
      });
      await port.createReplicationPolicy({
        ...POLICY,
        targetEndpointId: endpoint,
      });
      sandbox.push(`${OUTSIDE}/app`, "first", { seed: "first" });
      this.#before.set(sandbox.name, await this.#read(sandbox.name));
    }
  }

  /** What is no longer as it was. */
  async changes(): Promise<string[]> {
    const changed: string[] = [];
    for (const { name } of this.#sandboxes) {
      const [before, now] = [this.#before.get(name), await this.#read(name)];
      // A backup from before they were made takes them away.
      if (now !== NONE && now !== before)
        changed.push(`somebody else's objects changed on ${name}: ${before ?? ""} → ${now}`);
    }
    return changed;
  }

  async #read(name: string): Promise<string> {
    const port = this.#scene.port(name);
    const endpoints = (await port.endpoints()).filter((one) => one.name === NAME);
    const policies = (await port.replicationPolicies()).filter((one) => one.name === NAME);
    return JSON.stringify([endpoints.map(({ id, url, description }) => [id, url, description]), policies]);
  }
}

const POLICY: Omit<NewReplicationPolicy, "targetEndpointId"> = {
  name: NAME,
  description: "made by a person",
  sourceEndpointId: 0,
  targetNamespace: "",
  targetNamespaceReplaceCount: 0,
  trigger: { kind: "manual", cron: "" },
  filters: [{ kind: "name", value: `${OUTSIDE}/**`, excludes: false }],
  deletions: false,
  override: false,
  enabled: true,
  speedKbps: 0,
  copyByChunk: false,
  singleActive: false,
};

const NONE = JSON.stringify([[], []]);
