import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Cast } from "./replay.ts";
import { ask, created, type Row } from "./rig.ts";

const URLS = {
  "2.9": "http://127.0.0.1:8081",
  "2.7": "http://127.0.0.1:8082",
  "2.1": "http://127.0.0.1:8083",
};

/** The images that several of the recordings share, by the digests that they had there. */
const FIRST = "sha256:6db9c96c0f0066aa0120008ec0db34454ff4a1c399038ef51fb0e2e2a40075b7";
const NINTH = "sha256:0ea4c788f47f12c1aa44d8c2b7320565198cc57944556e26dd13d4f77d27de03";
const DEEP = "sha256:491b49c8db960785579eb82f2d14b12b327b94cb78326516954195b45a517491";
const size = 34;

/** Who played in the recordings, and what lay there when they began, as far as it shows in the answers. */
export const CASTS: Readonly<Record<string, Cast>> = {
  "2.9.0": {
    profile: "2.9",
    url: URLS["2.9"],
    peerProfile: "2.7",
    peerUrl: URLS["2.7"],
    third: { profile: "2.1", url: URLS["2.1"] },
    before: (self, peer, third) => {
      self.push("demo/hello", "v1", { seed: 1 });
      self.push("demo/ev", "v2", { seed: 3 });
      self.deleteArtifact("demo/ev", "v2");
      self.push("demo/ev", "v3", { seed: 3 });
      self.deleteArtifact("demo/ev", "v3");
      self.push("demo/raw", "t1", { seed: 2 });
      policy(self, "push-all", {
        dest_registry: { id: endpoint(self, peer, "b", true) },
        trigger: { type: "event_based" },
        deletion: true,
      });
      policy(self, "a2o", {
        dest_registry: { id: endpoint(self, third, "o", false) },
        trigger: { type: "manual" },
      });
    },
  },
  "2.7.3": {
    profile: "2.7",
    url: URLS["2.7"],
    peerProfile: "2.9",
    peerUrl: URLS["2.9"],
    third: { profile: "2.1", url: URLS["2.1"] },
    before: (self, peer) => {
      self.createProject("ha", { public: true });
      self.createProject("pc", { public: true, proxyOf: 1 });
      self.push("frompull/hello", "v1", { seed: 1 });
      self.push("demo/hello", "v1", { seed: 1 });
      self.push("demo/ev", "v2", { seed: 3 });
      self.push("demo/ev", "v3", { seed: 3 });
      self.deleteArtifact("demo/ev", "v2");
      for (let again = 0; again < 3; again++) self.push("ha/x", "v1", { seed: 4 });
      self.push("demo/raw", "t1", { seed: 2 });
      self.push("pc/demo/hello", "v1", { seed: 1, as: "harbor#proxy-cache-service" });
      self.push("rec/app", "v9", { seed: NINTH, size });
      self.push("rec/team/deep/app", "v2", { seed: DEEP, size });
      self.push("rec/app", "v1", { seed: FIRST, size });
      self.runRetention("pc", 10);
      pulling(self, peer, "pull-all");
      leftovers(peer);
    },
  },
  "2.1.6": {
    profile: "2.1",
    url: URLS["2.1"],
    peerProfile: "2.9",
    peerUrl: URLS["2.9"],
    third: { profile: "2.7", url: URLS["2.7"] },
    before: (self, peer) => {
      self.push("library/x", "v1", { seed: 5 });
      self.push("demo/raw", "t1", { seed: 2 });
      self.push("demo/hello", "v1", { seed: 1 });
      const as = "harbor-jobservice";
      self.push("frompull/raw", "t1", { seed: 2, as });
      self.push("frompull/hello", "v1", { seed: 1, as });
      pulling(self, peer, "pull");
      leftovers(peer);
    },
  },
};

/** What the recording of 2.9.0 had left there when the others were made. */
function leftovers(peer: Sandbox): void {
  peer.push("rec/app", "v1", { seed: FIRST, size });
  peer.push("rec/app", "v9", { seed: NINTH, size });
  peer.push("rec/app", "rel-1", { seed: 6 });
  peer.push("rec/team/deep/app", "v2", { seed: DEEP, size });
  peer.pushIndex("rec/multi", "all", ["amd64", "arm64"], { seed: 7 });
}

function pulling(self: Sandbox, peer: Sandbox, name: string): void {
  policy(self, name, {
    src_registry: { id: endpoint(self, peer, "a", true) },
    trigger: { type: "manual" },
    dest_namespace: "frompull",
  });
}

function endpoint(self: Sandbox, peer: Sandbox, name: string, insecure: boolean): number {
  return created(
    ask(self, "POST", "/api/v2.0/registries", {
      body: {
        name,
        type: "harbor",
        url: peer.url,
        credential: { type: "basic", access_key: "admin", access_secret: peer.adminPassword },
        insecure,
      },
    }),
  );
}

function policy(self: Sandbox, name: string, rest: Row): void {
  created(
    ask(self, "POST", "/api/v2.0/replication/policies", {
      body: { name, filters: [{ type: "name", value: "demo/**" }], enabled: true, override: true, ...rest },
    }),
  );
}
