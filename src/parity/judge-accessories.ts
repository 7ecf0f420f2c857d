import type { Instant } from "../clock.ts";
import type { RegistryName } from "../topology/model.ts";
import { inFlight } from "./judgements.ts";
import type { Digest, Finding, SideEvidence } from "./model.ts";

/** A signature, SBOM or the like that one side has attached to an artifact, and the other side lacks. */
export interface LackingAccessory {
  readonly digest: Digest;
  readonly type: string;
  readonly attachedAt: Instant;
  readonly inFlight: SideEvidence["inFlight"];
}

/** A tag by cosign's naming (`sha256-….sig`) that stands for different digests on both sides. */
export interface TornTag {
  readonly tag: string;
  /** What it stands for where the accessories come from. */
  readonly digest: Digest;
  /** That side has attached what the tag stands for on the other side too: it went on from it. */
  readonly isAhead: boolean;
}

export interface AccessoryCase {
  readonly repository: string;
  /** A tag that both sides have for the subject. */
  readonly tag: string;
  readonly subject: Digest;
  readonly from: RegistryName;
  readonly to: RegistryName;
  readonly lacking: readonly LackingAccessory[];
  readonly torn: readonly TornTag[];
}

/**
 * What is found where one side lacks accessories of an artifact that both have. They are only ever added: nothing is remembered of them, and
 * whoever deletes one has to do it on both sides. Cosign keeps the newest signature under a tag: it is moved on only where the
 * side that is ahead has the older one too, else one of two signatures would stop to count.
 */
export function judgeAccessories(about: AccessoryCase): Finding[] {
  const settled = about.lacking.filter(({ inFlight: state }) => state === "no");
  const torn = about.torn.filter(({ digest }) => settled.some((one) => one.digest === digest));
  const undecided = torn.filter(({ isAhead }) => !isAhead).map(({ digest }) => digest);
  // One policy carries all of them, with or without leave to move tags.
  const movesTags = torn.length > 0 && undecided.length === 0;
  const left = new Set(movesTags ? [] : torn.map(({ digest }) => digest));
  const copied = settled.filter(({ digest }) => !left.has(digest));
  return [
    ...(copied.length === 0 ? [] : [lackingThere(about, copied, movesTags)]),
    ...(undecided.length === 0 ? [] : [signedTwice(about, undecided)]),
    ...stillCopied(about),
  ];
}

function lackingThere(
  about: AccessoryCase,
  copied: readonly LackingAccessory[],
  movesTags: boolean,
): Finding {
  const { from, to, subject } = about;
  const types = [...new Set(copied.map(({ type }) => type))].toSorted().join(", ");
  const what = copied.length === 1 ? "an accessory" : `${copied.length} accessories`;
  return {
    ...place(about),
    kind: "accessory",
    from,
    to,
    reason: `${to} lacks ${what} of it (${types})`,
    notice: false,
    accessories: copied.map(({ digest }) => digest),
    pushedAt: Math.min(...copied.map(({ attachedAt }) => attachedAt)),
    // With the digest that stands there already nothing but cosign's own tags can be overwritten.
    ...(movesTags ? { replaces: subject } : {}),
  };
}

function signedTwice(about: AccessoryCase, undecided: readonly Digest[]): Finding {
  const reason = `it was signed on both sides, and cosign's tag can stand for one signature only; sign it again with both`;
  return { ...place(about), kind: "accessory", reason, notice: false, accessories: undecided };
}

function stillCopied(about: AccessoryCase): Finding[] {
  const states = new Set(about.lacking.map(({ inFlight: state }) => state));
  const verdict = inFlight(states.has("copying") ? "copying" : states.has("young") ? "young" : "no");
  if (verdict === undefined || !("reason" in verdict)) return [];
  return [{ ...place(about), kind: "in-flight", reason: verdict.reason, notice: verdict.notice }];
}

function place({
  repository,
  tag,
  subject,
}: AccessoryCase): Pick<Finding, "repository" | "tag" | "left" | "right"> {
  return { repository, tag, left: subject, right: subject };
}
