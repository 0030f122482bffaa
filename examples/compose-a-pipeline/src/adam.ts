import type { Parameter } from '@eim/core/contracts';
import { adamWStep } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';

/** AdamW over some parameters, at one rate. */
export function createAdam(parameters: readonly Parameter[], learningRate: number) {
  const variables = parameters.map(({ variable }) => variable);
  const moments = () => variables.map((variable) => tf.tidy(() => tf.variable(tf.zerosLike(variable))));
  const [firstMoments, secondMoments] = [moments(), moments()];
  const weightDecays = parameters.map(({ role }) => (role === 'weight' || role === 'embedding' ? 0.01 : 0));
  let step = 0;
  return {
    variables,
    apply(gradients: readonly tf.Tensor[]): void {
      step += 1;
      const learningRates = variables.map(() => learningRate);
      adamWStep({ variables, gradients, firstMoments, secondMoments, learningRates, weightDecays, step });
    },
    dispose: () => tf.dispose([...firstMoments, ...secondMoments]),
  };
}
