import type { AppError } from "../errors.ts";
import type { Identity } from "../observed/model.ts";
import type { Registry } from "../topology/model.ts";
import { isLoopback } from "../topology/registry-url.ts";
import type { Check } from "./model.ts";

/** What the first answers of a registry say, once it let us in. */
export function checkConnection(registry: Registry, identity: Identity): Check[] {
  return [
    {
      registry: registry.name,
      subject: "connection",
      state: "ok",
      text: `Harbor ${identity.version.text}, as ${identity.username} (${kindOf(identity)})`,
    },
    checkTransport(registry),
    identity.readOnly
      ? {
          registry: registry.name,
          subject: "writable",
          state: "fault",
          text: "it is read-only: nothing can be copied to it or changed in it",
          hint: "switch read-only mode off, when the reason for it is over",
        }
      : { registry: registry.name, subject: "writable", state: "ok", text: "not read-only" },
  ];
}

/** Why a registry did not let us in. */
export function checkRefused(registry: Registry, account: string, error: AppError): Check[] {
  const about = { registry: registry.name, account };
  return [
    {
      ...about,
      subject: "connection",
      state: "fault",
      text: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    },
    { ...about, subject: "rights", state: "not-tried", text: "not tried: the registry did not let us in" },
  ];
}

function checkTransport(registry: Registry): Check {
  return checkUrl(registry.name, registry);
}

/** How safe the way to an address is. */
export function checkUrl(
  registry: string,
  { url, ca, insecureSkipVerify }: Pick<Registry, "url" | "ca" | "insecureSkipVerify">,
): Check {
  const about = { registry, subject: "transport" };
  if (url.startsWith("http:") && isLoopback(url)) {
    return { ...about, state: "ok", text: "plain http, which stays inside this machine" };
  }
  if (url.startsWith("http:")) {
    return {
      ...about,
      state: "warning",
      text: "plain http: passwords cross the network in clear",
      hint: "give Harbor a certificate and write https in url",
    };
  }
  if (insecureSkipVerify) {
    return {
      ...about,
      state: "warning",
      text: "the certificate is not looked at",
      hint: "name the certificate of its authority in caFile, and leave insecureSkipVerify out",
    };
  }
  const trusted = ca === undefined ? "a public authority" : "the authority in caFile";
  return { ...about, state: "ok", text: `https, trusted by ${trusted}` };
}

function kindOf({ administrator, robot }: Identity): string {
  return administrator ? "an administrator" : robot ? "a robot" : "a user without administration";
}
