import { at, type Finding } from "../finding.ts";
import { isValues, mapAt, textAt, type HarborFile } from "../harbor-file.ts";
import type { Rule } from "./rule.ts";

const LOOPBACK = /^(?:localhost(?:\.localdomain)?|127(?:\.\d+){1,3}|0\.0\.0\.0|0|\[?::1?\]?)$/i;
/** What the template says (goharbor/harbor make/harbor.yml.tmpl). */
const TEMPLATE_HOST = "reg.mydomain.com";
const TEMPLATE_CERTIFICATE = /^\/your\//;

/** The name under which clients reach the node: tokens, redirects and upload addresses are made of it. */
export const hostname: Rule = (file) => {
  const name = textAt(file.values, "hostname");
  if (name === undefined) return [];
  if (name.toLowerCase() === TEMPLATE_HOST) {
    const sentence = `is still ${TEMPLATE_HOST}, the name in Harbor's template; the installer refuses it`;
    return [at(file, ["hostname"], { code: "hostname-loopback", sentence, advice: OWN_NAME })];
  }
  if (LOOPBACK.test(name)) {
    const sentence = `is ${name}: a client, and the other nodes, would talk to themselves`;
    return [at(file, ["hostname"], { code: "hostname-loopback", sentence, advice: OWN_NAME })];
  }
  if (!/[/\s]|^[^:]*:\d*$/.test(name)) return [];
  const sentence = "is no bare name or address; the installer puts a scheme and a port to it";
  const advice =
    "write the name alone, without https://, a port or a path; ports belong below http and https";
  return [at(file, ["hostname"], { code: "hostname-form", sentence, advice })];
};

/**
 * Without `external_url` a node tells clients to fetch tokens and to upload under its own hostname (goharbor/harbor
 * make/photon/prepare/utils/configs.py, `public_url`), so nodes of different names send them around the front.
 */
export function oneFront(files: readonly HarborFile[]): Finding[] {
  const named = files.filter((file) => isNamed(file) && hostname(file).length === 0);
  const names = new Set(named.map(({ values }) => textAt(values, "hostname")?.toLowerCase()));
  if (names.size < 2) return [];
  return named
    .filter(({ values }) => textAt(values, "external_url") === undefined)
    .map((file) => at(file, ["hostname"], PAST_THE_FRONT));
}

function isNamed({ values }: HarborFile): boolean {
  return textAt(values, "hostname") !== undefined;
}

const PAST_THE_FRONT = {
  code: "external-url-missing",
  sentence:
    "differs between the nodes, and there is no external_url: this node sends clients to itself for tokens and uploads, past the front",
  advice: "write external_url on every node, with the address of the front",
} as const;

const OWN_NAME = "write the name or address by which clients and the front reach this node";

/** Whether the node has https, with a certificate of its own. */
export const https: Rule = (file) => {
  const section = file.values["https"];
  if (isValues(section) && Object.keys(section).length > 0) return placeholders(file);
  if (section !== undefined && section !== null) return [];
  const external = textAt(file.values, "external_url");
  if (external?.startsWith("https://") === true) {
    const sentence = "is not there: https ends at the front, and passwords go on to the node in the clear";
    const advice = "give the nodes certificates too, or keep the way between front and nodes private";
    return [at(file, ["https"], { code: "http-behind-front", sentence, advice })];
  }
  const sentence = "is not there: passwords and images travel in the clear, and clients refuse plain http";
  const advice = "write https with port, certificate and private_key";
  return [at(file, ["https"], { code: "https-missing", sentence, advice })];
};

function placeholders(file: HarborFile): ReturnType<Rule> {
  const section = mapAt(file.values, "https");
  return ["certificate", "private_key"]
    .filter((key) => TEMPLATE_CERTIFICATE.test(textAt(section, key) ?? ""))
    .map((key) =>
      at(file, ["https", key], {
        code: "placeholder",
        sentence: "is still the path in Harbor's template",
        advice: "write where the file lies on this machine",
      }),
    );
}
