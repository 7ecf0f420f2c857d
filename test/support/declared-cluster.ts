import type { ClusterNode, ProbeSettings, SharedStorageTopology } from "../../src/topology/model.ts";
import { makeSecret } from "../../src/topology/secret.ts";

/** A cluster as a declaration gives it, without a front. */
export function declaredCluster(
  probe: Partial<ProbeSettings> = {},
  more: Partial<Omit<SharedStorageTopology, "probe" | "kind">> = {},
): SharedStorageTopology {
  const nodes: ClusterNode[] = ["n1", "n2"].map((name) => ({ name, url: `http://${name}.test` }));
  return {
    name: "ha",
    kind: "shared-storage",
    mode: "act",
    account: { username: "admin", password: makeSecret("Harbor12345") },
    nodes,
    insecureSkipVerify: false,
    ...more,
    probe: {
      project: "tidelock-probe",
      small: "0 * * * * *",
      full: "0 0 * * * *",
      rounds: { small: 1, full: 2 },
      visibleWithinMs: 2_000,
      giveUpMs: 12_000,
      ...probe,
    },
  };
}
