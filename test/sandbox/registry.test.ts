import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/sandbox/blob-store.ts";
import { imageOf } from "../../src/sandbox/image.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/sandbox/manifest.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import { ask, created, pair, receive, refusal, row, rows, textOf } from "./rig.ts";

const blob = Buffer.from("some layer");
const digest = digestOf(blob);

describe("an upload", () => {
  it("goes in one piece, in several, or is mounted", () => {
    const { a } = pair("2.9");
    a.createProject("pair");
    const start = ask(a, "POST", "/v2/pair/app/blobs/uploads/");
    expect(start).toMatchObject({ status: 202, headers: { range: "0-0" } });
    const place = textOf(start.headers["location"]).replace(a.url, "");
    expect(ask(a, "PATCH", place, { body: blob.subarray(0, 4) })).toMatchObject({
      status: 202,
      headers: { range: "0-3" },
    });
    expect(refusal(ask(a, "PUT", `${place}&digest=${digest}`, { body: Buffer.from("x") })).code).toBe(
      "DIGEST_INVALID",
    );
    expect(ask(a, "PUT", `${place}&digest=${digest}`, { body: blob.subarray(4) }).status).toBe(201);
    expect(refusal(ask(a, "PUT", `${place}&digest=${digest}`)).code).toBe("BLOB_UPLOAD_UNKNOWN");
    const mounted = ask(a, "POST", `/v2/pair/other/blobs/uploads/?mount=${digest}&from=pair/app`);
    expect(mounted.status).toBe(201);
    expect(ask(a, "GET", `/v2/pair/other/blobs/${digest}`).text).toBe("some layer");
    const whole = Buffer.from("whole");
    expect(
      ask(a, "POST", `/v2/pair/app/blobs/uploads/?digest=${digestOf(whole)}`, { body: whole }).status,
    ).toBe(201);
  });

  it("makes no repository until a manifest comes", () => {
    const { a } = pair("2.9");
    a.createProject("pair");
    ask(a, "POST", `/v2/pair/app/blobs/uploads/?digest=${digest}`, { body: blob });
    expect(rows(ask(a, "GET", "/api/v2.0/projects/pair/repositories"))).toEqual([]);
    expect(ask(a, "GET", "/v2/pair/app/tags/list").status).toBe(404);
  });
});

