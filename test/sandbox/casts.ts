import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Cast } from "./replay.ts";
import { ask, created } from "./rig.ts";

const URLS = { "2.9": "http://127.0.0.1:8081", "2.7": "http://127.0.0.1:8082", "2.1": "http://127.0.0.1:8083" };

/** Who played in the recordings, and what lay there when they began, as far as it shows in the answers. */
export const CASTS: Readonly<Record<string, Cast>> = {
  "2.9.0": {
    profile: "2.9",
    url: URLS["2.9"],
    peerProfile: "2.7",
    peerUrl: URLS["2.7"],
    before: (self, peer) => {
      self.push("demo/hello", "v1", { seed: 1 });
      self.push("demo/raw", "t1", { seed: 2 });
      self.push("demo/ev", "v2", { seed: 3 });
      self.deleteArtifact("demo/ev", "v2");
      self.push("demo/ev", "v3", { seed: 4 });
      self.deleteArtifact("demo/ev", "v3");
      policy(self, endpoint(self, peer, "b", true), "push-all", "event_based", true);
      policy(self, endpoint(self, peer, "o", false), "a2o", "manual", false);
    },
  },
  "2.7.3": {
    profile: "2.7",
    url: URLS["2.7"],
    peerProfile: "2.9",
    peerUrl: URLS["2.9"],
    before: (self, peer) => {
      self.createProject("rec");
      endpoint(self, peer, "a", true);
    },
  },
  "2.1.6": {
    profile: "2.1",
    url: URLS["2.1"],
    peerProfile: "2.9",
    peerUrl: URLS["2.9"],
    before: (self, peer) => {
      endpoint(self, peer, "a", true);
    },
  },
};

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

function policy(self: Sandbox, endpointId: number, name: string, trigger: string, deletion: boolean): void {
  created(
    ask(self, "POST", "/api/v2.0/replication/policies", {
      body: {
        name,
        dest_registry: { id: endpointId },
        trigger: { type: trigger },
        filters: [{ type: "name", value: "demo/**" }],
        enabled: true,
        override: true,
        deletion,
      },
    }),
  );
}
