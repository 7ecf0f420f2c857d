import type { Given } from "./declare.ts";

export const REGISTRIES = `
registries:
  a: { url: https://a.example.com, username: admin, password: pa }
  b: { url: https://b.example.com, username: admin, password: pb }
  c: { url: https://c.example.com, username: admin, password: pc }`;
export const PAIR = "\ntopologies:\n  - { name: t, kind: dual-master, registries: [a, b] }";

/** One thing wrong: what is written, and `path: message` of all mistakes; places are looked at further down. */
export type Row = readonly [
  what: string,
  text: string,
  mistakes: readonly (string | RegExp)[],
  given?: Given,
];

export function registry(fields: string): string {
  return `\nregistries:\n  a: { url: https://a.example.com, username: admin, password: pa }\n  b: { ${fields} }${PAIR}`;
}

export function pair(fields: string): string {
  return `${REGISTRIES}\ntopologies:\n  - { name: t, kind: dual-master, registries: [a, b], ${fields} }`;
}

export function slave(fields: string): string {
  return `${REGISTRIES}\ntopologies:\n  - { name: t, kind: master-slave, ${fields} }`;
}

export function cluster(fields: string): string {
  const rest = "account: { username: x, password: y }";
  return `${REGISTRIES}${PAIR}\n  - { name: ha, kind: shared-storage, ${fields.includes("account") ? "" : `${rest}, `}${fields} }`;
}

export function settings(fields: string): string {
  return `${REGISTRIES}${PAIR}\nsettings: { ${fields} }`;
}

export const NODES = "nodes: { n1: { url: https://10.0.0.1 }, n2: { url: https://10.0.0.2 } }";
export const OK = "url: https://b.example.com, username: admin, password: pb";
