import { isHealPolicyName } from "../../src/desired/names.ts";
import type { ContentEvent } from "../../src/sandbox/content-event.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { RESCUE_TAG_PREFIX } from "../../src/topology/selection.ts";
import { ACCOUNTS, tagsOf, type Scene } from "../support/scene.ts";

/** What a ledger and the invariants look at: sandboxes under one topology, and the store of whoever heals them. */
export type Watched = Pick<Scene, "sandbox" | "clock" | "store" | "topology">;

/** `harbor` are its own jobs: copies along event policies, retention, what a backup brings back. */
export type Writer = "person" | "harbor" | "tidelock";

/** One change of one tag of one registry, or a push of what stood there already. */
export interface Write {
  /** Of all writes, ascending. */
  readonly seq: number;
  readonly at: number;
  /** The same by the clock of that registry, which may be wrong, or be set right. */
  readonly stamp: number;
  readonly registry: string;
  /** `repository:tag`. */
  readonly name: string;
  readonly by: Writer;
  readonly operator: string;
  /** Undefined: the tag was removed. */
  readonly digest: string | undefined;
  readonly before: string | undefined;
  /** What persons had done to the tag here, that was not known where this came from. */
  readonly overtakes: readonly Write[];
  /** The last thing that a person had done to the tag where this came from. */
  readonly rests?: Write;
  /** What stood here, and was put back or removed by what it rests on. */
  readonly knew: ReadonlySet<Write>;
}

interface Standing {
  readonly digest: string | undefined;
  /** Everything that persons did to the tag, here or in what was copied here. */
  readonly known: ReadonlySet<Write>;
}

const NOTHING: Standing = { digest: undefined, known: new Set() };

/** What was done to every tag of some registries, by whom, and what of it was known where; kept apart from everything that Tidelock reads. */
export class Ledger {
  readonly writes: Write[] = [];
  readonly #standing = new Map<string, Standing>();
  readonly #sandboxes: readonly Sandbox[];
  readonly #now: () => number;
  readonly #tell: (line: string) => void;
  /** What the clock of a registry is ahead by now. */
  readonly #skews = new Map<string, number>();

  readonly registries: readonly string[];

  constructor(scene: Watched, registries: readonly string[], tell: (line: string) => void) {
    this.#tell = tell;
    this.registries = registries;
    this.#sandboxes = registries.map((name) => scene.sandbox(name));
    this.#now = () => scene.clock.now();
    for (const sandbox of this.#sandboxes)
      sandbox.onContent((event, stamp) => this.#note(sandbox.name, event, stamp));
  }

  of(registry: string, name: string): readonly Write[] {
    return this.writes.filter((write) => write.registry === registry && write.name === name);
  }

  names(): string[] {
    return [...new Set(this.writes.map(({ name }) => name))].filter((name) => !isRescue(name));
  }

  /** The clock of a registry goes wrong by so much, or is set right by 0. */
  clockSet(registry: string, skewMs: number): void {
    this.#skews.set(registry, skewMs);
  }

  /** When something was written, as all believe who see its time now and know by how much that registry's clock is wrong now. */
  believedAt({ registry, stamp }: Write): number {
    return stamp - (this.#skews.get(registry) ?? 0);
  }

  /** After a backup was put in place of a registry: what is gone now was lost by that. */
  restored(registry: string): void {
    const sandbox = this.#sandboxes.find(({ name }) => name === registry);
    const now = sandbox === undefined ? {} : tagsOf(sandbox);
    for (const name of new Set([...this.names(), ...Object.keys(now)])) {
      if (this.#of(registry, name).digest === now[name]) continue;
      this.#add(registry, name, this.#now(), ["harbor", "a backup", now[name]]);
    }
  }

  #note(registry: string, { kind, repository, digest, tags, operator }: ContentEvent, stamp: number): void {
    const removes = kind === "delete-tag" || kind === "delete-artifact";
    if (!removes && kind !== "push" && kind !== "create-tag") return;
    const by = this.#writer(operator);
    for (const tag of tags) {
      this.#add(registry, `${repository}:${tag}`, stamp, [by, operator, removes ? undefined : digest]);
    }
  }

  #writer(operator: string): Writer {
    if (operator === ACCOUNTS.tidelock) return "tidelock";
    if (operator === "harbor-jobservice") return "harbor";
    if (operator !== ACCOUNTS.replication) return "person";
    const policies = this.#sandboxes.map((sandbox) => sandbox.copyingFor() ?? "");
    return policies.some(isHealPolicyName) ? "tidelock" : "harbor";
  }

  #add(
    registry: string,
    name: string,
    stamp: number,
    [by, operator, digest]: readonly [Writer, string, string | undefined],
  ): void {
    const here = this.#of(registry, name);
    const there = by === "person" ? [] : this.#holders(registry, name, digest);
    const isCopy = there.length > 0;
    const source = isCopy ? new Set(there.flatMap((one) => [...this.#of(one, name).known])) : here.known;
    const overtakes = [...here.known].filter((write) => !source.has(write));
    const rests = by === "person" ? undefined : lastOf(source);
    const write: Write = {
      seq: this.writes.length + 1,
      at: this.#now(),
      stamp,
      registry,
      name,
      by,
      operator,
      digest,
      before: here.digest,
      overtakes,
      knew: here.known,
      ...(rests === undefined ? {} : { rests }),
    };
    this.writes.push(write);
    this.#tell(describeWrite(write));
    const known = new Set([...here.known, ...source, ...(by === "person" ? [write] : [])]);
    this.#standing.set(`${registry} ${name}`, { digest, known });
    if (isCopy) this.merge(name, [registry, ...there]);
  }

  /** From now on these sides know of the tag what any of them knows: they agreed, or were seen to differ by a deletion. */
  merge(name: string, registries = this.registries): void {
    const all = registries.map((registry) => [registry, this.#of(registry, name)] as const);
    const known = new Set(all.flatMap(([, standing]) => [...standing.known]));
    for (const [registry, { digest }] of all) this.#standing.set(`${registry} ${name}`, { digest, known });
  }

  #of(registry: string, name: string): Standing {
    return this.#standing.get(`${registry} ${name}`) ?? NOTHING;
  }

  /** Where else that very image stands under the tag. */
  #holders(registry: string, name: string, digest: string | undefined): string[] {
    if (digest === undefined) return [];
    return this.registries.filter((one) => one !== registry && this.#of(one, name).digest === digest);
  }
}

export function isRescue(name: string): boolean {
  return name.includes(`:${RESCUE_TAG_PREFIX}`);
}

function lastOf(writes: Iterable<Write>): Write | undefined {
  return [...writes].reduce<Write | undefined>(
    (last, one) => (last === undefined || one.seq > last.seq ? one : last),
    undefined,
  );
}

/** One line for a log. */
export function describeWrite({ at, registry, name, by, operator, digest, before }: Write): string {
  const what = digest === undefined ? "removes" : before === undefined ? "sets" : "moves";
  return `${new Date(at).toISOString().slice(11, 23)} ${by} (${operator}) ${what} ${registry} ${name} ${short(before)}→${short(digest)}`;
}

export function short(digest: string | undefined): string {
  return digest?.slice(7, 13) ?? "-";
}
