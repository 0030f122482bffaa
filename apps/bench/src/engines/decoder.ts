import { attention, embedding, gelu, matMul } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../engine-step/initial-parameters.js';
import { MODEL } from '../engine-step/model-shape.js';
import { namedLayers } from '../engine-step/named-layers.js';

const { width, heads, layers, length } = MODEL;

/**
 * Decodes one row, a token at a time, the likeliest each time, with the keys and values of earlier positions kept.
 * Returns how many tokens it decoded when called.
 */
export function createDecoder(parameters: Parameters): () => number {
  const { matrix, project, normalise } = namedLayers(parameters);

  /** The next token, and the caches with this one's keys and values added: of every layer its keys, then its values. */
  const step = (token: number, position: number, caches: readonly tf.Tensor2D[]): [number, tf.Tensor2D[]] => {
    const [logits, ...next] = tf.tidy(() => {
      const kept: tf.Tensor2D[] = [];
      const keep = (row: tf.Tensor2D): tf.Tensor2D => {
        const cache = caches[kept.length];
        kept.push(cache ? tf.concat2d([cache, row], 0) : row); // [S, D]
        return kept.at(-1)!;
      };
      const place = tf.slice(matrix('positions'), [position, 0], [1, width]);
      let x = tf.add<tf.Tensor2D>(embedding(matrix('tokens'), tf.tensor1d([token], 'int32')), place); // [1, D]
      for (let layer = 0; layer < layers; layer++) {
        const read = normalise(x, `${layer}.norm1`); // [1, D]
        const key = keep(project(read, `${layer}.key`));
        const value = keep(project(read, `${layer}.value`));
        const query = project(read, `${layer}.query`);
        const mixed = attention({ query, key, value, batch: 1, headCount: heads }); // [1, D]
        x = tf.add(x, project(mixed, `${layer}.output`));
        const expanded = gelu(project(normalise(x, `${layer}.norm2`), `${layer}.expand`)); // [1, 4D]
        x = tf.add(x, project(expanded, `${layer}.contract`));
      }
      return [matMul(normalise(x, 'final'), matrix('tokens'), { transposeB: true }), ...kept]; // [1, V]
    });
    const values = logits!.dataSync<'float32'>();
    logits!.dispose();
    return [values.indexOf(values.reduce((best, value) => Math.max(best, value))), next];
  };

  return () => {
    let token = 1;
    let caches: tf.Tensor2D[] = [];
    for (let position = 0; position < length; position++) {
      const before = caches;
      [token, caches] = step(token, position, before);
      tf.dispose(before);
    }
    tf.dispose(caches);
    return length;
  };
}
