import type { WeightTensor } from '@eim/weights';
import type { PartParameter } from '../compose/composed-model.js';

/**
 * Reads the values of parameters, under the names by which {@link assignParameters} finds them.
 * @example
 * const tensors = await readParameters(model.parameters());
 * await writeSafetensorsFile('model.safetensors', tensors);
 */
export async function readParameters(parameters: readonly PartParameter[]): Promise<WeightTensor<'F32'>[]> {
  const tensors: WeightTensor<'F32'>[] = [];
  for (const { name, parameter } of parameters) {
    // A copy: some backends hand out their own memory.
    const data = Float32Array.from(await parameter.variable.data());
    tensors.push({ name, dtype: 'F32', shape: [...parameter.variable.shape], data });
  }
  return tensors;
}
