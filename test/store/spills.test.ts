import { expect, test } from "vitest";
import { openStore } from "../../src/store/embedded/open.ts";

test("what is put aside comes back in its order, each asker's own, until it is dropped", async () => {
  const store = await openStore({ path: ":memory:", isAlive: () => false, warn: () => undefined });
  const [one, two] = [await store.spills.open(), await store.spills.open()];
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  await one.put([
    { name: "p/a", bytes: bytes(1, 0, 255) },
    { name: "p/b", bytes: bytes(2) },
  ]);
  await two.put([{ name: "p/a", bytes: bytes(9) }]);
  await one.put([{ name: "p/a", bytes: bytes(3) }]);
  expect((await one.get("p/a")).map((part) => [...part])).toEqual([[1, 0, 255], [3]]);
  expect((await two.get("p/a")).map((part) => [...part])).toEqual([[9]]);
  await one.drop();
  expect(await one.get("p/a")).toEqual([]);
  expect(await two.get("p/a")).toHaveLength(1);
  await store.close();
});

test("a put that breaks off leaves nothing behind", async () => {
  const store = await openStore({ path: ":memory:", isAlive: () => false, warn: () => undefined });
  const spill = await store.spills.open();
  const parts = function* (): Iterable<{ name: string; bytes: Uint8Array }> {
    yield { name: "p/a", bytes: Uint8Array.of(1) };
    throw new Error("broken");
  };
  await expect(spill.put(parts())).rejects.toThrow("broken");
  expect(await spill.get("p/a")).toEqual([]);
  await store.close();
});

test("repositories that changed are told by time, and projects are none of them", async () => {
  const store = await openStore({ path: ":memory:", isAlive: () => false, warn: () => undefined });
  const fact = (id: number, repository: string) =>
    ({ id, at: id * 1000, act: "push", repository, tag: "v1", username: "admin" }) as const;
  await store.audit.append("a", { lastId: 4, lastAt: 4000 }, [
    fact(1, "p/old"),
    fact(2, "p/new"),
    fact(3, "p/new"),
    fact(4, "p"),
  ]);
  expect(await store.audit.changedSince("a", 2000)).toEqual(["p/new"]);
  expect(await store.audit.changedSince("b", 0)).toEqual([]);
  await store.close();
});
