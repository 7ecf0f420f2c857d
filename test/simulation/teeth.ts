import { AppError } from "../../src/errors.ts";
import type { HarborPort } from "../../src/harbor/port.ts";
import type { ReplicationPolicy } from "../../src/observed/model.ts";
import { isHealPolicyName } from "../../src/desired/names.ts";
import { RESCUE_TAG_PREFIX } from "../../src/topology/selection.ts";
import type { Scene } from "../support/scene.ts";
import { ACCOUNTS } from "../support/scene.ts";
import type { Variant } from "./life.ts";

/** A Tidelock that is broken on purpose in one way, and what of the simulation must notice. */
export interface Tooth {
  readonly name: string;
  /** Of the design's section on invariants. */
  readonly invariant: number;
  /** What is wrong with it, for docs/simulation.md. */
  readonly broken: string;
  readonly variant: Variant;
  /** A seed that notices. */
  readonly seed: number;
  /** What it says then. */
  readonly says: RegExp;
}

const bend = (change: (port: HarborPort, scene: Scene) => Partial<HarborPort>): Variant => ({
  bend: (port, scene) => ({ ...port, ...change(port, scene) }),
});

export const TEETH: readonly Tooth[] = [
  {
    name: "keeps nothing",
    invariant: 1,
    broken: "says that what it overwrites stands under a rescue tag, and makes none",
    variant: bend((port) => {
      const claimed = new Map<string, string>();
      return {
        createTag: (repository, digest, tag, signal) => {
          if (!tag.startsWith(RESCUE_TAG_PREFIX)) return port.createTag(repository, digest, tag, signal);
          claimed.set(`${repository}:${tag}`, digest);
          return Promise.resolve(true);
        },
        tagDigest: async (repository, tag, signal) =>
          claimed.get(`${repository}:${tag}`) ?? (await port.tagDigest(repository, tag, signal)),
      };
    }),
    seed: 2,
    says: /overwrote a later push|lost:/,
  },
  {
    name: "takes everybody for a person",
    invariant: 2,
    broken: "reads in the audit log that a person did what retention or replication did",
    variant: bend((port) => ({
      audit: async (query, signal) => (await port.audit(query, signal)).map(asPerson),
      latestAudit: async (limit, signal) => (await port.latestAudit(limit, signal)).map(asPerson),
    })),
    seed: 70,
    says: /deleted what no person had deleted|deleted a later push/,
  },
  {
    name: "sees drift where there is none",
    invariant: 3,
    broken: "reads another speed limit from each replication policy than it has",
    variant: bend((port) => ({
      replicationPolicies: async (signal) =>
        (await port.replicationPolicies(signal)).map((policy) => ({
          ...policy,
          speedKbps: policy.speedKbps + 1,
        })),
    })),
    seed: 1,
    says: /a settled pass wrote something|not settled/,
  },
  {
    name: "leaves its temporary policies",
    invariant: 4,
    broken: "does not remove temporary replication policies",
    variant: bend(() => ({ deleteReplicationPolicy: () => Promise.resolve() })),
    seed: 1,
    says: /left on .*heal/,
  },
  {
    name: "starts nothing",
    invariant: 5,
    broken: "says that an execution was started, and starts none",
    variant: bend((port) => ({
      startExecution: async (policyId, signal) =>
        (await port.executions({ policyId, limit: 1 }, signal))[0]?.id ?? 1,
    })),
    seed: 2,
    says: /not settled within/,
  },
  {
    name: "is blind to a tag",
    invariant: 6,
    broken: "leaves one tag out of every listing, and says in step of the rest",
    variant: bend((port) => ({
      artifactPages: (project, repository, signal) =>
        without("v", port.artifactPages(project, repository, signal)),
    })),
    seed: 1,
    says: /proven in step, but|lost/,
  },
  {
    name: "takes what is not its own",
    invariant: 7,
    broken: "takes every replication policy for a temporary one of its own",
    variant: bend((port) => ({
      replicationPolicies: async (signal) => claimed(await port.replicationPolicies(signal)),
    })),
    seed: 1,
    says: /somebody else's objects changed/,
  },
  {
    name: "looks as docker does",
    invariant: 8,
    broken: "fetches manifests by GET under the name of docker where it should ask for their heads",
    variant: {
      send: (adapter) => (config) => {
        const looks = config.method === "HEAD" && /\/v2\/.*\/manifests\//.test(config.url ?? "");
        if (!looks) return adapter(config);
        config.method = "GET";
        config.headers.set("User-Agent", "docker/27.0");
        return adapter(config);
      },
    },
    seed: 1,
    says: /looking pulled/,
  },
  {
    name: "tells its password",
    invariant: 9,
    broken: "names the password in what it says of a Harbor that does not answer",
    variant: bend((port) => ({
      identify: async (options) => {
        try {
          return await port.identify(options);
        } catch {
          throw new AppError("HARBOR_UNREACHABLE", `logging in as ${ACCOUNTS.tidelock}:Separate12345 failed`);
        }
      },
    })),
    seed: 1,
    says: /a secret was written/,
  },
  {
    name: "gives all up for one",
    invariant: 10,
    broken: "lists nothing from any Harbor while one of them is down",
    variant: bend((port, scene) => ({
      artifactPages: (project, repository, signal) => {
        refuseIfOneIsDown(scene);
        return port.artifactPages(project, repository, signal);
      },
      projects: (signal) => {
        refuseIfOneIsDown(scene);
        return port.projects(signal);
      },
    })),
    seed: 2,
    says: /were well, and were not read|was well, and given up/,
  },
];

function asPerson<Entry extends { readonly username: string }>(entry: Entry): Entry {
  return { ...entry, username: ACCOUNTS.person };
}

async function* without(
  tag: string,
  pages: ReturnType<HarborPort["artifactPages"]>,
): ReturnType<HarborPort["artifactPages"]> {
  for await (const page of pages) {
    const rows = page.rows.map((one) => ({ ...one, tags: one.tags.filter(({ name }) => name !== tag) }));
    yield { ...page, rows };
  }
}

function claimed(policies: readonly ReplicationPolicy[]): ReplicationPolicy[] {
  const own = policies.find(({ name }) => name.startsWith("tidelock.") && !isHealPolicyName(name));
  return policies.map((policy) =>
    own === undefined || policy.name.startsWith("tidelock.")
      ? policy
      : { ...policy, name: `${own.name}.heal-0123456789ab`, description: own.description },
  );
}

function refuseIfOneIsDown(scene: Scene): void {
  const isOneDown = scene.topology.registries.some((name) => scene.sandbox(name).faults.isDown());
  if (isOneDown) throw new AppError("HARBOR_UNREACHABLE", "another one is down");
}
