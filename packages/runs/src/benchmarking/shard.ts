import { argumentError } from '../arguments/argument-error.js';

/** Every `count`-th item, from the `index`-th on; counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** @throws EimError `invalid-argument` where the text is not `i/n` with 1 <= i <= n */
export function readShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match && index >= 1 && index <= count) return { index, count };
  throw argumentError(`--shard is "${text}".`, 'Write i/n, such as 1/4 for the first of four.');
}

export function itemsOfShard<Item>(items: readonly Item[], { index, count }: Shard): Item[] {
  return items.filter((_, place) => place % count === index - 1);
}
