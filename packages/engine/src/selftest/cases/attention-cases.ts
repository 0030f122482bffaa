import type { Tensor2D } from '@tensorflow/tfjs-core';
import { tensor2d } from '@tensorflow/tfjs-core';
import { attention } from '../../ops/attention.js';
import { rotary } from '../../ops/rotary.js';
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
        query: query as Tensor2D,
        key: key as Tensor2D,
        value: value as Tensor2D,
        batch,
        headCount: heads,
        keyValueHeadCount: groups,
        ...(bias && { bias }),
      }),
    (query, key, value, bias) => attention64(query!, key!, value!, bias, sizes),
  );
}

/** Element i of a head turns with element i + d/2, by a row's own angles; the sine's first half is negated. */
function rotary64(x: Array64, cosine: Array64, sine: Array64): Array64 {
  const [width, size] = [x.shape[1]!, cosine.shape[1]!];
  return array64(x.shape, (index) => {
    const [row, element] = [Math.floor(index / width), index % size];
    const other = element < size / 2 ? index + size / 2 : index - size / 2;
    const angle = row * size + element;
    return x.values[index]! * cosine.values[angle]! + x.values[other]! * sine.values[angle]!;
  });
}

/** Tables of angles are not differentiated. */
const ROTARY_CASES: readonly OpCase[] = (
  [
    ['', 5, 3, 4],
    ['one row, one pair', 1, 1, 2],
    ['a large batch', 64, 4, 16],
  ] as const
).flatMap(([detail, rows, heads, size]) => {
  const angle = (index: number) => Math.floor(index / size) * 0.3 + (index % (size / 2));
  const table = (valueAt: (index: number) => number) => array64([rows, size], valueAt);
  const cosine = table((index) => Math.fround(Math.cos(angle(index))));
  const sine = table((index) => Math.fround(Math.sin(angle(index)) * (index % size < size / 2 ? -1 : 1)));
  const tensor = ({ values }: Array64) => tensor2d(Float32Array.from(values), [rows, size]);
  return casesOf(
    'rotary',
    [[detail, ...drawnInputs([rows, heads * size])]],
    (x) => rotary(x as Tensor2D, tensor(cosine), tensor(sine)),
    (x) => rotary64(x!, cosine, sine),
  );
});

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
  ...attentionCases('uneven heads', { batch: 1, heads: 2, groups: 1, queries: 14, keys: 37, width: 20 }),
  ...attentionCases('whole vectors', { batch: 2, heads: 2, groups: 2, queries: 13, keys: 32, width: 32 }),
  ...ROTARY_CASES,
];
