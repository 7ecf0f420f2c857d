import type { Accessory, Artifact, ArtifactTag, Repository } from "../observed/model.ts";
import type { components } from "./generated/harbor.ts";
import { wrong, type WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];
const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,}$/;

export function decodeRepository(wire: WireObject<Schemas["Repository"]>): Repository {
  return { id: wire.id("id"), name: wire.text("name"), artifactCount: wire.count("artifact_count") };
}

/** `repository` with its project, where the listing is of one; else each row names its own. */
export function decodeArtifact(wire: WireObject<Schemas["Artifact"]>, repository?: string): Artifact {
  const name = repository ?? wire.text("repository_name");
  if (name === "") throw wrong(`${wire.path}.repository_name`, "a name");
  return {
    id: wire.id("id"),
    digest: digestOf(wire.text("digest"), wire.path),
    repository: name,
    mediaType: wire.text("manifest_media_type"),
    size: wire.count("size"),
    pushedAt: wire.instant("push_time") ?? 0,
    tags: wire.list("tags").map(decodeTag),
    accessories: wire.list("accessories").map(decodeAccessory),
  };
}

function decodeAccessory(wire: WireObject<Schemas["Accessory"]>): Accessory {
  return {
    digest: digestOf(wire.text("digest"), wire.path),
    type: wire.text("type"),
    attachedAt: wire.instant("creation_time") ?? 0,
  };
}

function decodeTag(wire: WireObject<Schemas["Tag"]>): ArtifactTag {
  const name = wire.text("name");
  if (name === "") throw wrong(`${wire.path}.name`, "a name");
  return { name, pushedAt: wire.instant("push_time") ?? 0, immutable: wire.flag("immutable") };
}

function digestOf(text: string, path: string): string {
  if (!DIGEST.test(text)) throw wrong(`${path}.digest`, "a digest");
  return text;
}
