import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProjectRows, RowBudget } from "../../src/catalog/project-rows.ts";
import { DOUBTFUL } from "../../src/catalog/repository-rows.ts";
import type { ListedArtifact } from "../../src/observed/model.ts";
import { openStore } from "../../src/store/embedded/open.ts";
import type { SpillStore, Store } from "../../src/store/store.ts";
import { selects } from "../../src/topology/selection.ts";

const EVERYTHING = selects({ projects: ["**"], repositories: ["**"], tags: "**", excludeTags: [] });

function memoryStore(): Promise<Store> {
  return openStore({ path: ":memory:", isAlive: () => false, warn: () => undefined });
}

const NO_DISK: SpillStore = { open: () => Promise.reject(new Error("the disk is full")) };
const FULL_DISK: SpillStore = {
  open: () =>
    Promise.resolve({
      put: (parts) => {
        // It is written to its end before it turns out to be too much.
        for (const { bytes } of parts) expect(bytes.length).toBeGreaterThan(0);
        return Promise.reject(new Error("the disk is full"));
      },
      get: () => Promise.resolve([]),
      drop: () => Promise.resolve(),
    }),
};

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.nat({ max: 15 }).map((digit) => digit.toString(16)),
      { minLength: length, maxLength: length },
    )
    .map((all) => all.join(""));
const digest = fc.oneof(
  hex(64).map((text) => `sha256:${text}`),
  hex(128).map((text) => `sha512:${text}`),
);
const artifact: fc.Arbitrary<ListedArtifact> = fc.record({
  id: fc.nat(),
  digest,
  repository: fc.constantFrom("p/a", "p/b/c", "p/d"),
  tags: fc.array(
    fc.record({
      name: fc.constantFrom("v1", "v2", "größe", "v3"),
      pushedAt: fc.integer({ min: 0, max: 4e12 }),
      immutable: fc.constant(false),
    }),
    { maxLength: 3 },
  ),
  accessories: fc.array(fc.record({ digest, type: fc.constant("signature.cosign"), attachedAt: fc.nat() }), {
    maxLength: 2,
  }),
});
const pages = fc.array(fc.array(artifact, { maxLength: 5 }), { maxLength: 8 });

async function read(
  listed: readonly (readonly ListedArtifact[])[],
  { limit, spills }: { readonly limit: number; readonly spills: SpillStore },
): Promise<ProjectRows> {
  const place = { budget: new RowBudget(limit), spills };
  const rows = new ProjectRows(place, EVERYTHING, { linksSubjects: false });
  for (const page of listed) {
    for (const one of page) rows.add(one, 0);
    await rows.makeRoom();
  }
  return rows;
}

/** Everything that can be asked of what was read. */
async function contents(rows: ProjectRows): Promise<unknown> {
  const names = [...rows.repositories()].toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const { readings, size, attached, tags, print } = await rows.of(name).then((one) => ({
        readings: [...one.readings],
        size: one.size,
        attached: one.attached,
        tags: [...one.tags],
        print: one.print(),
      }));
      const accessories = tags.map(([, subject]) => [attached.of(subject), attached.isLoose(subject)]);
      return { name, readings, size, accessories, tags, print };
    }),
  );
}