describe("a manifest", () => {
  it("is refused when what it names is not there, or its digest is another", () => {
    const { a } = pair("2.9");
    a.createProject("pair");
    const { manifest } = imageOf({}, "x");
    const headers = { "content-type": OCI_MANIFEST };
    const put = (reference: string, body: Buffer, type = OCI_MANIFEST) =>
      refusal(
        ask(a, "PUT", `/v2/pair/app/manifests/${reference}`, {
          body,
          headers: { ...headers, "content-type": type },
        }),
      );
    expect(put("v1", manifest).code).toBe("MANIFEST_BLOB_UNKNOWN");
    expect(put("v1", Buffer.from("{")).code).toBe("MANIFEST_INVALID");
    expect(put("v1", manifest, "text/plain").code).toBe("MANIFEST_INVALID");
    expect(put(`sha256:${"0".repeat(64)}`, manifest).code).toBe("DIGEST_INVALID");
    const index = Buffer.from(
      JSON.stringify({ schemaVersion: 2, manifests: [{ digest, size: 1, mediaType: OCI_MANIFEST }] }),
    );
    expect(put("all", index, OCI_INDEX)).toMatchObject({ status: 400, code: "MANIFEST_BLOB_UNKNOWN" });
  });

  it("comes back byte by byte", () => {
    const { a } = pair("2.9");
    const { manifest } = imageOf({}, "same");
    expect(a.push("pair/app", "v1", { seed: "same" })).toBe(digestOf(manifest));
    expect(ask(a, "GET", "/v2/pair/app/manifests/v1").text).toBe(manifest.toString());
  });

  it("read with GET counts as a pull after a while; HEAD and the replication's client never count", () => {
    const { a, pass } = pair("2.9");
    a.push("pair/app", "v1");
    ask(a, "HEAD", "/v2/pair/app/manifests/v1");
    ask(a, "GET", "/v2/pair/app/manifests/v1", { headers: { "user-agent": "harbor-registry-client" } });
    pass(60_000);
    expect([a.pullCount("pair/app"), a.pulledAt("pair/app", "v1")]).toEqual([0, 0]);
    ask(a, "GET", "/v2/pair/app/manifests/v1");
    expect(a.pullCount("pair/app")).toBe(0);
    pass(60_000);
    expect(a.pullCount("pair/app")).toBe(1);
    expect(a.pulledAt("pair/app", "v1")).toBeGreaterThan(0);
    const pulls = rows(ask(a, "GET", "/api/v2.0/audit-logs?q=operation%3Dpull"));
    expect(pulls.map((one) => one["resource"])).toEqual(["pair/app:v1"]);
  });

  it("is not counted by a replication", () => {
    const { a, b, settle } = pair("2.9");
    a.push("pair/app", "v1");
    b.push("pair/app", "v0");
    settle();
    expect(a.pullCount("pair/app")).toBe(0);
  });

  it("is deleted by digest only, and an index keeps its children", () => {
    const { a } = pair("2.9");
    const index = a.pushIndex("pair/app", "all", ["amd64", "arm64"]);
    expect(refusal(ask(a, "DELETE", "/v2/pair/app/manifests/all"))).toMatchObject({
      status: 400,
      code: "UNSUPPORTED",
    });
    const children = rows(ask(a, "GET", "/api/v2.0/projects/pair/repositories/app/artifacts?q=base%3D*"));
    const child = children.find((one) => one["digest"] !== index);
    const target = `/api/v2.0/projects/pair/repositories/app/artifacts/${textOf(child?.["digest"])}`;
    expect(refusal(ask(a, "DELETE", target)).code).toBe("VIOLATE_FOREIGN_KEY_CONSTRAINT");
    expect(ask(a, "DELETE", `/v2/pair/app/manifests/${index}`).status).toBe(202);
    expect(ask(a, "DELETE", target).status).toBe(200);
  });

  it("moves a tag, which keeps its id and gets a new time; the same push again changes neither", () => {
    const { a, pass } = pair("2.9");
    const tag = () => rows(ask(a, "GET", "/api/v2.0/projects/pair/repositories/app/artifacts/v1/tags"))[0];
    a.push("pair/app", "v1", { seed: 1 });
    const first = tag();
    pass(1000);
    a.push("pair/app", "v1", { seed: 1 });
    expect(tag()).toEqual(first);
    a.push("pair/app", "v1", { seed: 2 });
    expect(tag()?.["id"]).toBe(first?.["id"]);
    expect(tag()?.["push_time"]).not.toBe(first?.["push_time"]);
  });
});

