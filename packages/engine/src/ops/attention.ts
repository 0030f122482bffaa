import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { add, matMul, mul, reshape, transpose } from '@tensorflow/tfjs-core';
import { assertArgument, assertShape } from './assert-shape.js';
import type { AttentionArguments, AttentionShape } from './attention-arguments.js';
import { dropout as dropOut } from './dropout.js';
import { headAttention } from './head-attention.js';
import { hasOwnKernel } from './own-kernel.js';
import { softmax } from './softmax.js';

/**
 * Scaled dot-product attention (Vaswani et al. 2017, section 3.2.1) over heads laid side by side in a row;
 * grouped key and value heads as in Ainslie et al. 2023.
 * @returns `[B*T, H*d]`
 */
export function attention(options: AttentionArguments): Tensor2D {
  const shape = attentionShape(options);
  const { batch, heads, groups, queries, keys, width } = shape;
  const scale = options.scale ?? 1 / Math.sqrt(width);
  if (hasOwnKernel('EimHeadScores')) return headAttention(options, shape, scale);
  const query = splitHeads(mul(options.query, scale), batch, queries, heads, width); // [B*H, T, d]
  const key = splitHeads(options.key, batch, keys, groups, width); // [B*G, S, d]
  const value = splitHeads(options.value, batch, keys, groups, width); // [B*G, S, d]

  const stacked = [batch * groups, (heads / groups) * queries, width];
  const products = matMul(reshape(query, stacked), key, false, true); // [B*G, H/G*T, S]
  const scores = reshape(products, [batch, heads, queries, keys]); // [B, H, T, S]
  let probabilities: Tensor = softmax(options.bias ? add(scores, options.bias) : scores);
  if (options.dropout) {
    probabilities = dropOut(probabilities, options.dropout.rate, options.dropout.random);
  }
  const mixing = reshape(probabilities, [batch * groups, (heads / groups) * queries, keys]);
  const mixed = reshape(matMul(mixing, value), [batch, heads, queries, width]); // [B, H, T, d]
  return reshape(transpose(mixed, [0, 2, 1, 3]), [batch * queries, heads * width]); // [B*T, H*d]
}

function splitHeads(x: Tensor, batch: number, length: number, heads: number, width: number): Tensor3D {
  const apart = transpose(reshape(x, [batch, length, heads, width]), [0, 2, 1, 3]); // [B, H, T, d]
  return reshape(apart, [batch * heads, length, width]);
}

function attentionShape(options: AttentionArguments): AttentionShape {
  const { query, key, value, batch, headCount: heads } = options;
  const groups = options.keyValueHeadCount ?? heads;
  assertShape('attention', 'query', query, [null, null]);
  assertShape('attention', 'key', key, [null, null]);
  assertShape('attention', 'value', value, [...key.shape]);
  assertArgument(
    'attention',
    heads > 0 && groups > 0 && heads % groups === 0,
    `${heads} query heads cannot share ${groups} key heads.`,
  );
  const width = query.shape[1] / heads;
  assertArgument(
    'attention',
    Number.isInteger(width) && key.shape[1] === groups * width,
    `query width ${query.shape[1]} in ${heads} heads and key width ${key.shape[1]} in ${groups} heads give different head widths.`,
  );
  const queries = query.shape[0] / batch;
  const keys = key.shape[0] / batch;
  assertArgument(
    'attention',
    Number.isInteger(queries) && Number.isInteger(keys),
    `${query.shape[0]} query rows and ${key.shape[0]} key rows are not whole multiples of the batch ${batch}.`,
  );
  return { batch, heads, groups, queries, keys, width };
}
