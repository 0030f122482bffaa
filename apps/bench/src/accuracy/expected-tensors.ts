import { join } from 'node:path';
import { readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';

/** The small models that the Python originals saved (tools/reference), by package. */
export const fixtureFolder = (packageFolder: string): string =>
  join(import.meta.dirname, '../../../../packages', packageFolder, 'src/__fixtures__');

/** Tensors of a fixture by name, made anew at each call. */
export type ExpectedTensors = (name: string) => tf.Tensor;

export async function readExpected(path: string): Promise<ExpectedTensors> {
  const { tensors } = await readSafetensorsFile(path);
  return (name) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`${path} has no tensor "${name}"`);
    return tf.tensor(tensor.data as Float32Array, [...tensor.shape]);
  };
}
