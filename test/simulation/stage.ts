import { seededRandom } from "../../src/sandbox/random.ts";
import type { ProfileName } from "../../src/sandbox/profile.ts";
import type { Request } from "../../src/sandbox/exchange.ts";
import type { PassReport } from "../../src/reconcile/report.ts";
import { findingsOf } from "../../src/reconcile/report.ts";
import type { HealSettings, ReplicatedTopology } from "../../src/topology/model.ts";
import { ACCOUNTS, findings, Scene } from "../support/scene.ts";
import {
  hasWriteSince,
  isSettled,
  nothingLost,
  ownWrites,
  provenIsTrue,
  Told,
  type Side,
} from "./invariants.ts";
import { Ledger } from "./ledger.ts";

const PROFILES: readonly ProfileName[] = ["2.1", "2.7", "2.9", "2.12", "2.14", "2.16"];
export const REPOSITORY = "library/app";
/** The tag that the row is about, and one beside it. */
export const TAG = "t";
const BESIDE = "o";

const LATENCY_MS = 3;

/** Why Harbor itself does not carry what happens on one side: it was not told to, the other side is away, or its event is lost, log and all. */
export type Gap = "manual" | "outage" | "lost";

/** Everything that one seed decides. */
export interface Chosen {
  readonly seed: number;
  readonly kind: ReplicatedTopology["kind"];
  readonly profiles: Readonly<Record<Side, ProfileName>>;
  readonly gap: Gap;
  readonly heal: HealSettings;
  /** The side where more happens; rows and their mirror images are one. */
  readonly p: Side;
  /** What a person does at a random request of ours, and to which tag. */
  readonly meddles: "not" | "beside" | "here" | "anywhere";
  /** Everything grows older than `settle` before the pass that is meddled with: otherwise it is in flight in it. */
  readonly rests: boolean;
}

export function choose(seed: number, kind: ReplicatedTopology["kind"]): Chosen {
  const random = seededRandom(seed * 7919 + 13);
  const of = <One>(...all: readonly One[]): One => {
    const one = all[Math.floor(random() * all.length)];
    if (one === undefined) throw new RangeError("nothing to choose from");
    return one;
  };
  const [a, b] = [of(...PROFILES), of(...PROFILES)];
  return {
    seed,
    kind,
    profiles: { a, b: random() < 0.5 ? a : b },
    gap: of("manual", "outage", "lost"),
    p: of("a", "b"),
    meddles: of("not", "beside", "here", "here", "here"),
    rests: random() < 0.8,
    heal: {
      remedy: of("auto", "auto", "scoped", "touch"),
      conflicts: of<HealSettings["conflicts"]>("report", "newest", { prefer: "a" }, { prefer: "b" }),
      deletions: of("report", "replay"),
      regressions: of("report", "repair"),
      slaveDeletions: of("restore", "respect"),
      firstContact: of("copy", "report"),
      settleMs: 240_000,
      remediesPerHour: 10_000,
    },
  };
}

/** Two registries in whose past a row of the truth table is built, and what is known of it beside them. */
export class Stage {
  readonly chosen: Chosen;
  readonly scene: Scene;
  readonly ledger: Ledger;
  readonly told = new Told();
  readonly log: string[] = [];
  readonly #random: () => number;

  private constructor(chosen: Chosen, scene: Scene) {
    this.chosen = chosen;
    this.scene = scene;
    this.ledger = new Ledger(scene, ["a", "b"], (line) => this.log.push(line));
    this.#random = seededRandom(chosen.seed * 31 + 7);
    // A request takes time, so that no two things happen to a tag at once.
    for (const side of ["a", "b"]) scene.sandbox(side).onRequest(() => scene.clock.advance(LATENCY_MS));
  }

  static async open(chosen: Chosen): Promise<Stage> {
    const scene = await Scene.create({
      kind: chosen.kind,
      registries: chosen.profiles,
      front: "memory",
      seed: chosen.seed,
      separateAccounts: true,
      topology: chosen.gap === "manual" ? { trigger: { kind: "manual" } } : {},
      heal: chosen.heal,
    });
    return new Stage(chosen, scene);
  }

  get p(): Side {
    return this.chosen.p;
  }

  get q(): Side {
    return this.p === "a" ? "b" : "a";
  }

  /** The repository is warm: both agree on a tag beside the one that matters. */
  async warm(): Promise<void> {
    await this.scene.pass();
    this.push("a", "beside", BESIDE);
    this.push("a", "third", "third");
    await this.agree();
  }

  /** Both agree on the image, and were seen to. */
  async agreeOn(image: string): Promise<string> {
    const digest = this.push("a", image);
    await this.agree();
    return digest;
  }

  async agree(): Promise<void> {
    await this.scene.rest();
    this.#read(await this.scene.pass());
    await this.scene.rest();
    for (const name of this.ledger.names()) this.ledger.merge(name);
  }

