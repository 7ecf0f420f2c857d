/** Something happened to content; told to whoever listens after the answer was sent. */
export interface ContentEvent {
  readonly kind:
    | "push"
    | "pull"
    | "create-tag"
    | "delete-tag"
    | "delete-artifact"
    | "delete-repository"
    | "create-project"
    | "delete-project";
  readonly projectId: number;
  readonly project: string;
  /** With the project; empty for events of projects. */
  readonly repository: string;
  readonly digest: string;
  /** The tag of a push, the tags of a deleted artifact. */
  readonly tags: readonly string[];
  readonly labels: readonly string[];
  readonly operator: string;
}
