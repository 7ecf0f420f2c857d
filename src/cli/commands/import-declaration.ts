import type { App } from "../../compose.ts";
import { passwordVariable, renderDeclaration, writeDeclaration } from "../../config/write-declaration.ts";
import type { FoundTopology, GivenRegistry, ImportNotice } from "../../import/model.ts";
import { recognise, type Recognition } from "../../import/recognise.ts";
import { observeDeclared } from "../../reconcile/adopt.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";

export interface ImportFlags {
  /** Folder to write to; standard output if left out. */
  readonly to?: string;
  readonly force?: boolean;
}

/** Writes what stands in the Harbors as a declaration. Reads only; `registriesDeclared` leaves the registries out of what is written. */
export async function importDeclaration(
  app: App,
  flags: ImportFlags,
  registriesDeclared: boolean,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const given = givenOf(app);
  const observed = await observeDeclared(app, io.signal);
  const found = recognise({ given, observed, declared: app.declared, registriesDeclared });
  const text = textOf(given, found, registriesDeclared);
  const path =
    flags.to === undefined ? undefined : await writeDeclaration(flags.to, text, flags.force === true);
  if (output === "json") io.out(JSON.stringify(jsonOf(found, text, path)));
  else if (path === undefined) io.out(text.trimEnd());
  else {
    io.out(`wrote ${path}: ${found.topologies.length} topologies`);
    found.topologies.forEach((one) => io.out(`  ${one.topology.name}: ${sentenceOf(one)}`));
    found.notices.forEach((notice) => io.out(`  note: ${noticeText(notice)}`));
  }
  for (const registry of observed.values()) {
    if (registry.kind === "unread") io.err(`error: ${registry.error.message}`);
  }
  return [...observed.values()].some(({ kind }) => kind === "unread") ? EXIT.error : EXIT.ok;
}

function givenOf({ declared }: App): GivenRegistry[] {
  return [...declared.registries.values()].map(({ name, url, endpointUrl, account, insecureSkipVerify }) => ({
    name,
    url,
    endpointUrl,
    username: account.username,
    insecureSkipVerify,
  }));
}

function textOf(given: readonly GivenRegistry[], found: Recognition, registriesDeclared: boolean): string {
  const registries = registriesDeclared
    ? []
    : given.map((one) => ({ ...one, ...(found.access.get(one.name) ?? {}) }));
  const variables = registries.flatMap(({ name, replicationUsername }) => [
    passwordVariable(name),
    ...(replicationUsername === undefined ? [] : [passwordVariable(name, "replication")]),
  ]);
  const head = [
    "Written by tidelock import from what stood in the Harbors. Read it, then: tidelock validate; tidelock import --adopt;",
    "tidelock plan. Adopting makes the replication policies named below Tidelock's, instead of others beside them.",
    ...(variables.length === 0 ? [] : [`Set in the environment: ${variables.join(", ")}.`]),
    ...(found.topologies.length === 0 ? ["No topology was recognised."] : []),
    ...(found.notices.length === 0 ? [] : ["", "Not declared here, or not exactly so:"]),
    ...found.notices.map((notice) => `- ${noticeText(notice)}`),
  ];
  const topologies = found.topologies.map((one) => ({
    topology: one.topology,
    comments: [`From ${one.sources.join("; ")}.`],
  }));
  return renderDeclaration({ head, registries, topologies });
}

function noticeText({ registry, name, message }: ImportNotice): string {
  return name === "" ? `${registry}: ${message}` : `${registry}: ${name}: ${message}`;
}

function sentenceOf({ topology: { kind, registries }, sources }: FoundTopology): string {
  return `${kind} of ${registries.join(", ")}, from ${sources.join("; ")}`;
}

function jsonOf(found: Recognition, text: string, path: string | undefined): Record<string, unknown> {
  return {
    written: path ?? null,
    declaration: text,
    topologies: found.topologies.map(({ topology: { name, kind, registries }, sources }) => ({
      name,
      kind,
      registries,
      sources,
    })),
    notices: found.notices,
  };
}
