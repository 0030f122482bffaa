import { EimError } from '@eim/contracts';
import type { Variable } from '@eim/contracts/model';
import { tensor } from '@tensorflow/tfjs-core';

/** A float32 tensor read back: what snapshots and checkpoints hold. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A variable with the name under which it is kept. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: Variable;
}

/**
 * Copies of variables, outside the engine: a tensor clone shares its memory with the original, which a fused
 * optimizer kernel overwrites in place.
 */
export async function snapshot(variables: readonly NamedVariable[]): Promise<NamedArray[]> {
  const copies: NamedArray[] = [];
  for (const { name, variable } of variables) {
    // The cpu backend hands out its own array, hence the copy.
    copies.push({ name, shape: [...variable.shape], data: Float32Array.from(await variable.data()) });
  }
  return copies;
}

/**
 * Sets variables to copied values.
 * @param what for the message: `the checkpoint's model.safetensors`
 * @throws EimError `invalid-file` where a variable has no copy or one of another shape
 */
export function restore(
  variables: readonly NamedVariable[],
  copies: readonly NamedArray[],
  what = 'the snapshot',
): void {
  const byName = new Map(copies.map((copy) => [copy.name, copy]));
  for (const { name, variable } of variables) {
    const copy = byName.get(name);
    if (copy?.shape.join() !== variable.shape.join()) {
      throw new EimError({
        code: 'invalid-file',
        message: `'${name}' has shape [${variable.shape}], but ${what} holds ${copy ? `[${copy.shape}]` : 'none'}.`,
        advice: 'Resume with the model and the plan that the run was started with.',
        data: { name, expected: variable.shape, found: copy?.shape },
      });
    }
  }
  for (const { name, variable } of variables) {
    const { data, shape } = byName.get(name)!;
    const value = tensor(Float32Array.from(data), [...shape]);
    variable.assign(value);
    value.dispose();
  }
}
