import type { Item } from "./state.ts";

/** What one task works on: some artifacts of one repository. */
export interface Resource {
  readonly repository: string;
  readonly operation: "copy" | "deletion" | "tag deletion";
  readonly items: readonly Item[];
  /** Whether the source project is public: a new project at the destination becomes as public. */
  readonly public: boolean;
}

/** As tasks name it: the repository and a count, never a tag (goharbor/harbor src/controller/replication/flow/stage.go:127-152). */
export function resourceText(repository: string, items: readonly Item[]): string {
  const count = items.reduce((sum, item) => sum + Math.max(1, item.tags.length), 0);
  return `${repository} [${count} item(s) in total]`;
}
