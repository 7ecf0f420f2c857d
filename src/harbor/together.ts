/** What all of them give, as it comes. A failure of one ends all, and so does who stops reading early. */
export async function* together<Item>(parts: readonly AsyncIterable<Item>[]): AsyncIterable<Item> {
  const coming = new Map(
    parts.map((part) => {
      const items = part[Symbol.asyncIterator]();
      return [items, nextOf(items)] as const;
    }),
  );
  try {
    while (coming.size > 0) {
      const { items, next } = await Promise.race(coming.values());
      // Put behind the others, which come first where several are ready.
      coming.delete(items);
      if (next.done === true) continue;
      coming.set(items, nextOf(items));
      yield next.value;
    }
  } finally {
    await Promise.allSettled([...coming.keys()].map(async (items) => items.return?.()));
  }
}

function nextOf<Item>(
  items: AsyncIterator<Item>,
): Promise<{ readonly items: AsyncIterator<Item>; readonly next: IteratorResult<Item> }> {
  const next = items.next().then((result) => ({ items, next: result }));
  next.catch(() => undefined);
  return next;
}