describe("a blob", () => {
  it("is given in ranges", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1", { seed: 1, size: 100 });
    const layers = row(ask(a, "GET", "/v2/pair/app/manifests/v1"))["layers"] as { digest: string }[];
    const target = `/v2/pair/app/blobs/${layers[0]?.digest ?? ""}`;
    expect(ask(a, "GET", target, { headers: { range: "bytes=10-19" } })).toMatchObject({
      status: 206,
      headers: { "content-range": "bytes 10-19/100", "content-length": "10" },
    });
    expect(ask(a, "GET", target, { headers: { range: "bytes=100-" } }).status).toBe(416);
  });

  /** An image whose layer is lost, and what the registry says of it. */
  const lost = (profile: ProfileName) => {
    const { a } = pair(profile);
    const image = imageOf({ size: 100 }, 1);
    const digest = a.push("pair/app", "v1", { seed: 1, size: 100 });
    const [layer = Buffer.alloc(0)] = image.blobs;
    const target = `/v2/pair/app/blobs/${digestOf(layer)}`;
    a.loseBlob(digestOf(layer));
    const put = (reference: string) =>
      ask(a, "PUT", `/v2/pair/app/manifests/${reference}`, {
        body: image.manifest,
        headers: { "content-type": OCI_MANIFEST },
      });
    const upload = (content: Buffer) =>
      ask(a, "POST", `/v2/pair/app/blobs/uploads/?digest=${digestOf(content)}`, { body: content }).status;
    return { a, layer, image, digest, target, put, upload };
  };

  it.each(["2.1", "2.9", "2.14"] as const)(
    "whose file is lost on %s is promised by all that asks the registry's Redis; only a GET that is read to its end tells",
    (profile) => {
      const { a, layer, target, put, upload } = lost(profile);
      expect(ask(a, "HEAD", target)).toMatchObject({ status: 200, headers: { "content-length": "100" } });
      const whole = receive(a, "GET", target);
      expect(whole).toMatchObject({ kind: "reset", afterBytes: 0, response: { status: 200 } });
      const part = receive(a, "GET", target, { headers: { range: "bytes=0-0" } });
      expect(part).toMatchObject({
        kind: "reset",
        afterBytes: 0,
        response: { status: 206, headers: { "content-range": "bytes 0-0/100", "content-length": "1" } },
      });
      const mount = `/v2/pair/app/blobs/uploads/?mount=${digestOf(layer)}&from=pair/app`;
      expect(ask(a, "POST", mount).status).toBe(201);
      expect(put("v2").status).toBe(201);
      expect(upload(layer)).toBe(201);
      expect(ask(a, "GET", target).text).toBe(layer.toString());
    },
  );

  it("whose file is lost is unknown once the registry's Redis was emptied", () => {
    const { a, layer, target, put, upload } = lost("2.9");
    a.forgetDescriptors();
    expect(ask(a, "HEAD", target).status).toBe(404);
    expect(ask(a, "GET", target).status).toBe(404);
    expect(refusal(put("v2"))).toMatchObject({ status: 400, code: "MANIFEST_BLOB_UNKNOWN" });
    expect(upload(layer)).toBe(201);
    expect(put("v2").status).toBe(201);
  });

  it("whose file is damaged keeps it, whatever is uploaded", () => {
    const { a, layer, target, upload } = lost("2.9");
    a.damageBlob(digestOf(layer), layer.subarray(0, 40));
    expect(upload(layer)).toBe(201);
    expect(receive(a, "GET", target)).toMatchObject({ kind: "reset", afterBytes: 40 });
    a.loseBlob(digestOf(layer));
    expect(upload(layer)).toBe(201);
    expect(ask(a, "GET", target).status).toBe(200);
  });

  it("can also be a manifest: one whose bytes are lost comes back by an upload as a blob, not by a PUT", () => {
    const { a, image, digest, put, upload } = lost("2.9");
    const get = () => ask(a, "GET", "/v2/pair/app/manifests/v1");
    a.loseBlob(digest);
    expect(refusal(get())).toMatchObject({ status: 404, code: "MANIFEST_UNKNOWN" });
    expect(put("v1").status).toBe(201);
    expect(get().status).toBe(404);
    expect(upload(image.manifest)).toBe(201);
    expect(get().text).toBe(image.manifest.toString());
  });

  it("that nothing names is collected, without an event", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1", { seed: 1 });
    const before = a.snapshot();
    a.collectGarbage();
    expect(a.snapshot()).toEqual(before);
    a.push("pair/app", "v1", { seed: 2 });
    ask(a, "DELETE", `/v2/pair/app/manifests/${digestOf(imageOf({}, 1).manifest)}`);
    a.collectGarbage();
    expect((a.snapshot() as { blobs: string[] }).blobs).toHaveLength(3);
  });
});

describe("signatures", () => {
  it("are accessories: listed with their subject only, and deleted with it", () => {
    const { a } = pair("2.9");
    const subject = a.push("pair/app", "v1");
    const signature = a.sign("pair/app", subject);
    const target = "/api/v2.0/projects/pair/repositories/app/artifacts";
    const [only, ...others] = rows(ask(a, "GET", `${target}?with_accessory=true`));
    expect(others).toEqual([]);
    expect(only?.["accessories"]).toMatchObject([
      { digest: signature, subject_artifact_digest: subject, type: "signature.cosign" },
    ]);
    expect(rows(ask(a, "GET", target))[0]?.["accessories"]).toBeNull();
    expect(rows(ask(a, "GET", `${target}/v1/accessories`))).toHaveLength(1);
    const referrers = row(ask(a, "GET", `/v2/pair/app/referrers/${subject}`))["manifests"];
    expect(referrers).toMatchObject([{ digest: signature }]);
    a.deleteArtifact("pair/app", "v1");
    expect(ask(a, "HEAD", `/v2/pair/app/manifests/${signature}`).status).toBe(404);
  });
});

