import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Document, isMap, isNode, isSeq } from "yaml";
import { AppError } from "../errors.ts";
import type { ReplicatedTopology } from "../topology/model.ts";
import { whyUnreadable } from "./reader.ts";
import { API_VERSION } from "./schema/document.ts";

/** A registry as it is written; its passwords are placeholders of the environment. */
export interface WrittenRegistry {
  readonly name: string;
  readonly url: string;
  readonly username: string;
  readonly endpointUrl: string;
  readonly insecureSkipVerify: boolean;
  readonly replicationUsername?: string;
}

export interface WrittenDeclaration {
  /** Lines before everything. */
  readonly head: readonly string[];
  /** None where they are declared elsewhere. */
  readonly registries: readonly WrittenRegistry[];
  readonly topologies: readonly {
    readonly topology: ReplicatedTopology;
    readonly comments: readonly string[];
  }[];
}

/** A declaration as YAML that `validate` accepts once the variables are set; what is the default is left out. */
export function renderDeclaration({ head, registries, topologies }: WrittenDeclaration): string {
  const document = new Document({
    apiVersion: API_VERSION,
    ...(registries.length === 0
      ? {}
      : { registries: Object.fromEntries(registries.map((one) => [one.name, registryMap(one)])) }),
    ...(topologies.length === 0
      ? {}
      : { topologies: topologies.map(({ topology }) => topologyMap(topology)) }),
  });
  document.commentBefore = commentOf(head);
  const list = isMap(document.contents) ? document.contents.get("topologies") : undefined;
  if (isSeq(list)) {
    for (const [at, item] of list.items.entries()) {
      if (isNode(item)) item.commentBefore = commentOf(topologies[at]?.comments ?? []);
    }
  }
  return document.toString({ lineWidth: 0 });
}

/** What the password of a registry is called in the environment. */
export function passwordVariable(registry: string, account: "own" | "replication" = "own"): string {
  const name = registry.toUpperCase().replaceAll("-", "_");
  return `${/^\d/.test(name) ? "_" : ""}${name}${account === "replication" ? "_REPLICATION" : ""}_PASSWORD`;
}

const FILE = "imported.yaml";

/** Writes the declaration into a folder, which is made where there is none; returns the path. Overwrites only with `force`. */
export async function writeDeclaration(folder: string, text: string, force: boolean): Promise<string> {
  const path = join(folder, FILE);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, text, { flag: force ? "w" : "wx" });
    return path;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST") {
      throw new AppError("FILE_EXISTS", `writing ${path} failed: it is there already`, {
        hint: "move it away, name another folder with --to, or overwrite it with --force",
      });
    }
    throw new AppError("FILE_UNWRITABLE", `writing ${path} failed: ${whyUnreadable(thrown)}`, {
      hint: "name a folder with --to that may be written to",
    });
  }
}

function registryMap(registry: WrittenRegistry): Record<string, unknown> {
  const { name, url, username, endpointUrl, insecureSkipVerify, replicationUsername } = registry;
  const variable = (account: "own" | "replication"): string => `\${${passwordVariable(name, account)}}`;
  return {
    url,
    username,
    password: variable("own"),
    ...(endpointUrl === url ? {} : { endpointUrl }),
    ...(insecureSkipVerify ? { insecureSkipVerify } : {}),
    ...(replicationUsername === undefined
      ? {}
      : { replicationAccount: { username: replicationUsername, password: variable("replication") } }),
  };
}

function topologyMap(topology: ReplicatedTopology): Record<string, unknown> {
  const { name, kind, registries, content, trigger, replication } = topology;
  const [master, ...slaves] = registries;
  const { override, deletions, speedKbps } = replication;
  const all = (patterns: readonly string[]): boolean => patterns.length === 1 && patterns[0] === "**";
  const selection = {
    ...(all(content.projects) ? {} : { projects: content.projects }),
    ...(all(content.repositories) ? {} : { repositories: content.repositories }),
    ...(content.tags === "**" ? {} : { tags: content.tags }),
    ...(content.excludeTags.length === 0 ? {} : { excludeTags: content.excludeTags }),
  };
  const settings = {
    ...(override ? {} : { override }),
    ...(deletions ? { deletions } : {}),
    ...(speedKbps === 0 ? {} : { speedKbps }),
  };
  return {
    name,
    kind,
    ...(kind === "dual-master" ? { registries } : { master, slaves }),
    ...(Object.keys(selection).length === 0 ? {} : { content: selection }),
    ...(trigger.kind === "event" ? {} : { trigger: trigger.kind === "cron" ? trigger.cron : trigger.kind }),
    ...(Object.keys(settings).length === 0 ? {} : { replication: settings }),
  };
}

/** Names in a Harbor may hold anything; in a comment a line must stay a line. */
function commentOf(lines: readonly string[]): string {
  return lines.map((line) => ` ${line.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")}`).join("\n");
}
