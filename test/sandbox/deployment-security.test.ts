import { describe, expect, it } from "vitest";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { ask, pair, refusal, replicate, row, run, tagsOf, textOf } from "./rig.ts";

const PREVENTS = { prevent_vul: "true", severity: "high" };
const API = "/api/v2.0/projects/pair/repositories/app/artifacts";

function guarded(profile: ProfileName, metadata: Readonly<Record<string, string>>): Sandbox {
  const { a } = pair(profile);
  a.createProject("pair", { metadata });
  a.addScanner();
  return a;
}

/** What HEAD, GET and the API say of a tag or digest. */
function said(sandbox: Sandbox, reference: string): number[] {
  const target = `/v2/pair/app/manifests/${reference}`;
  return [
    ask(sandbox, "HEAD", target).status,
    ask(sandbox, "GET", target).status,
    ask(sandbox, "GET", `${API}/${reference}`).status,
  ];
}

describe("a project that prevents vulnerable images from running", () => {
  it.each<[ProfileName, number]>([
    ["2.1", 200],
    ["2.7", 412],
    ["2.9", 412],
    ["2.14", 412],
  ])("on %s refuses to serve what was not scanned; asked by HEAD it says %i", (profile, head) => {
    const a = guarded(profile, PREVENTS);
    const digest = a.push("pair/app", "v1");
    expect(said(a, "v1")).toEqual([head, 412, 200]);
    expect(said(a, digest)).toEqual([head, 412, 200]);
    expect(said(a, "v2")).toEqual([404, 404, 404]);
    const refused = refusal(ask(a, "GET", "/v2/pair/app/manifests/v1"));
    expect(refused.code).toBe("PROJECTPOLICYVIOLATION");
    expect(refused.message).toMatch(
      /^current image without vulnerability scanning cannot be pulled .*"High"/,
    );
  });

  it("says nothing to a HEAD but the status", () => {
    const a = guarded("2.9", PREVENTS);
    a.push("pair/app", "v1");
    const answer = ask(a, "HEAD", "/v2/pair/app/manifests/v1");
    expect(answer).toMatchObject({ status: 412, text: "" });
    expect(answer.headers["docker-content-digest"]).toBeUndefined();
  });

  it("serves what is less bad than the project says, wherever it was scanned", () => {
    const a = guarded("2.9", PREVENTS);
    a.push("pair/app", "v1", { seed: 1 });
    a.push("elsewhere/app", "v1", { seed: 1 });
    a.scan("elsewhere/app", "v1", "Medium");
    expect(said(a, "v1")).toEqual([200, 200, 200]);
    a.scan("pair/app", "v1", "High");
    expect(said(a, "v1")).toEqual([412, 412, 200]);
    expect(refusal(ask(a, "GET", "/v2/pair/app/manifests/v1")).message).toMatch(/^current image with 1 vuln/);
    a.scan("pair/app", "v1", "clean");
    expect(said(a, "v1")).toEqual([200, 200, 200]);
  });

  it("serves everything where nothing could be scanned", () => {
    const { a } = pair("2.9");
    a.createProject("pair", { metadata: PREVENTS });
    a.push("pair/app", "v1");
    expect(said(a, "v1")).toEqual([200, 200, 200]);
  });

  it("asks of an index only that its images were scanned, and nothing of signatures", () => {
    const a = guarded("2.9", PREVENTS);
    const index = a.pushIndex("pair/app", "all", ["amd64", "arm64"]);
    const signature = a.sign("pair/app", index);
    expect(said(a, signature)).toEqual([200, 200, 200]);
    const references = row(ask(a, "GET", `${API}/all`))["references"] as { child_digest: string }[];
    const [first, second] = references.map((one) => one.child_digest);
    a.scan("pair/app", textOf(first), "Critical");
    expect(said(a, "all")).toEqual([412, 412, 200]);
    a.scan("pair/app", textOf(second), "Critical");
    expect(said(a, "all")).toEqual([200, 200, 200]);
    expect(said(a, textOf(first))).toEqual([412, 412, 200]);
  });
});

