import type { HarborPort } from "../harbor/port.ts";
import type { Accessory } from "../observed/model.ts";
import { judgeAccessories, type LackingAccessory, type TornTag } from "../parity/judge-accessories.ts";
import {
  otherSide,
  type Digest,
  type Finding,
  type Side,
  type SideEvidence,
  type SideReading,
} from "../parity/model.ts";
import type { RegistryName } from "../topology/model.ts";
import type { AttachedRows } from "./attached-rows.ts";
import type { Unread } from "./unread.ts";

export interface AccessoryContext {
  readonly ports: Readonly<Record<Side, HarborPort>>;
  readonly names: Readonly<Record<Side, RegistryName>>;
  readonly rules: { readonly topology: "dual-master" | "master-slave" };
  evidence(side: Side, repository: string, reading: SideReading): SideEvidence;
  /** The sides that do not know us, asked before anything is concluded from a difference. Whoever gives it tells that these are unread. */
  proveIdentity(): Promise<Unread[]>;
}

/** An artifact that both sides have under the same tag. */
export interface Subject {
  readonly repository: string;
  readonly tag: string;
  readonly digest: Digest;
}

/** What one side has attached to a subject, and what of that it has without having linked it. */
interface Attached {
  readonly accessories: readonly Accessory[];
  isLoose(digest: Digest): boolean;
}

type Sides = Readonly<Record<Side, Attached>>;

/** Compared at once: each asks a few things of both sides, if they differ. */
const TOGETHER = 16;

/** Compares what is attached to the artifacts that both sides have; where the two listings agree nothing more is asked. */
export async function compareAccessories(
  context: AccessoryContext,
  rows: Readonly<Record<Side, AttachedRows>>,
  tagged: (side: Side, digest: Digest) => boolean,
  subjects: readonly Subject[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const differing: [Subject, Sides][] = [];
  for (const subject of subjects) {
    const attached = (side: Side): Attached => ({
      accessories: rows[side].of(subject.digest),
      isLoose: (digest) => rows[side].isLoose(digest) || tagged(side, digest),
    });
    const sides = { left: attached("left"), right: attached("right") };
    if (directions(context).some((from) => lackingOf(sides, from).length > 0))
      differing.push([subject, sides]);
  }
  if (differing.length === 0) return [];
  // What differs there is unread then, which is told of the whole side.
  if ((await context.proveIdentity()).length > 0) return [];
  const findings: Finding[] = [];
  for (let i = 0; i < differing.length; i += TOGETHER) {
    const some = differing.slice(i, i + TOGETHER);
    const found = await Promise.all(
      some.map(([subject, sides]) => compareOne(context, subject, sides, signal)),
    );
    findings.push(...found.flat());
  }
  return findings;
}

/** A slave may have signatures of its own. */
function directions({ rules }: AccessoryContext): readonly Side[] {
  return rules.topology === "master-slave" ? ["left"] : ["left", "right"];
}

/** What `from` has attached, and the other side has neither attached nor at all. */
function lackingOf(sides: Sides, from: Side): Accessory[] {
  const there = sides[otherSide(from)];
  const attached = new Set(there.accessories.map(({ digest }) => digest));
  return sides[from].accessories.filter(({ digest }) => !attached.has(digest) && !there.isLoose(digest));
}

async function compareOne(
  context: AccessoryContext,
  subject: Subject,
  sides: Sides,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { names, ports } = context;
  const found = await Promise.all(
    directions(context).map(async (from) => {
      const to = otherSide(from);
      try {
        const lacking = await confirmLacking(context, subject, from, lackingOf(sides, from), signal);
        if (lacking.length === 0) return [];
        const torn = lacking.some(({ type }) => isCosign(type))
          ? await tornTags({ from: ports[from], to: ports[to] }, subject, sides[from], signal)
          : [];
        const { repository, tag, digest } = subject;
        return judgeAccessories({
          repository,
          tag,
          subject: digest,
          from: names[from],
          to: names[to],
          lacking,
          torn,
        });
      } catch {
        signal.throwIfAborted();
        return [unread(subject)];
      }
    }),
  );
  return found.flat();
}

function unread({ repository, tag, digest }: Subject): Finding {
  const reason = "its signatures and other accessories could not be read";
  return { kind: "unread", repository, tag, left: digest, right: digest, reason, notice: false };
}

/** Asked for singly on both sides: only what one still has and the other still lacks is lacking. */
async function confirmLacking(
  context: AccessoryContext,
  { repository }: Subject,
  from: Side,
  accessories: readonly Accessory[],
  signal: AbortSignal,
): Promise<LackingAccessory[]> {
  const { ports } = context;
  const asked = accessories.map(async ({ digest, type, attachedAt }): Promise<LackingAccessory[]> => {
    const [here, there] = await Promise.all([
      ports[from].tagDigest(repository, digest, signal),
      ports[otherSide(from)].tagDigest(repository, digest, signal),
    ]);
    if (here === undefined || there !== undefined) return [];
    const { inFlight, rewound } = context.evidence(from, repository, {
      kind: "present",
      digest,
      pushedAt: attachedAt,
    });
    return rewound ? [] : [{ digest, type, attachedAt, inFlight }];
  });
  return (await Promise.all(asked)).flat();
}

const COSIGN_SUFFIXES = ["sig", "att", "sbom"];

/** Harbor calls everything so that cosign names by its tags, attestations and SBOMs too. */
function isCosign(type: string): boolean {
  return type === "signature.cosign";
}

/** Cosign's tags stand in no listing, since accessories don't. */
async function tornTags(
  ports: { readonly from: HarborPort; readonly to: HarborPort },
  { repository, digest }: Subject,
  ahead: Attached,
  signal: AbortSignal,
): Promise<TornTag[]> {
  const tags = COSIGN_SUFFIXES.map((suffix) => `${digest.replace(":", "-")}.${suffix}`);
  const asked = tags.map(async (tag): Promise<TornTag[]> => {
    const there = await ports.to.tagDigest(repository, tag, signal);
    if (there === undefined) return [];
    const here = await ports.from.tagDigest(repository, tag, signal);
    if (here === undefined || here === there) return [];
    return [{ tag, digest: here, isAhead: ahead.accessories.some((one) => one.digest === there) }];
  });
  return (await Promise.all(asked)).flat();
}
