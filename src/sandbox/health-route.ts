import type { Core } from "./core.ts";
import { json, legacyJson, type Response } from "./exchange.ts";
import type { PartName } from "./part.ts";
import type { Context, Route } from "./router.ts";

const COMPONENTS = ["core", "database", "jobservice", "portal", "redis", "registry", "registryctl"];

/** Where core asks its neighbours, how often in milliseconds, and how much after the whole period. */
const PROBED: Readonly<Record<PartName, { readonly url: string; readonly laterMs: number }>> = {
  registry: { url: "http://registry:5000/", laterMs: 3000 },
  jobservice: { url: "http://jobservice:8080/api/v1/stats", laterMs: 6000 },
  registryctl: { url: "http://registryctl:8080/api/health", laterMs: 9000 },
};

export const healthRoutes: readonly Route[] = [
  { method: "GET", path: "/health", answer: health, legacy: true },
];

/** Always 200, also when unhealthy; what it says was looked at up to ten seconds ago (seen on 2.9.0). */
function health(context: Context): Response {
  const { core } = context;
  const components = COMPONENTS.map((name) => componentJson(core, name));
  const status = components.every((one) => one.status === "healthy") ? "healthy" : "unhealthy";
  return context.legacy ? legacyJson(200, { components, status }) : json(200, { components, status });
}

interface Component {
  readonly [key: string]: string;
  readonly name: string;
  readonly status: string;
}

function componentJson(core: Core, name: string): Component {
  if (!isPart(name)) return { name, status: "healthy" };
  const { url, laterMs } = PROBED[name];
  const now = core.now() - core.faults.skewMs;
  if (!core.faults.parts[name].seenStopped(now, core.tempo.componentCheckMs, laterMs)) {
    return { name, status: "healthy" };
  }
  const { host } = new URL(url);
  const error = `failed to check health: Get "${url}": dial tcp ${host}: connect: connection refused`;
  return { error, name, status: "unhealthy" };
}

function isPart(name: string): name is PartName {
  return name in PROBED;
}
