import * as tf from '@tensorflow/tfjs-core';

/** Values of the tensors that `compute` returns; everything that it makes is freed. */
export async function readOutputs(compute: () => readonly tf.Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(() => compute().map((tensor) => tf.clone(tensor)));
  const values: Float32Array[] = [];
  for (const tensor of tensors) values.push(Float32Array.from(await tensor.data()));
  tf.dispose(tensors);
  return values;
}

/** All values of all outputs, one after the other. */
export async function readFlat(compute: () => readonly tf.Tensor[]): Promise<number[]> {
  return (await readOutputs(compute)).flatMap((values) => Array.from(values));
}
