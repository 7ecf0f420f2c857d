import { confirmTag } from "../../catalog/confirm.ts";
import type { App } from "../../compose.ts";
import { AppError } from "../../errors.ts";
import { decidable } from "../../failback/decidable.ts";
import type { Choice, Decision } from "../../failback/decision.ts";
import type { SideReading } from "../../parity/model.ts";
import { pairsOf, type Pair } from "../../topology/flows.ts";
import type { RegistryName, ReplicatedTopology } from "../../topology/model.ts";
import { selects } from "../../topology/selection.ts";
import { EXIT } from "../exit-codes.ts";
import type { CliIo, GlobalFlags } from "../io.ts";
import { decisionJson, decisionLine } from "../render/decision.ts";
import { acceptRewind, lastFindings } from "./accept-rewind.ts";
import { kept } from "./kept.ts";
import { chosenTopologies } from "./passes.ts";
import { tellStore } from "./tell-store.ts";

export interface ResolveFlags {
  /** `LEFT,RIGHT`: which pair, where the topology has several. */
  readonly between?: string;
  /** Takes a decision back. */
  readonly forget?: boolean;
}

/** What `resolve` was asked: a topology, `project/repository:tag` or a registry, and a choice. */
export interface Asked {
  readonly topology: string;
  readonly subject: string;
  readonly choice: Choice | "accept-rewind" | undefined;
}

/** Remembers what a person decided about one tag as it stands on both sides right now. Nothing is written to any Harbor; the next healing acts on it. */
export async function resolve(
  app: App,
  { topology: name, subject, choice }: Asked,
  flags: ResolveFlags,
  io: CliIo,
  global: GlobalFlags,
): Promise<number> {
  const [topology] = chosenTopologies(app, [name]);
  if (topology === undefined) throw new AppError("BUG", `the topology ${name} is gone`);
  await tellStore(app, [name], io);
  if (choice === "accept-rewind") return acceptRewind(app, topology, subject, io, global);
  const about = { pair: pairOf(topology, flags.between), ...tagOf(topology, subject) };
  if (flags.forget === true) return forget(app, about, io, global);
  if (choice === undefined) {
    throw new AppError("USAGE", `what is to become of ${subject} was not said`, {
      hint: "end with keep-left, keep-right, keep-both or accept-deletion; or --forget to take a decision back",
    });
  }
  return decideNow(app, about, choice, io, global);
}

interface About {
  readonly pair: Pair;
  readonly repository: string;
  readonly tag: string;
}

async function decideNow(
  app: App,
  { pair, repository, tag }: About,
  choice: Choice,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const { topology, left, right } = pair;
  await refuseRewound(app, pair, repository, tag);
  const readings = await Promise.all(
    [left, right].map((name) => readingOf(app, name, repository, tag, io.signal)),
  );
  const [leftReading = UNREAD, rightReading = UNREAD] = readings;
  const answer = decidable({
    kind: topology.kind,
    left,
    right,
    choice,
    leftReading,
    rightReading,
    regressed: await isRegressed(app, pair, `${repository}:${tag}`),
  });
  if (answer.kind === "refused") {
    const message = `deciding ${choice} about ${repository}:${tag} of ${left} | ${right} failed: ${answer.why}`;
    throw new AppError("UNDECIDABLE", message, { hint: answer.hint });
  }
  const decision: Decision = {
    topology: topology.name,
    left,
    right,
    repository,
    tag,
    choice,
    at: app.clock.now(),
    ...(leftReading.kind === "present" ? { leftDigest: leftReading.digest } : {}),
    ...(rightReading.kind === "present" ? { rightDigest: rightReading.digest } : {}),
  };
  await kept(app.store, `deciding about ${repository}:${tag}`, () => app.store.decisions.put(decision));
  const { place } = app.store;
  if (output === "json")
    io.out(JSON.stringify({ decision: decisionJson(decision), then: answer.then, store: place }));
  else tellDecided(decision, answer.then, topology, io);
  return EXIT.ok;
}

