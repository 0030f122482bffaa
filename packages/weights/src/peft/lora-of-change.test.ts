import { expect, test } from 'vitest';
import { loraOfChange } from './lora-of-change.js';
import { addLowRank } from './low-rank-addition.js';
import { lowRankFactors } from './low-rank-factors.js';

const drawn = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, at) => Math.sin((at + 1) ** 2 + 7 * seed) * 0.7);
const tensor = (name: string, shape: number[], seed: number) => ({
  name,
  shape,
  values: drawn(
    shape.reduce((product, side) => product * side, 1),
    seed,
  ),
});

test('a matrix is taken apart at the rank that it has', () => {
  const [left, right] = [drawn(12 * 3, 1), drawn(3 * 9, 2)];
  const values = new Float32Array(12 * 9);
  addLowRank(values, 0, { left, right, rank: 3, columns: 9, scale: 2 });
  const matrix = Float64Array.from(values);
  const found = lowRankFactors(matrix, [12, 9], { tolerance: 1e-6, mostRank: 4 })!;
  expect(found.rank).toBe(3);
  const again = new Float32Array(12 * 9);
  addLowRank(again, 0, { ...found, columns: 9, scale: 1 });
  for (const [at, value] of again.entries()) expect(Math.abs(value - values[at]!)).toBeLessThan(2e-6);
  expect(lowRankFactors(matrix, [12, 9], { tolerance: 1e-6, mostRank: 2 })).toBeUndefined();
  expect(lowRankFactors(new Float64Array(12), [3, 4], { tolerance: 0, mostRank: 1 })).toMatchObject({
    rank: 0,
  });
});

const before = [
  tensor('model.embed_tokens.weight', [12, 8], 1),
  tensor('model.layers.0.self_attn.q_proj.weight', [10, 8], 2),
  tensor('model.layers.0.mlp.up_proj.weight', [14, 8], 3),
  tensor('model.layers.0.mlp.up_proj.bias', [14], 4),
  tensor('model.norm.weight', [8], 5),
];
const change = (name: string, values: (before: Float32Array) => Float32Array) =>
  before.map((one) => (one.name === name ? { ...one, values: values(one.values) } : one));
const added = (rows: number, columns: number, rank: number) => (values: Float32Array) => {
  const result = Float32Array.from(values);
  addLowRank(result, 0, {
    left: drawn(rows * rank, 6),
    right: drawn(rank * columns, 7),
    rank,
    columns,
    scale: 0.1,
  });
  return result;
};
const Q = 'model.layers.0.self_attn.q_proj.weight';

test('what learnt in low rank becomes lora_A and lora_B, norms and biases stand beside them', () => {
  const after = change(Q, added(10, 8, 2)).map((one, at) =>
    at >= 3 ? { ...one, values: one.values.map((value) => value + 1) } : one,
  );
  const { config, tensors } = loraOfChange(before, after, 'base');
  expect(config).toMatchObject({
    r: 2,
    lora_alpha: 2,
    bias: 'all',
    modules_to_save: ['model.norm'],
    target_modules: ['model.layers.0.self_attn.q_proj'],
    rank_pattern: {},
    fan_in_fan_out: false,
  });
  expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ['base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight', [2, 8]],
    ['base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight', [10, 2]],
    ['base_model.model.model.norm.weight', [8]],
    ['base_model.model.model.layers.0.mlp.up_proj.bias', [14]],
  ]);
});

test('what no LoRA says is refused by the name of the weight', () => {
  const moved = (values: Float32Array) => values.map((value, at) => value + Math.sin(at * at));
  expect(() => loraOfChange(before, before, 'base')).toThrow(/nothing of the LLM has learnt/);
  expect(() => loraOfChange(before, change(Q, moved), 'base')).toThrow(
    /q_proj\.weight has learnt as a whole: its change has a rank above 4/,
  );
  expect(() => loraOfChange(before, change('model.embed_tokens.weight', moved), 'base')).toThrow(
    /model\.embed_tokens\.weight has learnt, which is no linear layer/,
  );
  expect(() => loraOfChange(before, change('model.norm.weight', moved), 'base')).toThrow(
    /no linear layer has learnt/,
  );
});
