import { arrivals, type Arrivals } from "./bytes-between.ts";
import type { Seen } from "./decision.ts";
import type { Confidence } from "./faults.ts";
import { lengthText } from "./in-words.ts";
import { whyMissing } from "./missing.ts";
import { uploadsBetween, type UploadsBetween, whyNoUpload } from "./uploads-between.ts";

/** How the storages of two nodes stand to each other. */
export type StorageBetween =
  | { readonly is: "shared" }
  /** What one takes never reaches the other. */
  | { readonly is: "separate"; readonly confidence: Confidence; readonly evidence: readonly string[] }
  /** It arrives late, or one way only: copied, or hidden by a cache. */
  | {
      readonly is: "behind";
      readonly confidence: Confidence;
      readonly evidence: readonly string[];
      readonly blames?: readonly string[];
    }
  | { readonly is: "unknown"; readonly why: string };

/** Judged once for the two faults that it can be, since one excludes the other. */
export function storageBetween(seen: Seen, one: string, other: string): StorageBetween {
  const there = arrivals(seen, one, other);
  const back = arrivals(seen, other, one);
  const uploads = uploadsBetween(seen, one, other);
  const evidence = [...there.texts, ...back.texts, ...uploads.notStored.map(({ text }) => text)];
  const arrived = there.inTime + there.late + back.inTime + back.late;
  const never = there.never + back.never;
  // No copy that lags makes other bytes of them (goharbor/harbor#21929: SMB).
  if (there.altered + back.altered > 0) return { is: "separate", confidence: "likely", evidence };
  if (never > 0 && arrived === 0) return neverArrived(there, back, uploads, evidence);
  if (never > 0 || there.late + back.late > 0) {
    const isPlain = isOneWay(there, back) || uploads.notStored.length > 0;
    return behind(isPlain ? "certain" : "likely", evidence, copyOf(one, there, other, back));
  }
  if (uploads.notStored.length > 0) {
    if (arrived > 0) return behind("likely", [...evidence, "whole images do arrive"]);
    return { is: "separate", confidence: "likely", evidence };
  }
  return inTime(seen, one, other, there, back, uploads);
}

/** Nothing is missing, as far as it was seen. */
function inTime(
  seen: Seen,
  one: string,
  other: string,
  there: Arrivals,
  back: Arrivals,
  uploads: UploadsBetween,
): StorageBetween {
  if (uploads.crossed && uploads.slowestMs > seen.limits.visibleWithinMs) {
    const slow = `an upload begun on one was known to the other only after ${lengthText(uploads.slowestMs)}`;
    return behind("likely", [slow]);
  }
  const bothWays = there.inTime > 0 && back.inTime > 0;
  if (bothWays || uploads.crossed) return { is: "shared" };
  return { is: "unknown", why: whyNothing(seen, one, other, [there, back], uploads) };
}

function neverArrived(
  there: Arrivals,
  back: Arrivals,
  uploads: UploadsBetween,
  evidence: readonly string[],
): StorageBetween {
  // An upload that was found on the other side lies in a storage that both have.
  if (uploads.recognised)
    return behind("likely", [...evidence, "an upload begun on one is known to the other"]);
  const bothWays = there.never > 0 && back.never > 0;
  return { is: "separate", confidence: bothWays ? "certain" : "likely", evidence };
}

function behind(
  confidence: Confidence,
  evidence: readonly string[],
  blames?: readonly string[],
): StorageBetween {
  return { is: "behind", confidence, evidence, ...(blames === undefined ? {} : { blames }) };
}

function isOneWay(there: Arrivals, back: Arrivals): boolean {
  const isDead = ({ inTime, late, never }: Arrivals): boolean => never > 0 && inTime + late === 0;
  return isDead(there) !== isDead(back);
}

/** The node that holds the copy: what it takes never gets to the other, or what the other takes gets here late. */
function copyOf(one: string, there: Arrivals, other: string, back: Arrivals): readonly string[] | undefined {
  if (there.never > 0 !== back.never > 0) return [there.never > 0 ? one : other];
  if (there.late > 0 !== back.late > 0) return [there.late > 0 ? other : one];
  return undefined;
}

function whyNothing(
  seen: Seen,
  one: string,
  other: string,
  ways: readonly Arrivals[],
  uploads: UploadsBetween,
): string {
  const mute = ways.flatMap((way) => way.mute);
  const [first] = mute;
  if (first !== undefined) return first;
  const half = ways.some(({ inTime }) => inTime > 0);
  if (half) return `content was followed one way only between ${one} and ${other}`;
  return whyNoUpload(uploads) ?? whyMissing(seen, "content", [one, other]);
}
