import { attention, createRandomStream, gelu, layerNorm, linear } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';

/** Sizes of CLIP ViT-B/32. */
export const VISION = { width: 768, layers: 12, heads: 12, patch: 32, side: 224, batch: 16 } as const;

const { width, layers, heads, patch, side, batch } = VISION;
const GRID = (side / patch) ** 2;
const TOKENS = GRID + 1;

/** Forward pass of an encoder of that size, over drawn weights and pictures. */
export function createVisionEncoder(): {
  readonly pictures: tf.Tensor4D;
  encode(pictures: tf.Tensor4D): tf.Tensor2D;
} {
  const random = createRandomStream('vision-encoder');
  const drawn = (...shape: number[]): tf.Tensor =>
    tf.variable(tf.tidy(() => tf.mul(tf.sub(random.uniformTensor(shape), 0.5), 0.07)));
  const dense = (inputs: number, outputs: number) => ({
    weight: drawn(inputs, outputs) as tf.Tensor2D,
    bias: drawn(outputs) as tf.Tensor1D,
  });
  const norm = () => ({
    gain: tf.variable(tf.ones([width])) as tf.Tensor1D,
    bias: drawn(width) as tf.Tensor1D,
  });
  const blocks = Array.from({ length: layers }, () => ({
    norm1: norm(),
    norm2: norm(),
    expand: dense(width, 4 * width),
    contract: dense(4 * width, width),
    query: dense(width, width),
    key: dense(width, width),
    value: dense(width, width),
    output: dense(width, width),
  }));
  const patches = drawn(patch, patch, 3, width) as tf.Tensor4D;
  const positions = drawn(1, TOKENS, width);
  const final = norm();
  const apply = (x: tf.Tensor2D, { weight, bias }: ReturnType<typeof dense>) => linear(x, weight, bias);
  const normalise = (x: tf.Tensor2D, { gain, bias }: ReturnType<typeof norm>) =>
    layerNorm(x, gain, bias, 1e-5);

  return {
    pictures: tf.tidy(() => random.uniformTensor([batch, side, side, 3])) as tf.Tensor4D,
    encode: (pictures) =>
      tf.tidy(() => {
        const grid = tf.conv2d(pictures, patches, patch, 'valid'); // [B, 7, 7, D]
        const tokens = tf.concat([tf.zeros([batch, 1, width]), tf.reshape(grid, [batch, GRID, width])], 1);
        let x = tf.reshape(tf.add(tokens, positions), [batch * TOKENS, width]) as tf.Tensor2D; // [B*N, D]
        for (const block of blocks) {
          const read = normalise(x, block.norm1); // [B*N, D]
          const mixed = attention({
            query: apply(read, block.query),
            key: apply(read, block.key),
            value: apply(read, block.value),
            batch,
            headCount: heads,
          }); // [B*N, D]
          x = tf.add(x, apply(mixed, block.output)); // [B*N, D]
          x = tf.add(x, apply(gelu(apply(normalise(x, block.norm2), block.expand)), block.contract)); // [B*N, D]
        }
        return normalise(x, final); // [B*N, D]
      }),
  };
}
