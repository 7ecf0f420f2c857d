import type { Finding } from "../../src/parity/model.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { findingsOf } from "../../src/reconcile/report.ts";
import { tagsOf } from "../support/scene.ts";
import { isRescue, short } from "./ledger.ts";
import type { End, Row } from "./rows.ts";
import { choose, REPOSITORY, Stage, TAG, type Chosen } from "./stage.ts";

const PASSES = 6;

/** Builds the past of a row, lets a person meddle with a pass, and checks what it comes to. A failure tells the whole story. */
export async function playRow(row: Row, kind: Chosen["kind"], seed: number): Promise<void> {
  const stage = await Stage.open(choose(seed, kind));
  await using scene = stage.scene;
  try {
    const end = await row.past(stage);
    const before = standing(stage);
    if (stage.chosen.rests) await scene.rest();
    await stage.pass(true);
    const report = await stage.settle(PASSES);
    const wrong = stage.chosen.meddles === "here" ? undefined : wrongEnd(stage, end, before, report);
    if (wrong !== undefined) throw new Error(wrong);
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    throw new Error(`${row.name}, ${kind}, seed ${seed}: ${why}\n${stage.story()}`, { cause: thrown });
  }
}

/** Why it is not what the row is to end in; undefined where it is. `before` is what stood when its past was built. */
function wrongEnd(stage: Stage, end: End, before: Sides, report: PassReport): string | undefined {
  if (end.kind === "any") return undefined;
  const now = standing(stage);
  const told = findingsOf(report.content).filter(({ tag }) => tag === TAG || tag === "**");
  const seen = `${short(now.a)} on a, ${short(now.b)} on b; ${told.map(({ kind }) => kind).join(", ")}`;
  if (end.kind === "gone")
    return now.a === undefined && now.b === undefined ? undefined : `not gone: ${seen}`;
  if (end.kind === "stays") {
    if (!isTold(end.finding, told, report)) return `not told as ${end.finding}: ${seen}`;
    return now.a === before.a && now.b === before.b ? undefined : `does not stay: ${seen}`;
  }
  if (now.a !== end.digest || now.b !== end.digest) return `not ${short(end.digest)}: ${seen}`;
  if (told.some(({ notice }) => !notice)) return `not in step: ${seen}`;
  return isKept(stage, end.rescued) ? undefined : `${short(end.rescued)} was not kept: ${seen}`;
}

function isTold(kind: string, told: readonly Finding[], { content }: PassReport): boolean {
  return kind === "rewound" ? (content?.rewound.length ?? 0) > 0 : told.some((one) => one.kind === kind);
}

type Sides = Readonly<Record<"a" | "b", string | undefined>>;

function standing({ scene }: Stage): Sides {
  const of = (side: "a" | "b"): string | undefined => scene.sandbox(side).tags().get(REPOSITORY)?.get(TAG);
  return { a: of("a"), b: of("b") };
}

function isKept({ scene }: Stage, digest: string | undefined): boolean {
  const all = (["a", "b"] as const).flatMap((side) => Object.entries(tagsOf(scene.sandbox(side))));
  return digest === undefined || all.some(([name, at]) => at === digest && isRescue(name));
}
