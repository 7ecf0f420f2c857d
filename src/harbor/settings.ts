import type { HarborSettings } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { components } from "./generated/harbor.ts";
import { HarborError } from "./harbor-error.ts";
import { WireObject } from "./wire-object.ts";

type Configurations = components["schemas"]["Configurations"];

/** What Harbor's administrator set. Undefined without the right, which only administrators have from 2.10 on (seen on 2.14.4). */
export async function readSettings(
  api: Api,
  signal: AbortSignal | undefined,
): Promise<HarborSettings | undefined> {
  try {
    const answer = await api.call("get", "/configurations", { doing: "reading the settings", signal });
    return decode(new WireObject<Configurations>(answer.json(), "configurations"));
  } catch (error) {
    if (error instanceof HarborError && error.code === "HARBOR_FORBIDDEN") return undefined;
    throw error;
  }
}

function decode(wire: WireObject<Configurations>): HarborSettings {
  const forwarded = wire.object("audit_log_forward_endpoint")?.text("value") ?? "";
  const without = wire.object("disabled_audit_log_event_types")?.text("value") ?? "";
  return {
    auditForwardedTo: forwarded,
    auditNotKept: wire.object("skip_audit_log_database")?.flag("value") ?? false,
    auditWithout: without.split(",").flatMap((one) => (one.trim() === "" ? [] : [one.trim()])),
    onlyAdministratorsCreateProjects:
      wire.object("project_creation_restriction")?.text("value") === "adminonly",
  };
}
