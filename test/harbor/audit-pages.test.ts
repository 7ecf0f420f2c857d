import type { AxiosAdapter } from "axios";
import { afterEach, describe, expect, test } from "vitest";
import type { HarborPort } from "../../src/harbor/port.ts";
import { inMemoryAdapter } from "../../src/sandbox/memory-front.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxWorld, type SandboxWorld } from "../../src/sandbox/world.ts";
import { AutoClock } from "../support/auto-clock.ts";
import { CANARY, harborAt } from "../support/harbor-at.ts";

/** A Harbor that can't sort its audit log: it gives the newest entries first. */
class OldHarbor {
  readonly sandbox: Sandbox;
  readonly port: HarborPort;
  /** The pages of the log that were asked for. */
  readonly asked: number[] = [];
  before: (asked: number) => void = () => undefined;
  counts = true;
  readonly #clock = new AutoClock();
  readonly #world: SandboxWorld = createSandboxWorld({ clock: this.#clock });
  #changes = 0;

  constructor() {
    this.sandbox = this.#world.add({ name: "a", profile: "2.1", adminPassword: CANARY });
    this.port = harborAt(this.sandbox.url, { clock: this.#clock, adapter: this.#watched() });
  }

  /** Each is one more entry at the head of the log. */
  change(times: number): void {
    for (let i = 0; i < times; i += 1) {
      this.sandbox.push("team/app", `v${(this.#changes += 1)}`);
      this.#clock.advance(1_000);
      this.#world.catchUp();
    }
  }

  async ids(limit: number, afterId = 0): Promise<number[]> {
    this.asked.length = 0;
    return (await this.port.audit({ afterId, limit })).map(({ id }) => id);
  }

  #watched(): AxiosAdapter {
    const ask = inMemoryAdapter(this.#world);
    return async (config) => {
      const { pathname, searchParams } = new URL(`${config.baseURL ?? ""}${config.url ?? ""}`);
      if (!pathname.endsWith("/audit-logs")) return ask(config);
      const page = Number(searchParams.get("page") ?? (config.params as { page?: number }).page);
      this.before(this.asked.push(page));
      const answer = await ask(config);
      if (!this.counts) Reflect.deleteProperty(answer.headers, "x-total-count");
      return answer;
    };
  }
}

const open: OldHarbor[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.port.close();
});

/** The first entry is of the project. */
function withEntries(count: number): OldHarbor {
  const harbor = new OldHarbor();
  open.push(harbor);
  harbor.change(count - 1);
  return harbor;
}

function upTo(last: number, from = 1): number[] {
  return Array.from({ length: last - from + 1 }, (_, i) => from + i);
}

describe("an audit log that comes newest first", () => {
  test("is read to its oldest entry though one is added before its last page", async () => {
    const harbor = withEntries(200);
    harbor.before = (asked) => {
      if (asked === 2) harbor.change(1);
    };
    expect((await harbor.ids(1_000)).slice(0, 200)).toEqual(upTo(200));
  });

  test.each([1, 40])("has no hole where %i are added before each page", async (added) => {
    const harbor = withEntries(350);
    harbor.before = (asked) => {
      if (asked > 1) harbor.change(added);
    };
    expect((await harbor.ids(1_000)).slice(0, 350)).toEqual(upTo(350));
    expect((await harbor.ids(120, 30)).slice(0, 120)).toEqual(upTo(150, 31));
  });

  test.each([
    [50, [1]],
    [100, [1, 2]],
    [250, [1, 3]],
  ])("of %i entries gives the oldest, and asks for no page before those", async (count, pages) => {
    const harbor = withEntries(count);
    expect(await harbor.ids(20)).toEqual(upTo(20));
    expect(harbor.asked).toEqual(pages);
  });

  test.each([99, 100, 250])("of %i entries is read to its end where nobody counts them", async (count) => {
    const harbor = withEntries(count);
    harbor.counts = false;
    expect(await harbor.ids(1_000)).toEqual(upTo(count));
    expect(await harbor.ids(20, 30)).toEqual(upTo(50, 31));
  });
});
