import type { AxiosAdapter } from "axios";
import type { Store } from "../../src/store/store.ts";

/**
 * Stands for one running program that may be killed between any two effects: requests and writes to the store. After that nothing that it does takes
 * effect, its clean-ups neither.
 */
export class Mortal {
  readonly owner: string;
  /** Resolves when it is killed. */
  readonly death: Promise<void>;
  #left = Infinity;
  #isDead = false;
  #die: () => void = () => undefined;
  /** Never settles: what it would have seen next. Its own, so that what waits for it is let go of with it. */
  readonly #next = new Promise<never>(() => undefined);

  constructor(owner: string) {
    this.owner = owner;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Dies at that effect from now; with a fraction, right after it, and else right before. */
  dieAfter(effects: number): void {
    this.#left = effects;
  }

  kill(): void {
    this.#isDead = true;
    this.#die();
  }

  async effect<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#left -= 1;
    if (this.#left <= 0) this.kill();
    if (this.isDead) return await this.#next;
    const settled = await work().then(
      (value) => () => value,
      (thrown: unknown) => () => {
        throw thrown;
      },
    );
    if (this.#left < 1) this.kill();
    return this.#left < 1 || this.#isDead ? await this.#next : settled();
  }
}

export function mortalAdapter(adapter: AxiosAdapter, mortal: Mortal): AxiosAdapter {
  return (config) => mortal.effect(() => adapter(config));
}

/** The store as that program sees it; its leases are held in its own name. */
export function mortalStore(store: Store, mortal: Mortal): Store {
  const guarded = new Map<unknown, unknown>();
  const leases: Store["leases"] = {
    take: (topology, _, now, forMs) =>
      mortal.effect(() => store.leases.take(topology, mortal.owner, now, forMs)),
    release: (topology) => mortal.effect(() => store.leases.release(topology, mortal.owner)),
    holder: (topology) => mortal.effect(() => store.leases.holder(topology)),
  };
  return new Proxy(store, {
    get(target, name) {
      const port: unknown = Reflect.get(target, name);
      if (name === "leases") return leases;
      if (typeof port !== "object" || port === null) return port;
      if (!guarded.has(port)) guarded.set(port, guard(port, mortal));
      return guarded.get(port);
    },
  });
}

function guard<Port extends object>(port: Port, mortal: Mortal): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...given: unknown[]) =>
        mortal.effect(async (): Promise<unknown> => await Reflect.apply(method, target, given));
    },
  });
}
