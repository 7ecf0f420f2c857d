import type { Instant } from "../clock.ts";
import type { RegistryName } from "../topology/model.ts";
import {
  otherSide,
  type BaseEntry,
  type Copy,
  type Finding,
  type Side,
  type SideReading,
  type TagCase,
  type Verdict,
} from "./model.ts";

/** A verdict with the names and digests of what it is about; undefined where there is nothing to find. */
export function toFinding(
  {
    repository,
    names,
  }: { readonly repository: string; readonly names: Readonly<Record<Side, RegistryName>> },
  tag: string,
  readings: Readonly<Record<Side, SideReading>> & { readonly evidence: TagCase["evidence"] },
  known: BaseEntry | undefined,
  verdict: Verdict,
): Finding | undefined {
  if (verdict.kind === "gone") return undefined;
  if (verdict.kind === "in-step") return overtaken(repository, tag, names, verdict);
  const { left, right, evidence } = readings;
  const { kind, reason, notice, copy } = verdict;
  return {
    kind,
    repository,
    tag,
    reason,
    notice,
    ...(left.kind === "present" ? { left: left.digest } : {}),
    ...(right.kind === "present" ? { right: right.digest } : {}),
    ...(known?.digest === undefined ? {} : { base: known.digest }),
    ...(copy === undefined ? {} : copyOf(names, copy, readings[copy.from])),
    ...forDeciding(verdict, evidence),
  };
}

function overtaken(
  repository: string,
  tag: string,
  names: Readonly<Record<Side, RegistryName>>,
  { digest, overtaken: lost }: Extract<Verdict, { readonly kind: "in-step" }>,
): Finding | undefined {
  if (lost === undefined) return undefined;
  const what = lost.digest ?? "an image that no log names";
  const reason = `the master's image came over ${what}, which a person had pushed at ${names.right} later`;
  const digests = lost.digest === undefined ? {} : { lost: lost.digest };
  return {
    kind: "displaced",
    repository,
    tag,
    left: digest,
    right: digest,
    reason,
    notice: true,
    ...digests,
  };
}

function copyOf(
  names: Readonly<Record<Side, RegistryName>>,
  { from, replaces, rescues }: Copy,
  ahead: SideReading,
): Partial<Finding> {
  return {
    from: names[from],
    to: names[otherSide(from)],
    ...(replaces === undefined ? {} : { replaces }),
    ...(rescues === undefined ? {} : { rescues }),
    ...(ahead.kind === "present" ? { pushedAt: ahead.pushedAt } : {}),
  };
}

/** What a decision about it would rest on. */
function forDeciding(
  { frozen, lost, byReplication, replay }: Exclude<Verdict, { readonly kind: "in-step" | "gone" }>,
  evidence: TagCase["evidence"],
): Partial<Finding> {
  const wrote = { ...writtenBy(evidence, "left"), ...writtenBy(evidence, "right") };
  return {
    ...(frozen === undefined ? {} : { frozen }),
    ...(lost === undefined ? {} : { lost }),
    ...(byReplication === undefined ? {} : { byReplication }),
    ...(replay === undefined ? {} : { replay }),
    ...(Object.keys(wrote).length === 0 ? {} : { wrote }),
  };
}

/** When a person made this side what it is. */
function writtenBy(evidence: TagCase["evidence"], side: Side): Partial<Record<Side, Instant>> {
  const { pushedBy, pushedAtOurs } = evidence[side];
  return pushedBy === "person" && pushedAtOurs !== undefined ? { [side]: pushedAtOurs } : {};
}
