import { Part, PART_NAMES, type PartName } from "./part.ts";

/** Which requests a fault strikes; nothing said is every request, for ever. */
export interface Where {
  /** Part of the path with its query, or a pattern for it. */
  readonly path?: string | RegExp;
  readonly method?: string;
  /** Only so many requests. */
  readonly times?: number;
  /** Only requests of clients, or only those of other Harbors' replications. */
  readonly from?: Sender;
}

export type Sender = "client" | "replication";

export type Effect =
  | { readonly kind: "hang" }
  /** The connection breaks, after so many bytes of the body if said; `applied` tells whether the request took effect. */
  | { readonly kind: "reset"; readonly afterBytes: number | undefined; readonly applied: boolean }
  | { readonly kind: "slow"; readonly ms: number }
  | { readonly kind: "fail"; readonly status: number; readonly applied: boolean }
  | { readonly kind: "nonsense" }
  | { readonly kind: "truncate" }
  | { readonly kind: "busy"; readonly retryAfter: string };

interface Rule {
  readonly where: Where;
  readonly effect: Effect;
  left: number;
}

/** What is wrong with a sandbox right now. */
export class FaultTable {
  readonly #now: () => number;
  readonly parts: Readonly<Record<PartName, Part>> = {
    registry: new Part(),
    jobservice: new Part(),
    registryctl: new Part(),
  };
  down = false;
  anonymous = false;
  emptyListing = false;
  replicationPaused = false;
  skewMs = 0;
  eventsToLose = 0;
  readonly hiddenProjects = new Set<string>();
  #rules: Rule[] = [];
  #hanging: (() => void)[] = [];

  /** `now` is not skewed: the machine's processes die when they die. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get jobserviceStopped(): boolean {
    return this.parts.jobservice.stopped;
  }

  get registryStopped(): boolean {
    return this.parts.registry.stopped;
  }

  setStopped(part: PartName, stopped: boolean): void {
    this.parts[part].set(stopped, this.#now());
  }

  add(effect: Effect, where: Where): void {
    this.#rules.push({ where, effect, left: where.times ?? Infinity });
  }

  /** The effects that strike this request; counts it against rules that end. */
  strike(method: string, target: string, from: Sender): Effect[] {
    const struck = this.#rules.filter((rule) => rule.left > 0 && covers(rule.where, method, target, from));
    for (const rule of struck) rule.left--;
    this.#rules = this.#rules.filter((rule) => rule.left > 0);
    return struck.map((rule) => rule.effect);
  }

  /** Waits for the end of a hang. */
  whenHangOver(resume: () => void): void {
    this.#hanging.push(resume);
  }

  /** Breaks the connections that hang. */
  breakHanging(): void {
    const hanging = this.#hanging;
    this.#hanging = [];
    for (const resume of hanging) resume();
  }

  clear(): void {
    this.anonymous = false;
    this.emptyListing = false;
    for (const part of PART_NAMES) this.setStopped(part, false);
    this.replicationPaused = false;
    this.skewMs = 0;
    this.eventsToLose = 0;
    this.hiddenProjects.clear();
    this.#rules = [];
  }
}

function covers(where: Where, method: string, target: string, from: Sender): boolean {
  if (where.method !== undefined && where.method !== method) return false;
  if (where.from !== undefined && where.from !== from) return false;
  if (where.path === undefined) return true;
  return typeof where.path === "string" ? target.includes(where.path) : where.path.test(target);
}
