import type { PassReport } from "../../src/reconcile/report.ts";
import { findingsOf } from "../../src/reconcile/report.ts";
import { tagsOf, type Scene } from "../support/scene.ts";
import { describeWrite, isRescue, short, type Ledger, type Write } from "./ledger.ts";

/** What must never happen, as sentences; none where everything is as it should be. */
export type Broken = string[];

const SIDES = ["a", "b"] as const;
type Side = (typeof SIDES)[number];

/** What passes reported so far, of which tag. */
export class Told {
  readonly #told = new Map<string, string[]>();

  add(report: PassReport): void {
    for (const content of [report.before, report.content]) {
      for (const { kind, repository, tag, reason, notice } of findingsOf(content)) {
        if (notice && kind !== "displaced") continue;
        const name = `${repository}:${tag}`;
        this.#told.set(name, [...(this.#told.get(name) ?? []), `${kind} ${reason}`]);
      }
    }
  }

  /** That something was lost or is contested, of this tag or of its whole repository. */
  isLossTold(name: string, digest: string): boolean {
    const whole = `${name.split(":")[0] ?? ""}:**`;
    const lines = [...(this.#told.get(name) ?? []), ...(this.#told.get(whole) ?? [])];
    return lines.some((line) => /^(regressed|rewound|conflict)/.test(line) || line.includes(digest));
  }
}

/**
 * Nothing that a person pushed last on a side is gone without a trace: it stands under its tag or a rescue tag, is told of, was overtaken by what a
 * person did later and knowing it, or by a later push that Harbor or an outage put in its place.
 */
export async function nothingLost(scene: Scene, ledger: Ledger, told: Told): Promise<Broken> {
  const tags = { a: tagsOf(scene.sandbox("a")), b: tagsOf(scene.sandbox("b")) };
  const rescues = await scene.store.rescues.of(scene.topology.name);
  const isKept = (name: string, digest: string): boolean =>
    SIDES.some((side) =>
      Object.entries(tags[side]).some(
        ([standing, at]) => at === digest && (standing === name || isRescueOf(standing, name)),
      ),
    ) || rescues.some((one) => one.digest === digest && `${one.repository}:${one.tag}` === name);
  const broken: Broken = [];
  for (const name of ledger.names()) {
    const deeds = SIDES.flatMap((side) => ledger.of(side, name)).filter(({ by }) => by === "person");
    for (const side of SIDES) {
      const last = deeds.filter(({ registry }) => registry === side).at(-1);
      if (last?.digest === undefined || isKept(name, last.digest)) continue;
      if (deeds.some((deed) => overtook(deed, last)) || lostByHarbor(ledger, last)) continue;
      if (told.isLossTold(name, last.digest)) continue;
      broken.push(`lost: ${describeWrite(last)}`);
    }
  }
  return broken;
}

function isRescueOf(standing: string, name: string): boolean {
  return isRescue(standing) && standing.split(":")[0] === name.split(":")[0];
}

/** A later push counts wherever it was made; a deletion only where it removed that very image, or knew of its push. */
function overtook(deed: Write, last: Write): boolean {
  return (
    deed.seq > last.seq && (deed.digest !== undefined || deed.knew.has(last) || deed.before === last.digest)
  );
}

/** What Harbor's own copies and a backup displace where nobody could see it; `regressionsTold` holds what must be told of that. */
function lostByHarbor(ledger: Ledger, last: Write): boolean {
  const next = ledger
    .of(last.registry, last.name)
    .find(({ seq, digest }) => seq > last.seq && digest !== last.digest);
  return next?.by === "harbor";
}

/** Of all that Tidelock wrote from the given write on: what it should not have. */
export function ownWrites(scene: Scene, ledger: Ledger, since = 0): Broken {
  const rescued = new Set(
    SIDES.flatMap((side) => Object.entries(tagsOf(scene.sandbox(side))))
      .filter(([name]) => isRescue(name))
      .map(([, digest]) => digest),
  );
  return ledger.writes
    .filter(({ seq, by, name }) => by === "tidelock" && seq > since && !isRescue(name))
    .flatMap((write) => {
      const why =
        write.digest === undefined ? wrongDeletion(scene, ledger, write) : overwrote(write, rescued);
      return why === undefined ? [] : [`${why}: ${describeWrite(write)}`];
    });
}

/** Copies only over what their source knew of, or what is older, or what is kept. */
function overwrote(write: Write, rescued: ReadonlySet<string>): string | undefined {
  const { before, digest, overtakes, rests } = write;
  if (before === undefined || before === digest || rescued.has(before)) return undefined;
  const pushes = overtakes.filter((one) => one.digest === before);
  const later = pushes.find(({ seq }) => seq > (rests?.seq ?? 0));
  return later === undefined ? undefined : `overwrote a later push (${describeWrite(later)})`;
}

/** Only what a person deleted on the other side, under `deletions: replay`, and what nobody pushed after that. */
function wrongDeletion(scene: Scene, ledger: Ledger, write: Write): string | undefined {
  if (scene.topology.heal.deletions !== "replay") return "deleted though that was not declared";
  const deeds = SIDES.flatMap((side) => ledger.of(side, write.name))
    .filter(({ by, seq }) => by === "person" && seq < write.seq)
    .toSorted((one, other) => one.seq - other.seq);
  const deletion = deeds.findLast(
    ({ digest, registry }) => digest === undefined && registry !== write.registry,
  );
  if (deletion === undefined) return "deleted what no person had deleted";
  // At the very moment of the request nobody can know: Harbor has no fencing.
  const later = deeds.find(
    ({ seq, at, digest }) => seq > deletion.seq && digest === write.before && at < write.at,
  );
  return later === undefined ? undefined : `deleted a later push (${describeWrite(later)})`;
}

/** "In step and proven" is true: both sides hold the same, but for what is told as a notice. Asked only when nobody wrote since it was read. */
export function provenIsTrue(scene: Scene, report: PassReport): Broken {
  if (!report.proven) return [];
  const told = new Set(findingsOf(report.content).map(({ repository, tag }) => `${repository}:${tag}`));
  const [a, b] = [tagsOf(scene.sandbox("a")), tagsOf(scene.sandbox("b"))];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names]
    .filter((name) => a[name] !== b[name] && !isRescue(name) && !told.has(name))
    .map((name) => `proven in step, but ${name} is ${short(a[name])} on a and ${short(b[name])} on b`);
}

/** Kinds that a person has to decide, where what is declared does not. */
const FOR_PERSONS: ReadonlySet<string> = new Set(["conflict", "unproven", "regressed", "rewound"]);

/** Everything is over: in step and proven, or only such findings are left as nobody but a person can decide. */
export function isSettled({ verdict, proven, content }: PassReport): boolean {
  if (verdict === "in-step") return proven;
  const open = findingsOf(content).filter(({ notice }) => !notice);
  const isRead = content?.pairs.every(({ unread }) => unread.length === 0) === true;
  const rewound = content !== undefined && content.rewound.length > 0;
  return isRead && (open.length > 0 || rewound) && open.every(isForPersons);
}

function isForPersons({ kind, reason, from }: { kind: string; reason: string; from?: string }): boolean {
  return FOR_PERSONS.has(kind) && reason !== "" && from === undefined;
}

export function hasWriteSince(ledger: Ledger, at: number): boolean {
  return ledger.writes.some((write) => write.at >= at);
}

/** Two clocks agree no better than this, as far as Tidelock knows. */
const CLOCK_DOUBT_MS = 2_000;

/** Where Harbor's own copy put something older over what a person had pushed last of all, that is told. */
export function regressionsTold(ledger: Ledger, told: Told): Broken {
  return ledger.names().flatMap((name) => {
    const all = SIDES.flatMap((side) => ledger.of(side, name)).toSorted((one, other) => one.seq - other.seq);
    const last = all.findLast(({ by }) => by === "person");
    if (last?.digest === undefined || told.isLossTold(name, last.digest)) return [];
    const stands = SIDES.some((side) => ledger.of(side, name).at(-1)?.digest === last.digest);
    const next = ledger
      .of(last.registry, name)
      .find(({ seq, digest }) => seq > last.seq && digest !== last.digest);
    if (next === undefined) return [];
    const copied = all.findLast(
      ({ seq, registry, digest }) => seq < next.seq && registry !== last.registry && digest === next.digest,
    );
    if (copied === undefined || last.at - copied.at < CLOCK_DOUBT_MS) return [];
    return stands || next.by !== "harbor" ? [] : [`lost by Harbor and not told: ${describeWrite(last)}`];
  });
}

export type { Side };
