import { describe, expect, it } from "vitest";
import type { ClusterFault } from "../../src/sandbox/cluster.ts";
import {
  type Site,
  createdAt,
  keyId,
  layersOf,
  logIn,
  movedUpload,
  site,
  tokenTaken,
  withSession,
} from "./cluster-rig.ts";
import { type Row, ask, receive, row, textOf } from "./rig.ts";

const X = "/v2/probe/x/manifests/v1";

/** What the rows of a table of signatures are made of: everything that one fault must leave as it is, but for its own. */
function signature(on: Site): Row {
  const { n1, n2 } = on;
  const digest = n1.push("probe/x", "v1", { seed: `at ${on.clock.now()}`, size: 3000 });
  const [layer = ""] = layersOf(on, digest);
  const get = receive(n2, "GET", `/v2/probe/x/blobs/${layer}`);
  const login = logIn(n1);
  const session = withSession(n2, login);
  return {
    library: createdAt(on, "n1") === createdAt(on, "n2"),
    manifest: ask(n2, "GET", X).status,
    blobHead: ask(n2, "HEAD", `/v2/probe/x/blobs/${layer}`).status,
    blob: get.kind === "answer" ? get.response.status : get.kind,
    token: tokenTaken(n1, n2).other,
    key: keyId(n1) === keyId(n2),
    upload: movedUpload(n1, n2).statuses.join("/"),
    uploadCode: movedUpload(n1, n2).code,
    session: session.current,
    mutate: session.mutate,
    version: version(on, "n1") === version(on, "n2"),
  };
}

function version(on: Site, node: string): string {
  return textOf(row(ask(on.cluster.node(node), "GET", "/api/v2.0/systeminfo"))["harbor_version"]);
}

const HEALTHY = {
  library: true,
  manifest: 200,
  blobHead: 200,
  blob: 200,
  token: 200,
  key: true,
  upload: "202/202/201",
  uploadCode: "",
  session: 200,
  mutate: 201,
  version: true,
};

/** Fault → what it changes of all that. */
const SIGNATURES: readonly (readonly [ClusterFault, Partial<typeof HEALTHY> | Row])[] = [
  ["token-key", { token: 401, key: false }],
  ["secretkey", {}],
  ["storage", { manifest: 404, blob: "reset", upload: "202/404/404", uploadCode: "BLOB_UPLOAD_UNKNOWN" }],
  [
    "storage-stale",
    { manifest: 404, blob: "reset", upload: "202/404/404", uploadCode: "BLOB_UPLOAD_UNKNOWN" },
  ],
  ["redis", { session: 401, mutate: 401 }],
  ["upload-secret", { upload: "202/404/404", uploadCode: "BLOB_UPLOAD_INVALID" }],
  ["job-secret", {}],
  ["csrf-key", { mutate: 403 }],
  [
    "database",
    {
      library: false,
      manifest: 401,
      blobHead: 401,
      blob: 401,
      upload: "202/401/401",
      uploadCode: "UNAUTHORIZED",
    },
  ],
  ["clock", {}],
  [
    "registry-down",
    { manifest: 502, blobHead: 502, blob: 502, token: 502, upload: "202/502/502", uploadCode: "" },
  ],
  ["jobservice-down", {}],
  ["registryctl-down", {}],
  ["version", { version: false }],
  ["realm", {}],
];

describe("one fault changes its own rows of the table, and no other", () => {
  it("none: everything is in order", () => {
    expect(signature(site())).toEqual(HEALTHY);
  });

  it.each(SIGNATURES)("%s", (fault, changed) => {
    const on = site();
    on.cluster.break(fault);
    expect(signature(on)).toEqual({ ...HEALTHY, ...changed });
    on.cluster.mend(fault);
    on.pass(11_000);
    expect(signature(on)).toEqual(HEALTHY);
  });

  it("storage and redis: HEAD no longer lies", () => {
    const on = site();
    for (const fault of ["storage", "redis"] as const) on.cluster.break(fault);
    expect(signature(on)).toMatchObject({ manifest: 404, blobHead: 404, blob: 404, session: 401 });
    on.cluster.mend();
    expect(signature(on)).toEqual(HEALTHY);
  });
});
