import type { PatternSelector, RetentionPolicy, RetentionRule } from "../observed/model.ts";
import type { Api } from "./api.ts";
import type { components } from "./generated/harbor.ts";
import { undefinedIfAbsent } from "./undefined-if-absent.ts";
import { listOf, WireObject } from "./wire-object.ts";

type Schemas = components["schemas"];

/** Its id stands in the metadata of the project. Undefined when there is none of that id. */
export function readRetention(
  api: Api,
  id: number,
  signal: AbortSignal | undefined,
): Promise<RetentionPolicy | undefined> {
  return undefinedIfAbsent(async () => {
    const answer = await api.call("get", "/retentions/{id}", {
      doing: `reading the tag retention policy ${id}`,
      path: { id },
      signal,
    });
    return decodeRetention(new WireObject<Schemas["Retention"]>(answer.json(), "retention"));
  });
}

function decodeRetention(wire: WireObject<Schemas["Retention"]>): RetentionPolicy {
  const settings = wire.object("trigger")?.raw("settings");
  const cron = new WireObject<{ cron: string }>(settings ?? {}, `${wire.path}.trigger.settings`).text("cron");
  return { id: wire.id("id"), scheduled: cron !== "", rules: wire.list("rules").map(decodeRule) };
}

function decodeRule(wire: WireObject<Schemas["TagRule"]>): RetentionRule {
  const scopes = new WireObject<{ repository: unknown }>(
    wire.raw("scope_selectors") ?? {},
    `${wire.path}.scope_selectors`,
  );
  const repositories = listOf<Schemas["Selector"]>(scopes.raw("repository") ?? [], scopes.path);
  return {
    disabled: wire.flag("disabled"),
    template: wire.text("template"),
    amount: amountOf(wire),
    repositories: repositories.map(decodeSelector),
    tags: wire.list("tag_selectors").map(decodeSelector),
  };
}

/** The one parameter of a rule is named after its template. */
function amountOf(wire: WireObject<Schemas["TagRule"]>): number {
  const parameters = wire.raw("params");
  if (typeof parameters !== "object" || parameters === null) return 0;
  const found: unknown = Object.values(parameters).find((value) => typeof value === "number");
  return typeof found === "number" ? found : 0;
}

function decodeSelector(wire: WireObject<Schemas["Selector"]>): PatternSelector {
  return { pattern: wire.text("pattern"), excludes: /excludes$/i.test(wire.text("decoration")) };
}
