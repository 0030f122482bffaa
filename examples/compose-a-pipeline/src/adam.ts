import type { Parameter } from '@eim/contracts/model';
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
    /** @param named gradients by the variable's name; what the loss does not reach has none */
    apply(named: tf.NamedTensorMap): void {
      step += 1;
      const gradients = variables.map((variable) => named[variable.name] ?? tf.zerosLike(variable));
      const learningRates = variables.map(() => learningRate);
      adamWStep({ variables, gradients, firstMoments, secondMoments, learningRates, weightDecays, step });
    },
    dispose: () => tf.dispose([...firstMoments, ...secondMoments]),
  };
}
