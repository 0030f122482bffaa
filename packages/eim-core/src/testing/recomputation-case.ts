import type { ImageEncoder, LanguageModel, Parametric, RandomStream } from '@eim/contracts/model';
import { createRandomStream, variableGradsRecomputing } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { type ConformanceCase, type CreatePart, partCase } from './conformance-case.js';
import { demand, demandClose } from './demand.js';
import { readFlat } from './read-outputs.js';

const TOLERANCE = 1e-4;

/** How a part runs in training. */
interface TrainingPass {
  readonly training: true;
  readonly random: RandomStream;
  readonly recomputeBlocks: boolean;
}

/**
 * What a part owes that recomputes its blocks.
 * @param outputs of a training pass, adapters of the last insertion point included
 */
export function recomputationCase<
  Part extends Parametric & Pick<ImageEncoder | LanguageModel, 'recomputesBlocks'>,
>(
  create: CreatePart<Part>,
  outputs: (part: Part, pass: TrainingPass) => readonly tf.Tensor[],
): ConformanceCase {
  const gradients = (part: Part, recomputeBlocks: boolean): Promise<number[]> => {
    const variables = part.parameters().map(({ variable }) => variable);
    return readFlat(() => {
      const { value, grads } = variableGradsRecomputing(() => {
        const random = createRandomStream('dropout');
        const all = outputs(part, { training: true, random, recomputeBlocks });
        return tf.addN(all.map((output) => tf.mean(tf.square(output)) as tf.Scalar));
      }, variables);
      // Absent: nothing depends on it.
      return [value, ...variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable))];
    });
  };
  const body = async (part: Part) => {
    const kept = await gradients(part, false);
    demand(
      kept.some((value) => value !== 0),
      'all gradients are 0',
    );
    const recomputed = await gradients(part, true);
    demandClose(recomputed, kept, TOLERANCE, 'the loss and gradients of recomputed blocks');
  };
  return partCase(
    'recomputed blocks have the gradients of kept ones',
    create,
    body,
    ({ recomputesBlocks }) => (recomputesBlocks ? undefined : 'the part does not recompute its blocks'),
  );
}
