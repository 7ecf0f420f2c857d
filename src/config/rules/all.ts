import type { Rule } from "../declaration.ts";
import { sharedAccount } from "./accounts.ts";
import { deletionsOnce, fullRuns, healthOrder, preferredIsMember } from "./choices.ts";
import { noClusterWithItself, nodesDiffer, openClusters, patience, probesStayInside } from "./clusters.ts";
import { filtersFit, nothingLeft, oneWriter } from "./content.ts";
import {
  enoughMembers,
  knownRegistries,
  membersOnce,
  somethingDeclared,
  someTopology,
  topologyNamesOnce,
} from "./members.ts";
import { insecureSkipVerify, oneRegistryAUrl, plainHttp, unusedRegistry } from "./registries.ts";

/** Everything that is looked at beyond the shape of a file. */
export const RULES: readonly Rule[] = [
  somethingDeclared,
  someTopology,
  topologyNamesOnce,
  knownRegistries,
  membersOnce,
  enoughMembers,
  nodesDiffer,
  noClusterWithItself,
  probesStayInside,
  patience,
  openClusters,
  oneRegistryAUrl,
  oneWriter,
  filtersFit,
  nothingLeft,
  deletionsOnce,
  preferredIsMember,
  healthOrder,
  fullRuns,
  plainHttp,
  insecureSkipVerify,
  sharedAccount,
  unusedRegistry,
];
