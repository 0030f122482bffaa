import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type {
  BlockAdapter,
  Injection,
  LanguageModel,
  Parameter,
  Parametric,
  Tensor1D,
  Tensor2D,
} from '@eim/contracts/model';
import { textLogits } from '@eim/core';
import { type WeightTensor, writeSafetensors } from '@eim/weights';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}
/** What the READMEs of the originals suggest for states and logits. */
export const SUGGESTED: Tolerance = { absolute: 1e-4, relative: 1e-5 };

export function expectClose(
  actual: tf.Tensor | ArrayLike<number>,
  expected: Float32Array,
  what: string,
  { absolute, relative }: Tolerance = SUGGESTED,
): void {
  const found = actual instanceof tf.Tensor ? actual.dataSync() : actual;
  expect(found.length, what).toBe(expected.length);
  let worst = 0;
  expected.forEach((value, index) => {
    const error = Math.abs(found[index]! - value) / (absolute + relative * Math.abs(value));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  });
  expect(worst, `${what}, in tolerances`).toBeLessThan(1);
}

/** `tf.tidy` for work that returns objects of tensors. */
export const tidied = <Result>(work: () => Result): Result =>
  tf.tidy(work as () => tf.TensorContainer) as Result;

/** Gradients, by the name of the parameter, within 1e-4 of the largest value of each. */
export function expectGradients(
  parameters: readonly Parameter[],
  grads: tf.NamedTensorMap,
  wanted: ReadonlyMap<string, Float32Array>,
): void {
  const left = new Set(wanted.keys());
  for (const { name, variable } of parameters) {
    const gradient = wanted.get(name);
    if (gradient === undefined) continue;
    left.delete(name);
    const largest = gradient.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    expect(largest, name).toBeGreaterThan(0);
    const found = grads[variable.name]!.dataSync();
    expect(found.length, name).toBe(gradient.length);
    const error = gradient.reduce((most, one, i) => Math.max(most, Math.abs(found[i]! - one)), 0);
    expect(error / largest, name).toBeLessThan(1e-4);
  }
  expect([...left]).toEqual([]);
}

/** Gradients under the names of the weights, so that loading turns them into our layout. */
export function gradientsAsWeights(file: PublishedWeights, weights: PublishedWeights): PublishedWeights {
  const nameIn = (name: string) => (file.has(`grad.${name}`) ? `grad.${name}` : name);
  const source = (name: string) => (file.has(`grad.${name}`) ? file : weights);
  return {
    ...weights,
    info: (name) => source(name).info(nameIn(name)),
    read: (name) => source(name).read(nameIn(name)),
  };
}

/** Several files as one; of a name in several the last one counts. */
export function joinedWeights(...files: readonly PublishedWeights[]): PublishedWeights {
  const source = (name: string) => files.findLast((file) => file.has(name)) ?? files[0]!;
  return {
    ...files[0]!,
    tensorNames: [...new Set(files.flatMap(({ tensorNames }) => tensorNames))],
    has: (name) => source(name).has(name),
    info: (name) => source(name).info(name),
    read: (name) => source(name).read(name),
  };
}

/** All of a file's tensors under longer names, as programs that run on several devices save them. */
export async function behindModule(weights: PublishedWeights, folder: string): Promise<string> {
  const tensors: WeightTensor[] = [];
  for (const name of weights.tensorNames) {
    const { shape, data } = await weights.read(name);
    tensors.push({
      name: `module.${name}`,
      dtype: 'F32',
      shape,
      data: Float32Array.from(data as ArrayLike<number>),
    });
  }
  const path = join(folder, 'module.safetensors');
  writeFileSync(path, writeSafetensors(tensors));
  return path;
}

/** Values of a part's parameters, by name. */
export const valuesOf = (part: Parametric): Record<string, Float32Array> =>
  Object.fromEntries(
    part.parameters().map(({ name, variable }) => [name, variable.dataSync() as Float32Array]),
  );

/** Ids up to the first -1. */
export const untilEmpty = (ids: readonly number[]): number[] => {
  const end = ids.indexOf(-1);
  return end < 0 ? [...ids] : ids.slice(0, end);
};