  push(side: Side, image: string, tag = TAG, as?: string): string {
    const account = as === undefined ? {} : { as };
    return this.scene.sandbox(side).push(REPOSITORY, tag, { seed: image, ...account });
  }

  remove(side: Side, tag = TAG, as?: string): void {
    if (this.scene.sandbox(side).tags().get(REPOSITORY)?.has(tag) === true) {
      this.scene.sandbox(side).deleteTag(REPOSITORY, tag, as);
    }
  }

  /** As a late copy of Harbor brings it. */
  echo(side: Side, image: string): void {
    this.push(side, image, TAG, ACCOUNTS.replication);
  }

  /** What happens on one side, and is not carried to the other. */
  async apart<Result>(side: Side, what: () => Result): Promise<Result> {
    const { gap } = this.chosen;
    const other = this.scene.sandbox(side === "a" ? "b" : "a");
    this.scene.clock.advance(5_000 + Math.floor(this.#random() * 60_000));
    if (gap === "outage") other.faults.down();
    if (gap === "lost") this.scene.sandbox(side).faults.loseNextEvents(1);
    const result = what();
    if (gap === "outage") {
      await this.scene.rest();
      other.faults.up();
    }
    this.scene.clock.advance(5_000);
    this.scene.world.catchUp();
    return result;
  }

  /** A pass in which a person may meddle at a random request, and whatever is to be checked after every pass. */
  async pass(meddle = false): Promise<PassReport> {
    const since = this.ledger.writes.length;
    const off = meddle ? this.#meddler() : (): void => undefined;
    const report = await this.scene.pass().finally(off);
    this.#read(report);
    const readAt = Math.max(0, ...(report.content?.pairs.map((pair) => pair.readAt) ?? []));
    const broken = [
      ...ownWrites(this.scene, this.ledger, since),
      ...(await nothingLost(this.scene, this.ledger, this.told)),
      ...(hasWriteSince(this.ledger, readAt) ? [] : provenIsTrue(this.scene, report)),
    ];
    if (broken.length > 0) throw new Error(broken.join("\n"));
    return report;
  }

  /** Faults and pushes over: passes until everything is healed or told with its reason; then a pass writes nothing. */
  async settle(passes: number): Promise<PassReport> {
    for (let i = 0; i < passes; i += 1) {
      await this.scene.rest();
      const report = await this.pass();
      if (!isSettled(this.scene, report) || report.remedies.some(({ result }) => result === "arrived"))
        continue;
      const writes = this.scene.writes();
      await this.scene.rest();
      const again = await this.pass();
      if (this.scene.writes() !== writes) throw new Error("a settled pass wrote something");
      if (!isSettled(this.scene, again)) throw new Error(`settled no longer: ${findings(again).join(", ")}`);
      return again;
    }
    throw new Error(`not settled within ${passes} passes`);
  }

  story(): string {
    return [JSON.stringify(this.chosen), ...this.log].join("\n");
  }

  /** A person, once or twice, at a random request of ours: mostly near a write. */
  #meddler(): () => void {
    const { meddles } = this.chosen;
    if (meddles === "not") return () => undefined;
    const tagged = (): string => {
      if (meddles === "anywhere") return ["t", "u", "v"][this.#below(3)] ?? TAG;
      return meddles === "here" ? TAG : BESIDE;
    };
    let wait = this.#random() < 0.5 ? this.#below(90) : Infinity;
    let writes = 1 + this.#below(6);
    let times = 1 + this.#below(2);
    const meddle = ({ method, path }: Request): void => {
      if (times === 0) return;
      wait -= 1;
      if (method !== "GET" && method !== "HEAD" && !path.endsWith("/ping")) writes -= 1;
      if (wait > 0 && writes > 0) return;
      times -= 1;
      wait = this.#below(12);
      writes = 1 + this.#below(3);
      this.log.push(`meddles at ${method} ${path}`);
      this.#meddleWith(this.#random() < 0.5 ? "a" : "b", tagged());
    };
    const offs = (["a", "b"] as const).map((side) => this.scene.sandbox(side).onRequest(meddle));
    return () => offs.forEach((off) => off());
  }

  #meddleWith(side: Side, tag: string): void {
    if (this.scene.sandbox(side).faults.isDown()) return;
    if (this.#random() < 0.25) this.remove(side, tag);
    else this.push(side, `meddled ${this.ledger.writes.length}`, tag);
  }

  #read(report: PassReport): void {
    this.told.add(report, this.ledger);
    const reasons = findingsOf(report.content).map(({ kind, tag, reason }) => `${kind} ${tag}: ${reason}`);
    const remedies = report.remedies.map(
      ({ remedy, result, reason }) => `${remedy.kind} ${result} ${reason ?? ""}`,
    );
    const at = new Date(report.startedAt).toISOString().slice(11, 23);
    this.log.push(
      `${at} pass: ${report.verdict}; ${reasons.join("; ")} | ${remedies.join("; ")} | ${report.warnings.join("; ")}`,
    );
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
