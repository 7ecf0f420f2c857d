import type { Backup } from "../../src/sandbox/backup.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { ACCOUNTS, type Scene } from "../support/scene.ts";
import type { Chance } from "./chance.ts";
import type { Ledger } from "./ledger.ts";

/**
 * A wrong password locks its name for 1.5 s (goharbor/harbor src/core/auth/authenticator.go:151-160), and requests of before, which are late, may still
 * bring one.
 */
const LATE_LOGINS_MS = 120_000;

/** What befalls the Harbors, and how operators mend it. */
export class Troubles {
  /** No event was lost, and no backup put in place of what there was. */
  isLogWhole = true;
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  readonly #sandboxes: readonly Sandbox[];
  readonly #chance: Chance;
  readonly #note: (line: string) => void;
  readonly #rewound = new Set<string>();
  readonly #ill = new Set<string>();
  /** Of Harbors that got another one which is not declared yet. */
  readonly #lockedUntil = new Map<string, number>();
  readonly #passwords = new Map<string, string>();
  /** Those that are declared, where they are not the first. */
  readonly #declared = new Map<string, string>();
  #backup:
    { readonly of: Sandbox; readonly backup: Backup; readonly password: string | undefined } | undefined;

  constructor(
    scene: Scene,
    ledger: Ledger,
    sandboxes: readonly Sandbox[],
    chance: Chance,
    note: (line: string) => void,
  ) {
    this.#scene = scene;
    this.#ledger = ledger;
    this.#sandboxes = sandboxes;
    this.#chance = chance;
    this.#note = note;
  }

  /** Nothing befell it since it was mended. */
  /** Whether whoever began to ask it then had nothing to fear. */
  isWell(registry: string, since: number): boolean {
    return !this.#ill.has(registry) && since >= (this.#lockedUntil.get(registry) ?? 0);
  }

  begin(): void {
    const sandbox = this.#any();
    this.#ill.add(sandbox.name);
    const { faults } = sandbox;
    const kind = this.#chance.weighed({
      down: 5,
      hang: 1,
      loseEvents: 2,
      stopJobs: 2,
      restJobs: 2,
      restart: 2,
      loseRedis: 1,
      badGateway: 2,
      retention: 2,
      rotate: 1,
      anonymous: 0.5,
      sweep: 0.5,
    });
    this.#note(`trouble on ${sandbox.name}: ${kind}`);
    if (kind === "down") faults.down();
    else if (kind === "hang") faults.hang();
    else if (kind === "stopJobs") faults.stopJobservice();
    else if (kind === "restJobs") faults.pauseReplication();
    else if (kind === "badGateway")
      for (const one of this.#sandboxes) {
        one.faults.fail(502, { from: "replication" });
        this.#ill.add(one.name);
      }
    else if (kind === "retention") sandbox.runRetention("team", 1);
    else if (kind === "rotate") this.#rotate(sandbox);
    else if (kind === "anonymous") faults.anonymous();
    else if (kind === "sweep") sandbox.sweep();
    else this.#lose(sandbox, kind);
  }

  #lose(sandbox: Sandbox, kind: "loseEvents" | "restart" | "loseRedis"): void {
    this.isLogWhole = false;
    if (kind === "loseEvents") sandbox.faults.loseNextEvents(1 + this.#chance.below(2));
    else if (kind === "restart")
      sandbox.restart({ loseQueue: this.#chance.happens(0.6), loseJobs: this.#chance.happens(0.3) });
    else {
      sandbox.restart({ loseJobs: true });
      sandbox.forgetDescriptors();
    }
  }

  /** Another password at the Harbor; Tidelock's declaration follows when it is mended. */
  #rotate(sandbox: Sandbox): void {
    const password = `Rotated${this.#chance.below(1_000_000)}`;
    sandbox.faults.rotatePassword(ACCOUNTS.tidelock, password);
    this.#passwords.set(sandbox.name, password);
  }

  skew(sandbox: Sandbox, byMs: number): void {
    sandbox.faults.clockSkew(byMs);
    this.#ledger.clockSet(sandbox.name, byMs);
  }

  /** Also its clock is set right. */
  mend(sandbox = this.#any()): void {
    this.#note(`${sandbox.name} is mended`);
    sandbox.faults.clear();
    this.#ledger.clockSet(sandbox.name, 0);
    this.#ill.delete(sandbox.name);
    const password = this.#passwords.get(sandbox.name);
    if (password === undefined) return;
    this.#passwords.delete(sandbox.name);
    this.#declared.set(sandbox.name, password);
    this.#lockedUntil.set(sandbox.name, this.#scene.clock.now() + LATE_LOGINS_MS);
    this.#scene.login(sandbox.name, { username: ACCOUNTS.tidelock, password });
  }

  /** A backup is taken, and put in place a while later. True when one was put in place. */
  backUp(): boolean {
    if (this.#backup === undefined) {
      const of = this.#any();
      this.#backup = { of, backup: of.faults.backup(), password: this.#declared.get(of.name) };
      this.#note(`backup of ${of.name}`);
      return false;
    }
    const { of, backup, password } = this.#backup;
    this.#backup = undefined;
    // It brings the password of then.
    if (this.#passwords.has(of.name) || this.#declared.get(of.name) !== password) return false;
    this.isLogWhole = false;
    of.faults.restore(backup);
    this.#note(`${of.name} came back from its backup`);
    this.#ledger.restored(of.name);
    this.#rewound.add(of.name);
    return true;
  }

  /** Everything is repaired, and people stop what hangs for ever. */
  async end(): Promise<void> {
    for (const sandbox of this.#sandboxes) this.mend(sandbox);
    await this.accept();
    if (!this.isLogWhole) await this.#stopUnfinished();
  }

  /** A person accepts what came back older. */
  async accept(): Promise<void> {
    for (const { name } of this.#sandboxes) {
      const rewinds = await this.#scene.store.memory.rewinds(name);
      if (!this.#rewound.delete(name) && rewinds.length === 0) continue;
      this.#note(
        `${name} is accepted as it is: ${rewinds.map(({ project, reason }) => `${project} ${reason}`).join(", ")}`,
      );
      await this.#scene.store.memory.accept(name);
    }
  }

  /** As an operator does with jobs that a backup or a restart left unfinished: nobody works on them, and Harbor keeps them for days. */
  async #stopUnfinished(): Promise<void> {
    await this.#scene.rest();
    for (const { name } of this.#sandboxes) {
      const port = this.#scene.port(name);
      for (const { id } of await port.replicationPolicies()) {
        const executions = await port.executions({ policyId: id, limit: 50 });
        for (const one of executions) if (one.state === "running") await port.stopExecution(one.id);
      }
    }
  }

  #any(): Sandbox {
    const [first, ...rest] = this.#sandboxes;
    if (first === undefined) throw new Error("nothing to break");
    return this.#chance.of(first, ...rest);
  }
}
