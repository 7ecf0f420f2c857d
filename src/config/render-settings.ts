import type { Account, Declared } from "../topology/model.ts";
import type { InForce } from "./settings.ts";

/** What is in force, one line a value, for people; passwords are masked wherever they could stand. */
export function renderInForce(inForce: InForce, declared?: Declared): string[] {
  const { origins, probe, health, load, proxy } = inForce;
  const line = (key: string, value: string | number): string => {
    const origin = origins[key];
    return `${key} = ${withoutPassword(String(value))}${origin === undefined ? "" : ` (${origin})`}`;
  };
  return [
    line("policies", inForce.policies),
    line("store", inForce.store),
    line("output", inForce.output),
    line("logLevel", inForce.logLevel),
    line("color", inForce.color),
    line("schedule", inForce.schedule),
    line("readOnly", String(inForce.readOnly)),
    ...Object.entries(probe).map(([key, value]) => line(`probe.${key}`, value)),
    ...Object.entries(health).map(([key, value]) => line(`health.${key}`, value)),
    ...Object.entries(load).map(([key, value]) => line(`load.${key}`, value)),
    ...Object.entries(proxy).map(([key, value]) => line(`proxy.${key}`, value)),
    ...(declared === undefined ? [] : renderRegistries(declared)),
  ];
}

function renderRegistries({ registries }: Declared): string[] {
  return [...registries.values()].flatMap((one) => [
    `registries.${one.name}.url = ${one.url}`,
    `registries.${one.name}.account = ${renderAccount(one.account)}`,
    `registries.${one.name}.endpointUrl = ${one.endpointUrl}`,
    `registries.${one.name}.replicationAccount = ${renderAccount(one.replicationAccount)}`,
  ]);
}

function renderAccount({ username, password }: Account): string {
  return `${username} ${password.toString()}`;
}

/** Masks the password of an address, and one given as a parameter. */
function withoutPassword(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*):.*@/i, "$1:[secret]@")
    .replace(/([?&](?:password|pass|token)=)[^&]*/gi, "$1[secret]");
}
