import { inside, whereIs } from "../complaints.ts";
import type { Located, Rule } from "../declaration.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { Registry } from "../../topology/model.ts";

/** Two registries of one address are one Harbor: replicating between them, or comparing them, is meaningless. */
export const oneRegistryAUrl: Rule = ({ registries }, complaints) => {
  const complain = (key: "url" | "endpointUrl"): void => {
    const seen = new Map<string, Located<Registry>>();
    for (const one of registries.values()) {
      const url = one.value[key];
      const first = seen.get(url);
      if (first === undefined) seen.set(url, one);
      else if (key === "url" || one.value.url !== first.value.url) {
        complaints.mistake(
          inside(one.place, key),
          `leads to the same place as the registry ${first.value.name} (${whereIs(first.place)})`,
        );
      }
    }
  };
  complain("url");
  complain("endpointUrl");
};

/** A password in clear over the network. */
export const plainHttp: Rule = ({ registries }, complaints) => {
  for (const { value, place } of registries.values()) {
    for (const key of ["url", "endpointUrl"] as const) {
      const declared = key === "url" || value.endpointUrl !== value.url;
      if (!declared || !value[key].startsWith("http://") || isLoopback(value[key])) continue;
      complaints.warn(inside(place, key), "is http: passwords cross the network in clear");
    }
  }
};

export const insecureSkipVerify: Rule = ({ registries }, complaints) => {
  for (const { value, place } of registries.values()) {
    if (!value.insecureSkipVerify) continue;
    complaints.warn(inside(place, "insecureSkipVerify"), "lets anybody in between pose as this registry", {
      hint: "give caFile instead",
    });
  }
};

/**
 * In a dual-master every registry is written to by the others. If they use our account, its audit log can't tell our
 * doing from what replication did, and a stale copy of the password locks us out (goharbor/harbor
 * src/core/auth/authenticator.go:151-160).
 */
export const sharedAccount: Rule = ({ registries, topologies }, complaints) => {
  const dual = topologies.flatMap(({ value }) =>
    isReplicated(value) && value.kind === "dual-master" ? value.registries : [],
  );
  for (const name of new Set(dual)) {
    const one = registries.get(name);
    if (one?.value.replicationAccount.username !== one?.value.account.username || one === undefined) continue;
    complaints.warn(one.place, `the others log in to ${name} with the account that Tidelock itself uses`, {
      hint: "give it a replicationAccount of its own, best a robot",
      onKey: true,
    });
  }
};

export const unusedRegistry: Rule = ({ registries, topologies, someTopologiesLack }, complaints) => {
  if (someTopologiesLack) return;
  const used = new Set(topologies.flatMap(({ value }) => (isReplicated(value) ? value.registries : [])));
  for (const { value, place } of registries.values()) {
    if (!used.has(value.name)) complaints.warn(place, "is in no topology", { onKey: true });
  }
};

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
