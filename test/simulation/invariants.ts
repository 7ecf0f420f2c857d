import { splitContradicted } from "../../src/failback/contradictions.ts";
import type { Finding } from "../../src/parity/model.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { findingsOf } from "../../src/reconcile/report.ts";
import { tagsOf } from "../support/scene.ts";
import { describeWrite, isRescue, short, type Ledger, type Watched, type Write } from "./ledger.ts";

/** Projects that no topology of a simulation covers begin with this. */
export const OUTSIDE = "outside";

/** What must never happen, as sentences; none where everything is as it should be. */
export type Broken = string[];

export type Side = "a" | "b";

const TELLS_OF_LOSS = /^(regressed|rewound|conflict|displaced .* an image that no log names)/;
const OVERTAKEN = /^displaced .* came over /;
const UNNAMED = "an image that no log names";

interface Line {
  readonly text: string;
  /** Writes that there had been when it was told. */
  readonly after: number;
}

/** What passes reported so far, of which tag. */
export class Told {
  readonly #told = new Map<string, Line[]>();

  add(report: PassReport, { writes }: Ledger): void {
    for (const content of [report.before, report.content]) {
      for (const { kind, repository, tag, reason, notice } of findingsOf(content)) {
        if (notice && kind !== "displaced") continue;
        const name = `${repository}:${tag}`;
        const line = { text: `${kind} ${reason}`, after: writes.length };
        this.#told.set(name, [...(this.#told.get(name) ?? []), line]);
      }
    }
  }

