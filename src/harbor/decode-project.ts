import type { ImmutableRule, Project, Quota } from "../observed/model.ts";
import type { components } from "./generated/harbor.ts";
import { listOf, WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];

/** Yes and no are texts in a project's metadata. */
export function decodeProject(wire: WireObject<Schemas["Project"]>): Project {
  const retention = Number(wire.object("metadata")?.text("retention_id") ?? "");
  return {
    id: wire.id("project_id"),
    name: wire.text("name"),
    public: wire.object("metadata")?.text("public") === "true",
    proxyEndpointId: wire.count("registry_id"),
    repositoryCount: wire.count("repo_count"),
    createdAt: wire.instant("creation_time") ?? 0,
    ...(retention > 0 ? { retentionId: retention } : {}),
  };
}

export function decodeImmutableRule(wire: WireObject<Schemas["TagRule"]>): ImmutableRule {
  const [tag] = wire.list("tag_selectors");
  const repository = repositorySelector(wire);
  return {
    id: wire.id("id"),
    disabled: wire.flag("disabled"),
    repositoryPattern: repository?.text("pattern") ?? "**",
    repositoryExcludes: repository?.text("decoration") === "repoExcludes",
    tagPattern: tag?.text("pattern") ?? "**",
    tagExcludes: tag?.text("decoration") === "excludes",
  };
}

function repositorySelector(
  wire: WireObject<Schemas["TagRule"]>,
): WireObject<Schemas["Selector"]> | undefined {
  if (!wire.has("scope_selectors")) return undefined;
  const scopes = new WireObject<{ repository: unknown }>(
    wire.raw("scope_selectors"),
    `${wire.path}.scope_selectors`,
  );
  return listOf<Schemas["Selector"]>(scopes.raw("repository") ?? [], `${scopes.path}.repository`)[0];
}

/** Unlimited where Harbor says nothing. */
export function decodeQuota(wire: WireObject<Schemas["Quota"]>): Quota {
  const part = (key: "ref" | "hard" | "used"): WireObject<{ id: number; storage: number }> =>
    new WireObject<{ id: number; storage: number }>(wire.raw(key) ?? {}, `${wire.path}.${key}`);
  const hard = part("hard");
  return {
    projectId: part("ref").count("id"),
    limitBytes: hard.has("storage") ? hard.count("storage") : -1,
    usedBytes: part("used").count("storage"),
  };
}
