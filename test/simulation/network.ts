import type { AxiosAdapter } from "axios";
import type { Clock } from "../../src/clock.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Chance } from "./chance.ts";
import type { Tally } from "./tally.ts";

const LATENCY_MS = 3;
/** Longer than a lease lasts. */
const LONGEST_DELAY_MS = 90_000;

/** How likely each mishap is, for one request. */
export interface Weather {
  readonly delayed: number;
  readonly doubled: number;
  readonly cut: number;
}

export const CALM: Weather = { delayed: 0, doubled: 0, cut: 0 };
export const STORM: Weather = { delayed: 0.01, doubled: 0.02, cut: 0.02 };

/** The way between Tidelock and the Harbors: what is sent may come late, twice, or not whole. */
export class Network {
  weather: Weather = CALM;
  readonly #inner: AxiosAdapter;
  readonly #clock: Clock & { advance(ms: number): void };
  readonly #chance: Chance;
  readonly #tally: Tally;
  readonly #at: (url: string) => Sandbox | undefined;

  constructor(
    inner: AxiosAdapter,
    at: (url: string) => Sandbox | undefined,
    clock: Clock & { advance(ms: number): void },
    chance: Chance,
    tally: Tally,
  ) {
    this.#inner = inner;
    this.#at = at;
    this.#clock = clock;
    this.#chance = chance;
    this.#tally = tally;
  }

  readonly send: AxiosAdapter = async (config) => {
    const { delayed, doubled, cut } = this.weather;
    this.#clock.advance(LATENCY_MS);
    if (this.#chance.happens(delayed)) await this.#clock.sleep(this.#chance.below(LONGEST_DELAY_MS));
    if (this.#chance.happens(doubled)) await this.#inner(config).catch(() => undefined);
    if (this.#chance.happens(cut)) this.#cut(config.url ?? "");
    const answer = await this.#inner(config);
    if (this.#chance.happens(delayed)) await this.#clock.sleep(this.#chance.below(LONGEST_DELAY_MS));
    return answer;
  };

  /** The very next request to that Harbor: broken before or after it took effect, or answered by half. */
  #cut(url: string): void {
    this.#tally.cuts += 1;
    const faults = this.#at(url)?.faults;
    const once = { times: 1, from: "client" } as const;
    if (this.#chance.happens(0.3)) faults?.truncate(once);
    else faults?.reset({ ...once, applied: this.#chance.happens(0.6) });
  }
}
