import { artifactRoutes } from "./artifact-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { configurationRoutes } from "./configuration-routes.ts";
import { endpointRoutes } from "./endpoint-routes.ts";
import { executionRoutes } from "./execution-routes.ts";
import { healthRoutes } from "./health-route.ts";
import { immutableRoutes } from "./immutable-routes.ts";
import { labelRoutes } from "./label-routes.ts";
import { policyRoutes } from "./policy-routes.ts";
import { projectRoutes } from "./project-routes.ts";
import { quotaRoutes } from "./quota-routes.ts";
import { retentionRoutes } from "./retention-routes.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import { robotRoutes } from "./robot-routes.ts";
import type { Route } from "./router.ts";
import { systemRoutes } from "./system-routes.ts";
import { tagRoutes } from "./tag-routes.ts";

/** Everything below `/api/v2.0`; where two fit, the first one counts. */
export function apiRoutes(): readonly Route[] {
  return [
    ...systemRoutes,
    ...healthRoutes,
    ...labelRoutes,
    ...configurationRoutes,
    ...projectRoutes,
    ...repositoryRoutes,
    ...artifactRoutes,
    ...tagRoutes,
    ...immutableRoutes,
    ...quotaRoutes,
    ...retentionRoutes,
    ...endpointRoutes,
    ...policyRoutes,
    ...executionRoutes,
    ...auditRoutes,
    ...robotRoutes,
  ];
}