function tellDecided(decision: Decision, then: string, { name, mode }: ReplicatedTopology, io: CliIo): void {
  io.out(`${name}: decided: ${decisionLine(decision)}`);
  io.out(`  then: ${then}; with the next pass, or at once by tidelock heal --only ${name}`);
  io.out("  it holds until either side moves the tag");
  if (mode === "observe") io.out(`  ${name} only observes: nothing is written before its mode is act`);
}

/** Nothing is done where a side came back older than it was seen, so a decision would have no effect. */
async function refuseRewound(
  app: App,
  { topology, left, right }: Pair,
  repository: string,
  tag: string,
): Promise<void> {
  const rewound = (
    await Promise.all([left, right].map((registry) => app.store.memory.rewinds(registry)))
  ).flat();
  const found = rewound.find(({ project }) => project === "" || repository.startsWith(`${project}/`));
  if (found === undefined) return;
  const message = `deciding about ${repository}:${tag} of ${left} | ${right} failed: ${found.registry} came back older than it was seen`;
  throw new AppError("UNDECIDABLE", message, {
    hint: `accept it first: tidelock resolve ${topology.name} ${found.registry} accept-rewind`,
  });
}

const UNREAD: SideReading = { kind: "unread" };

/** Who does not answer at all says why by itself. */
async function readingOf(
  app: App,
  name: RegistryName,
  repository: string,
  tag: string,
  signal: AbortSignal,
): Promise<SideReading> {
  const port = app.portOf(name);
  await port.identify({ again: true, signal });
  return confirmTag(port, repository, tag, signal);
}

async function isRegressed(app: App, { topology, left, right }: Pair, subject: string): Promise<boolean> {
  const findings = await lastFindings(app, topology.name);
  return findings.some(
    (one) => one.kind === "regressed" && one.subject === subject && one.pair.join() === [left, right].join(),
  );
}

async function forget(
  { store }: App,
  { pair, repository, tag }: About,
  io: CliIo,
  { output }: GlobalFlags,
): Promise<number> {
  const { topology, left, right } = pair;
  const all = await store.decisions.of(topology.name);
  const found = all.find(
    (one) => one.left === left && one.right === right && one.repository === repository && one.tag === tag,
  );
  if (found !== undefined) {
    await kept(store, `taking back what was decided about ${repository}:${tag}`, () =>
      store.decisions.forget(found),
    );
  }
  if (output === "json") {
    const forgotten = found === undefined ? null : decisionJson(found);
    io.out(JSON.stringify({ forgotten, store: store.place }));
  } else {
    const what = `${repository}:${tag} of ${left} | ${right}`;
    io.out(found === undefined ? `nothing was decided about ${what}` : `taken back: ${decisionLine(found)}`);
  }
  return EXIT.ok;
}

function pairOf(topology: ReplicatedTopology, between: string | undefined): Pair {
  const pairs = pairsOf(topology);
  const names = pairs.map(({ left, right }) => `${left},${right}`);
  const [only, ...more] = pairs;
  if (between === undefined) {
    if (only !== undefined && more.length === 0) return only;
    throw new AppError("USAGE", `${topology.name} has several pairs, and none was named`, {
      hint: `add --between with one of: ${names.join(" ")}`,
    });
  }
  const found = pairs.find((_, at) => names[at] === between);
  if (found !== undefined) return found;
  throw new AppError("USAGE", `${topology.name} compares no pair ${between}`, {
    hint: `its pairs are: ${names.join(" ")} (left and right as diff prints them)`,
  });
}

function tagOf({ name, content }: ReplicatedTopology, subject: string): { repository: string; tag: string } {
  const [, repository, tag] = /^([^:@\s]+\/[^:@\s]+):([\w][\w.-]{0,127})$/.exec(subject) ?? [];
  if (repository === undefined || tag === undefined) {
    throw new AppError("USAGE", `"${subject}" is no tag`, { hint: "write it as project/repository:tag" });
  }
  const selected = selects(content);
  if (selected.repository(repository) && selected.tag(tag)) return { repository, tag };
  throw new AppError("USAGE", `${name} does not cover ${subject}`, {
    hint: "its content says which projects, repositories and tags it covers; rescue tags never are",
  });
}