describe("the copy API", () => {
  it("takes all tags, children and signatures along; the event names one tag", () => {
    const { a, b, settle } = pair("2.9");
    const from = a.pushIndex("pair/app", "one", ["amd64", "arm64"]);
    const artifacts = "/api/v2.0/projects/pair/repositories/app/artifacts";
    expect(ask(a, "POST", `${artifacts}/one/tags`, { body: { name: "two" } }).status).toBe(201);
    const signature = a.sign("pair/app", from);
    settle();
    ask(a, "POST", "/api/v2.0/registries", {
      body: {
        name: "b",
        type: "harbor",
        url: b.url,
        credential: { type: "basic", access_key: "admin", access_secret: b.adminPassword },
      },
    });
    created(
      ask(a, "POST", "/api/v2.0/replication/policies", {
        body: { name: "p", dest_registry: { id: 1 }, enabled: true, trigger: { type: "event_based" } },
      }),
    );
    const copy = ask(a, "POST", "/api/v2.0/projects/pair/repositories/copy/artifacts?from=pair/app:one");
    expect(copy.status).toBe(201);
    expect([...(a.tags().get("pair/copy") ?? [])]).toEqual([
      ["one", from],
      ["two", from],
    ]);
    expect(a.accessories("pair/copy", from)).toEqual([signature]);
    settle();
    expect([...(b.tags().get("pair/copy") ?? [])]).toEqual([["one", from]]);
    expect(
      refusal(ask(a, "POST", "/api/v2.0/projects/pair/repositories/x/artifacts?from=pair/app:none")).status,
    ).toBe(404);
    expect(
      refusal(ask(a, "POST", "/api/v2.0/projects/pair/repositories/x/artifacts?from=nonsense")).status,
    ).toBe(400);
  });
});

describe("retention", () => {
  it("deletes as the job service, so that the peer follows where deletions replicate", () => {
    const { a, b, settle } = pair("2.9");
    ask(a, "POST", "/api/v2.0/registries", {
      body: {
        name: "b",
        type: "harbor",
        url: b.url,
        credential: { type: "basic", access_key: "admin", access_secret: b.adminPassword },
      },
    });
    const trigger = { type: "event_based" };
    ask(a, "POST", "/api/v2.0/replication/policies", {
      body: { name: "p", dest_registry: { id: 1 }, enabled: true, deletion: true, trigger },
    });
    for (const tag of ["v1", "v2", "v3"]) a.push("pair/app", tag);
    settle();
    a.runRetention("pair", 1);
    settle();
    expect([...(b.tags().get("pair/app")?.keys() ?? [])]).toEqual(["v3"]);
    const [newest] = rows(ask(a, "GET", "/api/v2.0/audit-logs?q=operation%3Ddelete"));
    expect(newest?.["username"]).toBe("harbor-jobservice");
    const id = (row(ask(a, "GET", "/api/v2.0/projects/pair"))["metadata"] as Record<string, string>)[
      "retention_id"
    ];
    expect(ask(a, "GET", `/api/v2.0/retentions/${id ?? ""}`).status).toBe(200);
  });
});

describe("read-only mode", () => {
  it("refuses writes on both sides of the API until it is switched off", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1", { seed: 1 });
    const set = (read_only: boolean) =>
      ask(a, "PUT", "/api/v2.0/configurations", { body: { read_only } }).status;
    expect(set(true)).toBe(200);
    expect(row(ask(a, "GET", "/api/v2.0/systeminfo"))["read_only"]).toBe(true);
    expect(refusal(ask(a, "POST", "/api/v2.0/projects", { body: { project_name: "x" } })).code).toBe(
      "DENIED",
    );
    const { manifest } = imageOf({}, 1);
    const put = { body: manifest, headers: { "content-type": OCI_MANIFEST } };
    expect(refusal(ask(a, "PUT", "/v2/pair/app/manifests/v2", put)).status).toBe(403);
    expect(set(false)).toBe(200);
    expect(ask(a, "PUT", "/v2/pair/app/manifests/v2", put).status).toBe(201);
  });
});

describe("quotas", () => {
  it("are read and changed, and count each blob once", () => {
    const { a } = pair("2.9");
    a.push("pair/app", "v1", { seed: 1, size: 1000 });
    const used = () =>
      (
        rows(ask(a, "GET", "/api/v2.0/quotas?reference=project&reference_id=2"))[0]?.["used"] as {
          storage: number;
        }
      ).storage;
    const before = used();
    expect(before).toBeGreaterThan(1000);
    a.push("pair/other", "v1", { seed: 1, size: 1000 });
    expect(used()).toBe(before);
    expect(ask(a, "PUT", "/api/v2.0/quotas/2", { body: { hard: { storage: before + 10 } } }).status).toBe(
      200,
    );
    expect(() => a.push("pair/app", "v2", { size: 1000 })).toThrow("will exceed the configured upper limit");
  });
});
