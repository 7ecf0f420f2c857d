import type { HarborPort } from "../../src/harbor/port.ts";
import type { NewReplicationPolicy, ReplicationFilter } from "../../src/observed/model.ts";
import { makeSecret } from "../../src/topology/secret.ts";
import { harborAt } from "./harbor-at.ts";

/** A Harbor as its administrator sees it. */
export function administratorOf(url: string, password = "Harbor12345"): HarborPort {
  const account = { username: "admin", password: makeSecret(password) };
  return harborAt(url, {}, { account, replicationAccount: account });
}

export interface HandMade {
  readonly name: string;
  readonly to: string;
  /** The name of the endpoint; one that is there already is used. */
  readonly endpoint: string;
  readonly description?: string;
  /** What the endpoint logs in with: `admin` of a sandbox if left out. */
  readonly username?: string;
  readonly password?: string;
  readonly filters?: readonly ReplicationFilter[];
  readonly change?: Partial<NewReplicationPolicy>;
}

/** Makes what an administrator would make by hand: an endpoint, and an enabled event policy that pushes to it. */
export async function makeByHand(port: HarborPort, made: HandMade): Promise<number> {
  const there = (await port.endpoints()).find(({ name }) => name === made.endpoint);
  const targetEndpointId =
    there?.id ??
    (await port.createEndpoint({
      name: made.endpoint,
      url: made.to,
      description: made.description ?? "",
      username: made.username ?? "admin",
      password: made.password ?? "Harbor12345",
      insecure: false,
      caCertificate: "",
    }));
  return await port.createReplicationPolicy({
    name: made.name,
    description: made.description ?? "",
    sourceEndpointId: 0,
    targetEndpointId,
    targetNamespace: "",
    targetNamespaceReplaceCount: -1,
    trigger: { kind: "event_based", cron: "" },
    filters: made.filters ?? [{ kind: "name", value: "library/**", excludes: false }],
    deletions: false,
    override: true,
    enabled: true,
    speedKbps: 0,
    copyByChunk: false,
    singleActive: false,
    ...made.change,
  });
}
