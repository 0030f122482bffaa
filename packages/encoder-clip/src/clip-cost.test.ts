import type { Parameter, Tensor4D } from '@eim/contracts/model';
import { createRandomStream, ShapesPass } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { clipPresets } from './clip-presets.js';
import { createClipEncoder } from './create-clip-encoder.js';

const random = createRandomStream(1);

describe.each(['vit-b-32', 'vit-l-14'] as const)('%s', (name) => {
  const { imageSize, patchSize, width: D, blockCount: L, pooledSize } = clipPresets[name];
  const B = 3;
  const N = (imageSize / patchSize) ** 2;
  const T = N + 1;
  const patches = B * N * (patchSize * patchSize * 3) * D;
  const linear = B * T * D * 3 * D + B * T * D * D + 2 * B * T * D * (4 * D);
  const attention = 2 * B * T * T * D;
  const projection = B * D * pooledSize;
  const forward = patches + L * (linear + attention) + projection;

  const stepOf = (chosen: (parameter: Parameter) => boolean): number => {
    const pass = new ShapesPass();
    const encoder = pass.run(() => createClipEncoder(clipPresets[name], { random }));
    const variables = encoder
      .parameters()
      .filter(chosen)
      .map(({ variable }) => variable);
    return pass.measure(() => {
      const pixels = tf.fill([B, imageSize, imageSize, 3], 0) as Tensor4D;
      const loss = () => tf.sum(encoder.encode(pixels, { training: true, random }).pooled) as tf.Scalar;
      return variables.length > 0 ? tf.variableGrads(loss, variables) : loss();
    }).multiplyAdds;
  };

  test('costs what its formula says: frozen, learning, and learning in its last block alone', () => {
    expect(stepOf(() => false)).toBe(forward);
    // No gradient goes into the pixels.
    expect(stepOf(() => true)).toBe(3 * forward - patches);
    expect(stepOf(({ depth }) => depth === L)).toBe(forward + 2 * (linear + attention) + projection);
  });
});
