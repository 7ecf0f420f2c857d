import type { Capabilities, Version } from "../observed/model.ts";

/** The first 2.x minor release with each feature (the table of versions; goharbor/harbor api/v2.0/swagger.yaml of each tag). */
const SINCE: Readonly<Record<keyof Capabilities, number>> = {
  excludingFilters: 4,
  namespaceReplaceCount: 3,
  speed: 4,
  projectArtifacts: 12,
  accessories: 5,
  subjects: 8,
  extendedAudit: 13,
  strictCron: 9,
  endpointCa: 15,
  copyByChunk: 7,
  singleActive: 14,
};

export function capabilitiesOf(version: Version): Capabilities {
  return {
    excludingFilters: has(version, SINCE.excludingFilters),
    namespaceReplaceCount: has(version, SINCE.namespaceReplaceCount),
    speed: has(version, SINCE.speed),
    projectArtifacts: has(version, SINCE.projectArtifacts),
    accessories: has(version, SINCE.accessories),
    subjects: has(version, SINCE.subjects),
    extendedAudit: has(version, SINCE.extendedAudit),
    strictCron: has(version, SINCE.strictCron),
    endpointCa: has(version, SINCE.endpointCa),
    copyByChunk: has(version, SINCE.copyByChunk),
    singleActive: has(version, SINCE.singleActive),
  };
}

/** How a Harbor's API behaves, where only the client cares. */
export interface Dialect {
  /** 2.3: listings can be sorted, and asked for beyond an id. */
  readonly sortedListings: boolean;
  /** 2.2: a project is found by name; before only by id (422 for a name). */
  readonly projectByName: boolean;
  /** 2.3: tag rules are found by a project's name. */
  readonly rulesByName: boolean;
  /** 2.3: an endpoint's ping tells an unreachable peer (500) from refused credentials (400); before both are 400. */
  readonly tellingPing: boolean;
}

export function dialectOf(version: Version): Dialect {
  return {
    sortedListings: has(version, 3),
    projectByName: has(version, 2),
    rulesByName: has(version, 3),
    tellingPing: has(version, 3),
  };
}

function has(version: Version, minor: number): boolean {
  return version.major > 2 || version.minor >= minor;
}
