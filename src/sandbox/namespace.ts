import { PeerFailure } from "./peer.ts";

/**
 * Where a repository goes: -1 keeps the last component only, n replaces the first n
 * (goharbor/harbor src/controller/replication/flow/stage.go:192-230). Throws for the whole execution.
 */
export function replaceNamespace(repository: string, namespace: string, count: number): string {
  if (namespace === "") return repository;
  const parts = repository.split("/");
  const last = parts.at(-1) ?? "";
  const before = parts.slice(0, -1);
  if (count > before.length) {
    throw new PeerFailure(
      `the source repository "${repository}" contains only ${before.length} path components ` +
        `[${before.join(" ")}] excepting the last one, but the destination namespace flattening level is ${count}`,
    );
  }
  const kept = count < 0 ? [] : before.slice(count);
  return [namespace, ...kept, last].join("/");
}
