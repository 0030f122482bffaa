import { attention, embedding, gelu, matMul, RecordedStep } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from '../engine-step/initial-parameters.js';
import { MODEL } from '../engine-step/model-shape.js';
import { namedLayers } from '../engine-step/named-layers.js';

const { width, heads, layers, length } = MODEL;

/**
 * Decodes one row, a token at a time, with keys and values of all positions kept at one fixed size, so that every
 * token is the same step: the position enters as a row of one 1 and a bias.
 */
export function createRecordableDecoder(parameters: Parameters, record: boolean): () => Promise<number> {
  const { matrix, project, normalise } = namedLayers(parameters);

  const step = new RecordedStep({
    name: 'decoding step',
    record,
    step: ({ token, place, bias, ...caches }) =>
      tf.tidy(() => {
        const here = tf.reshape(place!, [1, length]) as tf.Tensor2D; // [1, T]
        const column = tf.reshape(place!, [length, 1]) as tf.Tensor2D; // [T, 1]
        let x = tf.add(
          tf.reshape(embedding(matrix('tokens'), token!), [1, width]),
          matMul(here, matrix('positions')),
        ) as tf.Tensor2D; // [1, D]
        const kept: tf.Tensor[] = [];
        /** The cache with this token's row in its place; rows beyond are 0 and out of the bias' reach. */
        const keep = (name: string, row: tf.Tensor2D): tf.Tensor2D => {
          const next = tf.add(caches[name]!, matMul(column, row)) as tf.Tensor2D; // [T, D]
          kept.push(next);
          return next;
        };
        for (let layer = 0; layer < layers; layer++) {
          const read = normalise(x, `${layer}.norm1`); // [1, D]
          const mixed = attention({
            query: project(read, `${layer}.query`),
            key: keep(`${layer}.key`, project(read, `${layer}.key`)),
            value: keep(`${layer}.value`, project(read, `${layer}.value`)),
            batch: 1,
            headCount: heads,
            bias: bias!,
          }); // [1, D]
          x = tf.add(x, project(mixed, `${layer}.output`));
          x = tf.add(
            x,
            project(gelu(project(normalise(x, `${layer}.norm2`), `${layer}.expand`)), `${layer}.contract`),
          );
        }
        const logits = matMul(normalise(x, 'final'), matrix('tokens'), { transposeB: true }); // [1, V]
        return [tf.cast(tf.argMax(logits, 1), 'int32'), ...kept];
      }),
  });

  return async () => {
    let token: tf.Tensor = tf.tensor1d([1], 'int32');
    let caches: tf.Tensor[] = Array.from({ length: 2 * layers }, () => tf.zeros([length, width]));
    for (let position = 0; position < length; position++) {
      const place = tf.tensor1d(Float32Array.from({ length }, (_, index) => (index === position ? 1 : 0)));
      const reach = Float32Array.from({ length }, (_, index) => (index <= position ? 0 : -1e9));
      const bias = tf.tensor4d(reach, [1, 1, 1, length]);
      const named = Object.fromEntries(
        caches.map((cache, index) => [`${Math.floor(index / 2)}.${index % 2 ? 'value' : 'key'}`, cache]),
      );
      const [next, ...kept] = step.call({ inputs: { token, place, bias, ...named } });
      tf.dispose([place, bias, token, ...caches]);
      [token, caches] = [next!, kept];
      // As a chat does, each token is read before the next.
      await token.data();
    }
    tf.dispose([token, ...caches]);
    return length;
  };
}