describe("the rows of a project", () => {
  test("come out as a plain map of them would have them", async () => {
    await fc.assert(
      fc.asyncProperty(pages, async (listed) => {
        const rows = await read(listed, { limit: 1e6, spills: NO_DISK });
        const expected = new Map<string, Map<string, { digest: string; pushedAt: number }>>();
        for (const { repository, digest: held, tags } of listed.flat()) {
          for (const { name, pushedAt } of tags) {
            const of = expected.get(repository) ?? new Map<string, { digest: string; pushedAt: number }>();
            expected.set(repository, of);
            const known = of.get(name);
            const isDoubled = known !== undefined && known.digest !== held;
            of.set(name, { digest: isDoubled ? DOUBTFUL : held, pushedAt });
          }
        }
        expect([...rows.repositories()].toSorted()).toEqual([...expected.keys()].toSorted());
        for (const [name, of] of expected) expect((await rows.of(name)).readings).toEqual(of);
      }),
      { numRuns: 100 },
    );
  });

  test("are the same whether they waited on the disk or in memory, and where there is no disk", async () => {
    const store = await memoryStore();
    await fc.assert(
      fc.asyncProperty(pages, fc.nat({ max: 12 }), async (listed, limit) => {
        const inMemory = await contents(await read(listed, { limit: 1e6, spills: NO_DISK }));
        for (const spills of [store.spills, NO_DISK, FULL_DISK]) {
          const rows = await read(listed, { limit, spills });
          expect(await contents(rows)).toEqual(inMemory);
          await rows.close();
        }
      }),
      { numRuns: 60 },
    );
    await store.close();
  });

  test("keep their order where a full disk is met while more come", async () => {
    const place = { budget: new RowBudget(0), spills: FULL_DISK };
    const rows = new ProjectRows(place, EVERYTHING, { linksSubjects: true });
    rows.add(tagged("p/a", "v1"), 0);
    const made = rows.makeRoom();
    rows.add(tagged("p/a", "v2"), 0);
    await made;
    rows.add(tagged("p/a", "v3"), 0);
    expect([...(await rows.of("p/a")).tags].map(([tag]) => tag)).toEqual(["v1", "v2", "v3"]);
  });

  test("are the same whatever lanes they came by, and however these took turns", async () => {
    const store = await memoryStore();
    const turns = fc.array(fc.nat({ max: 2 }), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(pages, pages, pages),
        turns,
        fc.nat({ max: 12 }),
        async (lanes, order, limit) => {
          const inOrder = await contents(await read(lanes.flat(), { limit: 1e6, spills: NO_DISK }));
          const place = { budget: new RowBudget(limit), spills: store.spills };
          const rows = new ProjectRows(place, EVERYTHING, { linksSubjects: false });
          const left = lanes.map((lane) => [...lane]);
          for (const lane of [...order, ...[0, 1, 2].flatMap((one) => Array<number>(8).fill(one))]) {
            for (const one of left[lane]?.shift() ?? []) rows.add(one, lane);
            await rows.makeRoom();
          }
          expect(await contents(rows)).toEqual(inOrder);
          await rows.close();
        },
      ),
      { numRuns: 60 },
    );
    await store.close();
  });

  test("never are more in memory than the budget and one page", async () => {
    const store = await memoryStore();
    const budget = new RowBudget(100);
    let most = 0;
    const hold = budget.hold.bind(budget);
    let held = 0;
    budget.hold = (rows) => {
      hold(rows);
      held += rows;
      most = Math.max(most, held);
    };
    const rows = new ProjectRows({ budget, spills: store.spills }, EVERYTHING, { linksSubjects: true });
    for (let page = 0; page < 50; page += 1) {
      for (let i = 0; i < 20; i += 1) rows.add(tagged(`p/r${i % 3}`, `v${page}-${i}`), 0);
      await rows.makeRoom();
    }
    expect(most).toBeLessThanOrEqual(120);
    expect((await rows.of("p/r0")).size).toBe(350);
    await rows.close();
    expect(held).toBe(0);
    await store.close();
  });
});

describe("the print of a repository", () => {
  const base = ["v1", "v2", "v3"].map((tag, i) => tagged("p/a", tag, i));

  async function printOf(listed: readonly ListedArtifact[]): Promise<string> {
    return (await (await read([listed], { limit: 1e6, spills: NO_DISK })).of("p/a")).print();
  }

  test("tells every difference in tags, digests and push times", async () => {
    const prints = await Promise.all(
      [
        base,
        base.slice(1),
        base.toReversed(),
        [...base, tagged("p/a", "v4")],
        base.with(1, tagged("p/a", "v2x", 1)),
        base.with(1, { ...tagged("p/a", "v2", 1), digest: `sha256:${"e".repeat(64)}` }),
        base.with(1, { ...tagged("p/a", "v2", 1), digest: `sha512:${"0".repeat(128)}` }),
        base.with(1, tagged("p/a", "v2", 7)),
      ].map(printOf),
    );
    expect(new Set(prints).size).toBe(prints.length);
    expect(await printOf(base)).toBe(prints[0]);
  });
});

function tagged(repository: string, name: string, pushedAt = 0): ListedArtifact {
  return {
    id: 1,
    digest: `sha256:${"0".repeat(64)}`,
    repository,
    tags: [{ name, pushedAt, immutable: false }],
    accessories: [],
  };
}
