import { AppError } from "../errors.ts";
import type { Capabilities } from "../observed/model.ts";
import { flowsOf } from "../topology/flows.ts";
import type { Declared, Flow, RegistryName, ReplicatedTopology, Trigger } from "../topology/model.ts";
import { RESCUE_TAG_PATTERN } from "../topology/selection.ts";
import { compileFilters } from "./filters.ts";
import { markOf } from "../topology/mark.ts";
import type { DesiredEndpoint, DesiredNotice, DesiredPolicy, DesiredState } from "./model.ts";
import { endpointName, policyName } from "./names.ts";

/**
 * The endpoints and push policies that each registry of a topology should have. `capabilities` are those of the registries
 * that were read; for others it does not matter, as nothing is planned there.
 */
export function desiredState(
  declared: Declared,
  topology: ReplicatedTopology,
  installation: string,
  capabilities: ReadonlyMap<RegistryName, Capabilities> = new Map(),
): DesiredState {
  const notices: DesiredNotice[] = [];
  const flows = flowsOf(topology);
  const registries = topology.registries.map((name) => {
    const outgoing = flows.filter((flow) => flow.from === name);
    const can = capabilities.get(name);
    const endpoints = outgoing.map((flow) => endpointOf(declared, flow, installation));
    const policies = outgoing.flatMap((flow) => policiesOf(flow, installation, can, notices));
    return [name, { endpoints, policies }] as const;
  });
  return {
    topology: topology.name,
    installation,
    enforceEnabled: topology.enforceEnabled,
    ignoreForeign: topology.ignoreForeign,
    registries: new Map(registries),
    notices,
  };
}

function endpointOf(declared: Declared, flow: Flow, installation: string): DesiredEndpoint {
  const to = declared.registries.get(flow.to);
  if (to === undefined) {
    throw new AppError(
      "BUG",
      `the topology ${flow.topology.name} names the registry ${flow.to}, which is not declared`,
    );
  }
  return {
    name: endpointName(flow.topology.name, flow.to),
    to: flow.to,
    url: to.endpointUrl,
    addresses: [...new Set([to.endpointUrl, to.url])],
    username: to.replicationAccount.username,
    password: to.replicationAccount.password,
    description: markOf(installation),
    insecure: to.insecureSkipVerify,
    caCertificate: to.ca ?? "",
  };
}

function policiesOf(
  flow: Flow,
  installation: string,
  can: Capabilities | undefined,
  notices: DesiredNotice[],
): DesiredPolicy[] {
  const { topology } = flow;
  const tell = (message: string): void => {
    notices.push({ registry: flow.from, subject: policyName(flow), message });
  };
  const excludes = can?.excludingFilters ?? true;
  if (!excludes && topology.content.excludeTags.length > 0) {
    const patterns = [...topology.content.excludeTags, RESCUE_TAG_PATTERN].join(", ");
    tell(
      `Harbor before 2.4 can't leave tags out: it copies ${patterns} as well, and Tidelock only ignores them`,
    );
  }
  if (can?.speed === false && topology.replication.speedKbps > 0) {
    tell("Harbor before 2.4 can't limit the speed of a replication policy");
  }
  const compiled = compileFilters(topology.content, excludes);
  if (compiled.kind === "too-long") {
    tell(`no replication policy: ${compiled.message}`);
    return [];
  }
  return compiled.policies.map((filters, index) => ({
    name: policyName(flow, index + 1),
    to: flow.to,
    description: markOf(installation),
    endpoint: endpointName(topology.name, flow.to),
    trigger: triggerOf(topology.trigger),
    filters,
    deletions: topology.replication.deletions,
    override: topology.replication.override,
    speedKbps: topology.replication.speedKbps,
  }));
}

function triggerOf(trigger: Trigger): DesiredPolicy["trigger"] {
  switch (trigger.kind) {
    case "event":
      return { kind: "event_based", cron: "" };
    case "manual":
      return { kind: "manual", cron: "" };
    case "cron":
      return { kind: "scheduled", cron: trigger.cron };
  }
}
