import type { Instant } from "../clock.ts";

/** What an audit log says was done to content, once the entries about everything else are left out. */
export interface AuditFact {
  /** Of the entry, ascending in one registry. */
  readonly id: number;
  /** By that registry's clock. */
  readonly at: Instant;
  readonly act:
    | "push"
    | "create-tag"
    | "delete-tag"
    | "delete-artifact"
    | "delete-repository"
    | "create-project"
    | "delete-project";
  /** With the project; of a project the name alone. */
  readonly repository: string;
  /** Of pushes by tag, and of what was done to a tag. A deletion of an artifact names none. */
  readonly tag?: string;
  /** Since 2.13 also of pushes by tag; before, only of pushes and deletions by digest. */
  readonly digest?: string;
  readonly username: string;
}