  /** That something was lost or is contested, of this tag or of its whole repository. */
  isLossTold(name: string, digest: string): boolean {
    const whole = `${repositoryOf(name)}:**`;
    const lines = [...(this.#told.get(name) ?? []), ...(this.#told.get(whole) ?? [])];
    return lines.some(({ text }) => TELLS_OF_LOSS.test(text) || text.includes(digest));
  }

  /** That what a copy came over was lost to it, and not that it is kept somewhere. */
  isOvertakenTold({ name, seq, before = "" }: Write): boolean {
    const lines = (this.#told.get(name) ?? []).filter(({ after }) => after >= seq);
    return lines.some(
      ({ text }) => OVERTAKEN.test(text) && (text.includes(before) || text.includes(UNNAMED)),
    );
  }
}

/**
 * Nothing that a person pushed last on a side is gone without a trace: it stands under its tag or a rescue tag, is told of, was overtaken by what a
 * person did later and knowing it, or by a later push that Harbor or an outage put in its place.
 */
export async function nothingLost(
  scene: Watched,
  ledger: Ledger,
  told: Told,
  owed: readonly Write[] = [],
): Promise<Broken> {
  const standing = ledger.registries.flatMap((side) => Object.entries(tagsOf(scene.sandbox(side))));
  const rescues = await scene.store.rescues.of(scene.topology.name);
  const isKept = (name: string, digest: string): boolean =>
    standing.some(([tag, at]) => at === digest && (tag === name || isRescueOf(tag, name))) ||
    rescues.some((one) => one.digest === digest && `${one.repository}:${one.tag}` === name);
  const broken: Broken = [];
  for (const name of ledger.names()) {
    const deeds = ledger.registries
      .flatMap((side) => ledger.of(side, name))
      .filter(({ by }) => by === "person");
    for (const side of ledger.registries) {
      const last = deeds.filter(({ registry }) => registry === side).at(-1);
      if (last?.digest === undefined || isKept(name, last.digest)) continue;
      if (deeds.some((deed) => overtook(ledger, deed, last)) || lostByHarbor(ledger, last)) continue;
      if (told.isLossTold(name, last.digest) || wentWithItsImage(ledger, last)) continue;
      if (owed.some((one) => one.name === name && one.before === last.digest)) continue;
      broken.push(`lost: ${describeWrite(last)}`);
    }
  }
  return broken;
}

function isRescueOf(standing: string, name: string): boolean {
  return isRescue(standing) && repositoryOf(standing) === repositoryOf(name);
}

/** `project/repository` of `project/repository:tag`. */
function repositoryOf(name: string): string {
  return name.split(":", 1)[0] ?? "";
}

/** A later push counts wherever it was made, also one that seems later since a clock was set right; a deletion only where it removed that very image, or knew of its push. */
function overtook(ledger: Ledger, deed: Write, last: Write): boolean {
  if (deed.digest !== undefined)
    return deed.seq > last.seq || ledger.believedAt(deed) > ledger.believedAt(last);
  return deed.seq > last.seq && (deed.knew.has(last) || deed.before === last.digest);
}

/** Harbor deletes what is attached to an image with the image, and that is looked at by itself. */
function wentWithItsImage(ledger: Ledger, signed: Write): boolean {
  const [, hex] = /:sha256-([0-9a-f]{64})\.sig$/.exec(signed.name) ?? [];
  return ledger.writes.some(
    ({ seq, registry, before, digest }) =>
      digest === undefined &&
      seq > signed.seq &&
      registry === signed.registry &&
      before === `sha256:${hex ?? ""}`,
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
export function ownWrites(scene: Watched, ledger: Ledger, since = 0): Broken {
  const overwrites = ownOverwrites(ledger, since).flatMap(
    (write) => overwroteUnkept(scene, ledger, write) ?? [],
  );
  return [...ownDeletions(scene, ledger, since), ...overwrites];
}

/** Deletions of Tidelock that should not have been. */
export function ownDeletions(scene: Watched, ledger: Ledger, since: number): Broken {
  return ownSince(ledger, since).flatMap((write) => {
    const why = write.digest === undefined ? wrongDeletion(scene, ledger, write) : undefined;
    return why === undefined ? [] : [`${why}: ${describeWrite(write)}`];
  });
}

export function ownOverwrites(ledger: Ledger, since: number): Write[] {
  return ownSince(ledger, since).filter(({ digest }) => digest !== undefined);
}

function ownSince(ledger: Ledger, since: number): Write[] {
  return ledger.writes.filter(({ seq, by, name }) => by === "tidelock" && seq > since && !isRescue(name));
}

/** Copied over what its source did not know of, and what has no tag any more in its repository: as a sentence. */
export function overwroteUnkept(scene: Watched, ledger: Ledger, write: Write): string | undefined {
  const standing = ledger.registries.flatMap((side) => Object.entries(tagsOf(scene.sandbox(side))));
  const isTagged = ({ name, before }: Write): boolean =>
    standing.some(([tag, digest]) => digest === before && repositoryOf(tag) === repositoryOf(name));
  const why = overwrote(ledger, write, (one) => isTagged(one) || isUnnamedRollBack(scene, ledger, one));
  return why === undefined ? undefined : `${why}: ${describeWrite(write)}`;
}

/**
 * Somebody went back to an image that stood there before, right while it was copied over: before 2.13 no log names what a push was of, so nobody can tell
 * it from the copy's own entries. The README says so.
 */
function isUnnamedRollBack(scene: Watched, ledger: Ledger, { registry, name, before, seq }: Write): boolean {
  const namesDigests = scene.sandbox(registry).profile.minor >= 13;
  const pushes = ledger.writes.filter(
    (one) =>
      one.registry === registry &&
      one.digest === before &&
      one.seq < seq &&
      repositoryOf(one.name) === repositoryOf(name),
  );
  return !namesDigests && pushes.length > 1;
}

/** Copies only over what their source knew of, or what is older, or what is kept. */
function overwrote(ledger: Ledger, write: Write, isKept: (write: Write) => boolean): string | undefined {
  const { before, digest, overtakes, rests } = write;
  if (before === undefined || before === digest || isKept(write)) return undefined;
  // A push of what stood there already moves nothing, and before 2.13 leaves no trace that tells it from the first one.
  const pushes = overtakes.filter((one) => one.digest === before && one.before !== before);
  // Where a clock was set right since, the earlier push may seem to be the later one.
  const seemsLater = (one: Write): boolean =>
    rests === undefined || ledger.believedAt(one) >= ledger.believedAt(rests);
  const later = pushes.find((one) => one.seq > (rests?.seq ?? 0) && seemsLater(one));
  return later === undefined ? undefined : `overwrote a later push (${describeWrite(later)})`;
}

/** Only what a person deleted on the other side, under `deletions: replay`, and what nobody pushed after that. */
function wrongDeletion(scene: Watched, ledger: Ledger, write: Write): string | undefined {
  if (scene.topology.heal.deletions !== "replay") return "deleted though that was not declared";
  const deeds = ledger.registries
    .flatMap((side) => ledger.of(side, write.name))
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
export function provenIsTrue(scene: Watched, report: PassReport): Broken {
  if (!report.proven) return [];
  return (report.content?.pairs ?? []).flatMap(({ left: l, right: r, findings }) => {
    const told = new Set(findings.flatMap(namesOf));
    const [left, right] = [tagsOf(scene.sandbox(l)), tagsOf(scene.sandbox(r))];
    const names = new Set([...Object.keys(left), ...Object.keys(right)].filter(isCovered));
    return [...names]
      .filter((name) => left[name] !== right[name] && !isRescue(name) && !told.has(name))
      .filter((name) => isMissed(scene, name, left, right))
      .map(
        (name) =>
          `proven in step, but ${name} is ${short(left[name])} on ${l} and ${short(right[name])} on ${r}`,
      );
  });
}

/** What a finding is about: of a tag, or of the signature of what it stands for. */
function namesOf({ repository, tag, left }: Finding): string[] {
  const signature = `${repository}:${left?.replace(":", "-") ?? ""}.sig`;
  return [`${repository}:${tag}`, ...(left === undefined ? [] : [signature])];
}

/**
 * Versions before 2.8 take a signature for a tag. It is missed only where both sides have its image under some tag, and never at the master when
 * somebody attached it at a slave.
 */
function isMissed({ topology }: Watched, name: string, left: Tags, right: Tags): boolean {
  const [, repository, hex] = /^(.*):sha256-([0-9a-f]{64})\.sig$/.exec(name) ?? [];
  if (repository === undefined || hex === undefined) return true;
  const isTagged = (tags: Tags): boolean =>
    Object.entries(tags).some(([tag, at]) => at === `sha256:${hex}` && tag.startsWith(`${repository}:`));
  return isTagged(left) && isTagged(right) && (topology.kind === "dual-master" || name in left);
}

type Tags = Readonly<Record<string, string>>;

/** Everything but what lies in the projects of which no topology of a simulation speaks. */
function isCovered(name: string): boolean {
  return !name.startsWith(OUTSIDE);
}

/** Kinds that a person has to decide, where what is declared does not. */
const FOR_PERSONS: ReadonlySet<string> = new Set(["conflict", "unproven", "regressed", "rewound"]);

/** Everything is over: in step and proven, or only such findings are left as nobody but a person can decide. */
export function isSettled({ topology }: Pick<Watched, "topology">, report: PassReport): boolean {
  const { verdict, proven, content } = report;
  if (verdict === "in-step") return proven;
  const open = findingsOf(content).filter(({ notice }) => !notice);
  const isRead = content?.pairs.every(({ unread }) => unread.length === 0) === true;
  const rewound = content !== undefined && content.rewound.length > 0;
  const contradicted = new Set(splitContradicted(topology, content?.pairs ?? []).contradicted);
  // What waits only because a registry is just back is done by a later pass.
  const isWithheld = ({ remedy, to }: Finding): boolean =>
    remedy === "delete" &&
    report.warnings.some(
      (line) => line.includes(`not deleted on ${to ?? ""}:`) && !line.includes("just now"),
    );
  // What Harbor will not copy is told with that reason, and when it is tried again.
  const isPutOff = ({ repository }: Finding): boolean =>
    report.warnings.some(
      (line) =>
        line.includes(`${repository} is tried again in`) && line.includes("nothing that Harbor would copy"),
    );
  const isTold = (one: Finding): boolean =>
    isForPersons(one) || contradicted.has(one) || isWithheld(one) || isPutOff(one);
  return isRead && (open.length > 0 || rewound) && open.every(isTold);
}

function isForPersons({ kind, reason, from }: { kind: string; reason: string; from?: string }): boolean {
  return FOR_PERSONS.has(kind) && reason !== "" && from === undefined;
}

export function hasWriteSince(ledger: Ledger, at: number): boolean {
  return ledger.writes.some((write) => write.at >= at);
}

/** Two clocks agree no better than this, as far as Tidelock knows. */
const CLOCK_DOUBT_MS = 2_000;

/** Entries of a log that are nearer to each other are in no order. */
const SAME_MOMENT_MS = 100;

/** Where Harbor's own copy put something older over what a person had pushed last of all, that is told. */
export function regressionsTold(scene: Watched, ledger: Ledger, told: Told): Broken {
  return ledger.names().flatMap((name) => {
    const all = ledger.registries
      .flatMap((side) => ledger.of(side, name))
      .toSorted((one, other) => one.seq - other.seq);
    const last = all.findLast(({ by }) => by === "person");
    if (last?.digest === undefined || told.isLossTold(name, last.digest)) return [];
    const stands = ledger.registries.some((side) => ledger.of(side, name).at(-1)?.digest === last.digest);
    const next = ledger
      .of(last.registry, name)
      .find(({ seq, digest }) => seq > last.seq && digest !== last.digest);
    // What is removed was not copied over; and where the clock was set back in between, by its own log that came first.
    if (next?.digest === undefined || ledger.believedAt(next) < ledger.believedAt(last)) return [];
    // At the very same moment a log without digests says nothing.
    const apart = ledger.believedAt(next) - ledger.believedAt(last);
    if (apart < SAME_MOMENT_MS && scene.sandbox(last.registry).profile.minor < 13) return [];
    const copied = all.findLast(
      ({ seq, registry, digest }) => seq < next.seq && registry !== last.registry && digest === next.digest,
    );
    if (copied === undefined || last.at - copied.at < CLOCK_DOUBT_MS) return [];
    return stands || next.by !== "harbor" ? [] : [`lost by Harbor and not told: ${describeWrite(last)}`];
  });
}

/** Nothing outside of the selection was written by Tidelock. */
export function onlyCovered(ledger: Ledger, since: number): Broken {
  return ledger.writes
    .filter(({ seq, by, name }) => seq > since && by === "tidelock" && name.startsWith(OUTSIDE))
    .map((write) => `wrote outside of the selection: ${describeWrite(write)}`);
}

/** What is wrong with one registry keeps nobody from reading the others, and nothing ends in a mistake of ours. */
export function triedAll(
  { unreachable, content, failure }: PassReport,
  isWell: (registry: string) => boolean,
): Broken {
  const unread = (content?.pairs ?? []).filter(
    ({ left, right, unread: given }) => given.length > 0 && isWell(left) && isWell(right),
  );
  return [
    ...unreachable
      .filter(({ registry }) => isWell(registry))
      .map(({ registry, error }) => `${registry} was well, and given up: ${error.message}`),
    ...unread.map(({ left, right }) => `${left} and ${right} were well, and were not read`),
    ...(failure?.code === "BUG" ? [`a mistake of ours: ${failure.message}`] : []),
  ];
}
