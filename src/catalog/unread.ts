import type { AppError } from "../errors.ts";
import type { RegistryName } from "../topology/model.ts";

/** Something that could not be read. From it nothing follows, least of all that it is absent. */
export interface Unread {
  readonly registry: RegistryName;
  /** A repository, `project/**`, or `**` for everything. */
  readonly subject: string;
  readonly error: AppError;
}
