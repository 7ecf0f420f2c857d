/**
 * Works on all of them, so many at a time, begun in their order and answered in it. The first that rejects makes all reject, once those that were
 * begun have ended; no other is begun then.
 */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  let failure: { readonly thrown: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const [at, item] of left) {
      if (failure !== undefined) return;
      try {
        results[at] = await work(item);
      } catch (thrown) {
        failure ??= { thrown };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (failure !== undefined) throw failure.thrown;
  return results;
}