describe("a project that wants signatures", () => {
  it("of Notary, asks for that of the tag", () => {
    const a = guarded("2.7", { enable_content_trust: "true" });
    const digest = a.push("pair/app", "v1", { seed: 1 });
    a.push("pair/app", "v2", { seed: 1 });
    expect(said(a, "v1")).toEqual([412, 412, 200]);
    a.signInNotary("pair/app", "v1");
    expect([said(a, "v1"), said(a, "v2"), said(a, digest)]).toEqual([
      [200, 200, 200],
      [412, 412, 200],
      [200, 200, 200],
    ]);
    a.push("pair/app", "v1", { seed: 2 });
    expect(said(a, "v1")).toEqual([412, 412, 200]);
  });

  it.each<[ProfileName, string]>([
    ["2.7", "in Cosign"],
    ["2.9", "by cosign"],
  ])("of cosign on %s, serves those themselves, and what has one", (profile, words) => {
    const a = guarded(profile, { enable_content_trust_cosign: "true" });
    const digest = a.push("pair/app", "v1");
    expect(said(a, "v1")).toEqual([412, 412, 200]);
    expect(refusal(ask(a, "GET", "/v2/pair/app/manifests/v1")).message).toBe(
      `The image is not signed ${words}.`,
    );
    const signature = a.sign("pair/app", digest);
    expect(said(a, "v1")).toEqual([200, 200, 200]);
    expect(said(a, signature)).toEqual([200, 200, 200]);
  });

  it("of notation, is not content with one of cosign", () => {
    const a = guarded("2.9", { enable_content_trust: "true" });
    a.sign("pair/app", a.push("pair/app", "v1"));
    expect(said(a, "v1")).toEqual([412, 412, 200]);
  });

  it("lets in who signs, by a token for pushing and the name of the tool", () => {
    const a = guarded("2.9", { enable_content_trust_cosign: "true" });
    a.push("pair/app", "v1");
    const { token } = row(ask(a, "GET", "/service/token?scope=repository:pair/app:pull,push"));
    const as = (agent: string, authorization: string) =>
      ask(a, "HEAD", "/v2/pair/app/manifests/v1", {
        as: "",
        headers: { authorization, "user-agent": agent },
      });
    expect(as("cosign/v2.0.0", `Bearer ${textOf(token)}`).status).toBe(200);
    expect(as("harbor-registry-client", `Bearer ${textOf(token)}`).status).toBe(412);
    const basic = `Basic ${Buffer.from(`admin:${a.adminPassword}`).toString("base64")}`;
    expect(as("cosign/v2.0.0", basic).status).toBe(412);
  });
});

describe("replication", () => {
  it.each<[ProfileName, string]>([
    ["2.1", "Succeed"],
    ["2.9", "Failed"],
  ])(
    "from %s into such a project brings what is new; what is there and refused ends it %s",
    (profile, end) => {
      const world = pair(profile);
      const { a, b, settle } = world;
      b.createProject("pair", { metadata: PREVENTS });
      b.addScanner();
      const policy = replicate(a, b);
      const first = a.push("pair/app", "v1", { seed: 1 });
      settle();
      expect(tagsOf(b)).toEqual({ v1: first });
      const moved = a.push("pair/app", "v1", { seed: 2 });
      settle();
      expect(tagsOf(b)).toEqual({ v1: profile === "2.1" ? moved : first });
      expect(run(world, a, policy)["status"]).toBe(end);
    },
  );

  it("out of such a project fails", () => {
    const world = pair("2.1");
    const { a, b } = world;
    a.createProject("pair", { metadata: PREVENTS });
    a.addScanner();
    a.push("pair/app", "v1");
    const policy = replicate(a, b);
    expect(run(world, a, policy)["status"]).toBe("Failed");
    expect(tagsOf(b)).toEqual({});
    a.scan("pair/app", "v1", "Low");
    expect(run(world, a, policy)["status"]).toBe("Succeed");
  });
});
