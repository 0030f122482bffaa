import { adamWStep, RecordedStep } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { engineLoss } from '../engine-step/engine-model.js';
import { initialParameters, type Parameters } from '../engine-step/initial-parameters.js';
import { MODEL, type ModelShape } from '../engine-step/model-shape.js';
import { stepInputs } from '../engine-step/step-inputs.js';

/** The training step of the language model, recorded where asked for; returns the loss. */
export function createTrainingStep(
  record: boolean,
  shape: ModelShape = MODEL,
): { readonly parameters: Parameters; step(): Promise<number> } {
  const parameters = initialParameters(shape);
  const { ids, targets, causalBias } = stepInputs(shape);
  const variables = [...parameters.values()];
  const zeros = () => variables.map((variable) => tf.variable(tf.zerosLike(variable), false));
  const [firstMoments, secondMoments] = [zeros(), zeros()];
  let taken = 0;
  const recorded = new RecordedStep({
    name: 'training step',
    record,
    step: (inputs) =>
      tf.tidy(() => {
        const named = {
          ids: inputs.ids as tf.Tensor1D,
          targets: inputs.targets as tf.Tensor1D,
          causalBias: inputs.causalBias as tf.Tensor4D,
        };
        const { value, grads } = tf.variableGrads(() => engineLoss(parameters, named, shape), variables);
        adamWStep({
          variables,
          firstMoments,
          secondMoments,
          step: () => taken,
          gradients: variables.map(({ name }) => grads[name]!),
          learningRates: variables.map(() => shape.learningRate),
          weightDecays: variables.map(() => 0),
        });
        return [value];
      }),
  });
  return {
    parameters,
    step: async () => {
      taken += 1;
      const [loss] = recorded.call({ inputs: { ids, targets, causalBias } });
      const value = (await loss!.data())[0]!;
      loss!.dispose();
      return value;
    },
  };
}
