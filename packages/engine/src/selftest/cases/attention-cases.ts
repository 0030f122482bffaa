import type { Tensor2D } from '@tensorflow/tfjs-core';
import { attention } from '../../ops/attention.js';
import { type Array64, array64, indexOf } from '../array64.js';
import { casesOf, drawnInputs, type OpCase } from '../op-case.js';
import { softmaxRow64 } from './row-cases.js';

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly groups: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
}

/** Attention by its definition, head by head and row by row. */
function attention64(query: Array64, key: Array64, value: Array64, bias: Array64 | undefined, sizes: Sizes) {
  const { batch, heads, groups, queries, keys, width } = sizes;
  const result = array64([batch * queries, heads * width], () => 0);
  for (let b = 0; b < batch; b++)
    for (let head = 0; head < heads; head++) {
      const group = Math.floor(head / (heads / groups));
      const at = (row: number, channel: number) => row * groups * width + group * width + channel;
      for (let q = 0; q < queries; q++) {
        const start = (b * queries + q) * heads * width + head * width;
        const scores = Float64Array.from({ length: keys }, (_, k) => {
          let dot = 0;
          for (let c = 0; c < width; c++) dot += query.values[start + c]! * key.values[at(b * keys + k, c)]!;
          return dot / Math.sqrt(width) + (bias ? bias.values[indexOf([b, head, q, k], bias.shape)]! : 0);
        });
        const { probabilities } = softmaxRow64(scores);
        for (let c = 0; c < width; c++)
          result.values[start + c] = probabilities.reduce(
            (sum, share, k) => sum + share * value.values[at(b * keys + k, c)]!,
            0,
          );
      }
    }
  return result;
}

function attentionCases(detail: string, sizes: Sizes, biasShape?: readonly number[]): OpCase[] {
  const { batch, heads, groups, queries, keys, width } = sizes;
  const shapes = [
    [batch * queries, heads * width],
    [batch * keys, groups * width],
    [batch * keys, groups * width],
    ...(biasShape ? [biasShape] : []),
  ];
  return casesOf(
    'attention',
    [[detail, ...drawnInputs(...shapes)]],
    (query, key, value, bias) =>
      attention({
        ...{ query: query as Tensor2D, key: key as Tensor2D, value: value as Tensor2D, batch },
        ...{ headCount: heads, keyValueHeadCount: groups },
        ...(bias && { bias }),
      }),
    (query, key, value, bias) => attention64(query!, key!, value!, bias, sizes),
  );
}

export const ATTENTION_CASES: readonly OpCase[] = [
  ...attentionCases('', { batch: 2, heads: 2, groups: 2, queries: 4, keys: 4, width: 3 }),
  ...attentionCases('one query', { batch: 3, heads: 2, groups: 2, queries: 1, keys: 5, width: 4 }),
  ...attentionCases('one key', { batch: 2, heads: 1, groups: 1, queries: 3, keys: 1, width: 2 }),
  ...attentionCases('shared key heads', { batch: 2, heads: 4, groups: 2, queries: 3, keys: 5, width: 2 }),
  ...attentionCases(
    'with a bias',
    { batch: 2, heads: 2, groups: 1, queries: 3, keys: 4, width: 4 },
    [2, 1, 3, 4],
  ),
  ...attentionCases(
    'a large batch',
    { batch: 8, heads: 4, groups: 4, queries: 12, keys: 12, width: 8 },
    [1, 1, 12, 12],
  ),
];
