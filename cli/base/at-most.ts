/**
 * Does work for each item, some at once, begun in their order.
 *
 * @param limit how many are at work at once
 * @throws the first error, when those under way have ended; after it none begins
 */
export async function atMost<Item>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  // All draw from the same iterator.
  const left = items.values();
  const errors: unknown[] = [];
  const one = async () => {
    for (const item of left) {
      if (errors.length > 0) return;
      await work(item).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, one));
  if (errors.length > 0) throw errors[0];
}
