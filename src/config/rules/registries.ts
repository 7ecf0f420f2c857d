import { inside, whereIs } from "../complaints.ts";
import type { Located, Rule } from "../declaration.ts";
import { isReplicated } from "../../topology/flows.ts";
import type { Registry } from "../../topology/model.ts";
import { isLoopback } from "../../topology/registry-url.ts";

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

export const unusedRegistry: Rule = ({ registries, topologies, someTopologiesLack }, complaints) => {
  if (someTopologiesLack) return;
  const used = new Set(topologies.flatMap(({ value }) => (isReplicated(value) ? value.registries : [])));
  for (const { value, place } of registries.values()) {
    if (!used.has(value.name)) complaints.warn(place, "is in no topology", { onKey: true });
  }
};
