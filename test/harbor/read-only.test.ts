import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HarborPort, NewEndpoint } from "../../src/harbor/port.ts";
import type { NewReplicationPolicy } from "../../src/observed/model.ts";
import { registryV2At } from "../registry-v2/registry-at.ts";
import { digestOf } from "../support/digests.ts";
import { harborAt, harborOf } from "../support/harbor-at.ts";
import { scriptedServer, type ScriptedServer } from "../support/scripted-server.ts";

const ENDPOINT: NewEndpoint = {
  name: "e",
  url: "http://peer",
  description: "",
  username: "u",
  password: "p",
  insecure: false,
  caCertificate: "",
};
const POLICY: NewReplicationPolicy = {
  name: "p",
  description: "",
  sourceEndpointId: 0,
  targetEndpointId: 1,
  targetNamespace: "",
  targetNamespaceReplaceCount: -1,
  trigger: { kind: "manual", cron: "" },
  filters: [],
  deletions: false,
  override: true,
  enabled: true,
  speedKbps: 0,
  copyByChunk: false,
  singleActive: false,
};
const DIGEST = digestOf("x");

const WRITES: readonly (readonly [string, (harbor: HarborPort) => Promise<unknown>])[] = [
  ["createEndpoint", (harbor) => harbor.createEndpoint(ENDPOINT)],
  ["updateEndpoint", (harbor) => harbor.updateEndpoint(1, ENDPOINT)],
  ["deleteEndpoint", (harbor) => harbor.deleteEndpoint(1)],
  ["createReplicationPolicy", (harbor) => harbor.createReplicationPolicy(POLICY)],
  ["updateReplicationPolicy", (harbor) => harbor.updateReplicationPolicy({ ...POLICY, id: 1 })],
  ["deleteReplicationPolicy", (harbor) => harbor.deleteReplicationPolicy(1)],
  ["startExecution", (harbor) => harbor.startExecution(1)],
  ["stopExecution", (harbor) => harbor.stopExecution(1)],
  ["createProject", (harbor) => harbor.createProject("x", false)],
  ["createTag", (harbor) => harbor.createTag("l/a", DIGEST, "v1")],
  ["deleteTag", (harbor) => harbor.deleteTag("l/a", DIGEST, "v1")],
];

describe("a connection that may only read", () => {
  let server: ScriptedServer;
  beforeEach(async () => (server = await scriptedServer(harborOf("2.9.0", () => ({ body: [] })))));
  afterEach(() => server.close());

  const sentWrites = (): string[] =>
    server.seen.filter(({ method }) => method !== "GET" && method !== "HEAD").map(({ path }) => path);

  test.each(WRITES)("lets nothing of %s out", async (_, write) => {
    const harbor = harborAt(server.url, { readOnly: true });
    await expect(write(harbor)).rejects.toMatchObject({
      code: "READ_ONLY",
      message: expect.stringMatching(/ on a was refused: TIDELOCK_READ_ONLY is set$/) as string,
    });
    expect(sentWrites()).toEqual([]);
    harbor.close();
  });

  test("lets no content out either", async () => {
    const registry = registryV2At(server.url, { readOnly: true });
    const manifest = { mediaType: "application/vnd.oci.image.manifest.v1+json", bytes: new Uint8Array(1) };
    for (const write of [
      registry.putManifest("l/a", "v1", manifest),
      registry.deleteManifest("l/a", DIGEST),
      registry.mountBlob("l/a", DIGEST, "l/b"),
      registry.uploadBlob("l/a", new Uint8Array(1)),
    ]) {
      await expect(write).rejects.toMatchObject({ code: "READ_ONLY" });
    }
    expect(sentWrites()).toEqual([]);
    registry.close();
  });

  test("still reads, and still lets a Harbor ping its peer", async () => {
    const harbor = harborAt(server.url, { readOnly: true });
    expect(await harbor.endpoints()).toEqual([]);
    expect(await harbor.pingEndpoint(1)).toEqual({ kind: "healthy" });
    expect(sentWrites()).toEqual(["/api/v2.0/registries/ping"]);
    harbor.close();
  });

  test("another one writes", async () => {
    const harbor = harborAt(server.url);
    await harbor.deleteReplicationPolicy(1);
    expect(sentWrites()).toEqual(["/api/v2.0/replication/policies/1"]);
    harbor.close();
  });
});
