import type { ObservedState } from "../observed/state.ts";
import { makeSecret } from "../topology/secret.ts";
import type { Registry } from "../topology/model.ts";
import { normalUrl } from "../topology/registry-url.ts";
import type { FoundAccess, GivenRegistry } from "./model.ts";

/**
 * How the other Harbors log in to a registry today, from their endpoints that lead there; where they do not agree, as most of them do.
 * Endpoints that replication policies use count before others.
 */
export function accessFound(given: GivenRegistry, observed: ObservedState): FoundAccess {
  const leading = [...observed].flatMap(([name, found]) => {
    if (found.kind === "unread" || name === given.name) return [];
    const used = new Set(found.policies.map(({ targetEndpointId }) => targetEndpointId));
    const there = found.endpoints.filter(({ url, type }) => {
      const address = normalUrl(url) ?? url;
      return type === "harbor" && (address === given.endpointUrl || address === given.url);
    });
    const inUse = there.filter(({ id }) => used.has(id));
    return inUse.length > 0 ? inUse : there;
  });
  const username = mostFrequent(leading.map((endpoint) => endpoint.username).filter((one) => one !== ""));
  return {
    insecureSkipVerify: given.insecureSkipVerify || leading.some(({ insecure }) => insecure),
    ...(username === undefined || username === given.username ? {} : { replicationUsername: username }),
  };
}

/** The registry as it would be declared; its passwords are not known, and not needed to compare. */
export function registryAs(given: GivenRegistry, access: FoundAccess): Registry {
  const { name, url, endpointUrl, username } = given;
  const password = makeSecret("");
  const replicationAccount = { username: access.replicationUsername ?? username, password };
  const { insecureSkipVerify } = access;
  return { name, url, endpointUrl, insecureSkipVerify, account: { username, password }, replicationAccount };
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const count = (text: string): number => texts.filter((one) => one === text).length;
  return texts.toSorted((a, b) => count(b) - count(a))[0];
}
