/** So many of a list, at equal distances. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  const taken = Math.min(items.length, count);
  return Array.from({ length: taken }, (_, index) => items[Math.floor((index * items.length) / taken)]!);
}
