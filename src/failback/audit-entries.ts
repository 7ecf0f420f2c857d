import type { AuditEntry } from "../observed/model.ts";
import type { AuditFact } from "./audit-fact.ts";

/** A reference with a digest, which ≤ 2.10 joins with a colon and ≥ 2.11 with an at sign (goharbor/harbor src/controller/event/topic.go). */
const BY_DIGEST = /^(?<repository>[^@]+?)[:@](?<digest>sha256:[0-9a-f]{64})$/;
const BY_TAG = /^(?<repository>[^:@]+):(?<tag>\w[\w.-]*)$/;
/** Since 2.13 a push says what it pushed, also where the resource names the tag. */
const PUSHED = /@(?<digest>sha256:[0-9a-f]{64})$/;

/** What entries of an audit log say about content, whatever release wrote them. Everything else is left out: pulls, logins, robots, settings. */
export function factsOf(entries: readonly AuditEntry[]): AuditFact[] {
  return entries.flatMap((entry) => {
    const fact = factOf(entry);
    return fact === undefined ? [] : [fact];
  });
}

type Said = Pick<AuditFact, "act" | "repository" | "tag" | "digest">;

function factOf(entry: AuditEntry): AuditFact | undefined {
  const said = saidBy(entry);
  if (said === undefined) return undefined;
  return { id: entry.id, at: entry.at, ...said, username: entry.username };
}

function saidBy({ operation, resourceType, resource, description }: AuditEntry): Said | undefined {
  switch (`${operation} ${resourceType}`) {
    case "create artifact":
      return pushOf(resource, description);
    case "delete artifact":
      return onReference("delete-artifact", resource);
    case "create tag":
      return onReference("create-tag", resource);
    case "delete tag":
      return onReference("delete-tag", resource);
    case "delete repository":
      return resource === "" ? undefined : { act: "delete-repository", repository: resource };
    case "create project":
      return resource === "" ? undefined : { act: "create-project", repository: resource };
    case "delete project":
      return resource === "" ? undefined : { act: "delete-project", repository: resource };
    default:
      return undefined;
  }
}

function pushOf(resource: string, description: string): Said | undefined {
  const said = onReference("push", resource);
  const digest = said?.digest ?? PUSHED.exec(description)?.groups?.["digest"];
  return said === undefined || digest === undefined ? said : { ...said, digest };
}

function onReference(act: AuditFact["act"], resource: string): Said | undefined {
  const exact = BY_DIGEST.exec(resource)?.groups;
  if (exact !== undefined) {
    return { act, repository: exact["repository"] ?? "", digest: exact["digest"] ?? "" };
  }
  const named = BY_TAG.exec(resource)?.groups;
  return named === undefined
    ? undefined
    : { act, repository: named["repository"] ?? "", tag: named["tag"] ?? "" };
}