/** Logits of every position, and what each block and each attention gives; the last outlive the scope. */
export function forwardStates(llm: LanguageModel, ids: Tensor2D, injection: Injection) {
  const attention = new Map<number, tf.Tensor>();
  const recorders = llm.insertionPoints
    .filter(({ position }) => position === 'attention.output')
    .map(({ name, block }): [string, BlockAdapter] => [
      name,
      {
        apply: (hidden) => {
          attention.set(block, tf.keep(tf.clone(hidden)));
          return hidden;
        },
      },
    ]);
  const { logits, hidden } = llm.forward(llm.embed(ids), {
    injection: { ...injection, blockAdapters: new Map(recorders) },
    hiddenLayers: Array.from({ length: llm.blockCount }, (_, block) => block + 1),
  });
  return { logits, hidden: hidden!, attention };
}

/** The programs' own loss: each position predicts the next label, 0 being none; the mean over all that are supervised. */
export function labelledLoss(ids: Tensor2D, labels: Tensor2D) {
  const [rows, length] = ids.shape;
  const targets = tf.reshape(labels, [-1]) as Tensor1D;
  const place = tf.range(0, rows * length, 1, 'int32');
  const behindFirst = tf.notEqual(tf.mod(place, length), 0);
  const weights = tf.cast(tf.logicalAnd(behindFirst, tf.notEqual(targets, 0)), 'float32') as Tensor1D;
  return { targets, weights, indices: place as Tensor1D };
}

/** Logits that predict each token of `[R, T]`, in one row `[R * T]`; those of the first tokens mean nothing. */
export const predictions = (llm: LanguageModel, ids: Tensor2D, injection: Injection): Tensor2D => {
  const [rows, length] = ids.shape;
  const targetIndices = tf.range(0, rows * length, 1, 'int32') as Tensor1D;
  return textLogits(llm, { ids, mask: tf.onesLike(ids), targetIndices }, { injection });
};

/**
 * The programs' own generation at temperature 0: all rows begin at position 0, the shortest prompt is read at once, and
 * then one position a step, where longer prompts still give their own tokens.
 * @returns logits `[step][row * vocabulary]`, and the buffer of tokens
 */
export function generateStepwise(
  llm: LanguageModel,
  prompts: readonly (readonly number[])[],
  totalLength: number,
  injection: Injection,
): { readonly logits: Float32Array[]; readonly tokens: number[][] } {
  const tokens = prompts.map((prompt) => [...prompt]);
  const start = Math.min(...prompts.map(({ length }) => length));
  const steps: Float32Array[] = [];
  let cache: ReturnType<LanguageModel['forward']>['cache'];
  for (let length = start, from = 0; length < totalLength; from = length, length++) {
    const past = cache;
    const select = prompts.map((_, row) => row * (length - from) + length - from - 1);
    const step = tidied(() => {
      const ids = tf.tensor2d(
        tokens.map((row) => row.slice(from, length)),
        undefined,
        'int32',
      );
      return llm.forward(llm.embed(ids), {
        injection,
        useCache: true,
        select: tf.tensor1d(select, 'int32'),
        ...(past && { cache: past }),
      });
    });
    cache = step.cache;
    past?.dispose();
    const values = step.logits.dataSync() as Float32Array;
    steps.push(values);
    const width = step.logits.shape[1]!;
    step.logits.dispose();
    tokens.forEach((row, index) => {
      if (row.length > length) return;
      const scores = values.subarray(index * width, (index + 1) * width);
      row.push(scores.indexOf(scores.reduce((most, one) => Math.max(most, one))));
    });
  }
  cache?.dispose();
  return { logits: steps, tokens };
}

/** Cut behind the prompt and the longest answer, and before the end token. */
export function cutAtEnd(
  tokens: readonly number[],
  promptLength: number,
  maxNewTokens: number,
  end: number,
): number[] {
  const whole = tokens.slice(0, promptLength + maxNewTokens);
  const at = whole.indexOf(end);
  return at < 0 ? whole : whole.slice(0, at);
}
