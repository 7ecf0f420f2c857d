import type { Registry, Settings, Topology } from "../topology/model.ts";
import type { Complaints } from "./complaints.ts";
import type { Place, SourceFile } from "./source-file.ts";

/** Something declared, with where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly place: Place;
}

/** Everything declared whose shape could be understood; what the rules look at. */
export interface Declaration {
  readonly registries: ReadonlyMap<string, Located<Registry>>;
  /** Also of those whose shape was not understood. */
  readonly registryNames: ReadonlySet<string>;
  readonly topologies: readonly Located<Topology>[];
  /** Whether topologies lack because their shape was not understood. */
  readonly someTopologiesLack: boolean;
  readonly settings: Settings;
  /** For what concerns none of the files in particular. */
  readonly firstFile: SourceFile | undefined;
  readonly placeOfSetting: (key: string) => Place | undefined;
}

/** Looks at everything declared and complains about one kind of thing. */
export type Rule = (declaration: Declaration, complaints: Complaints) => void;
