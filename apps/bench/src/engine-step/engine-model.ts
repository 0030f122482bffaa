import { adamWStep, attention, crossEntropy, embedding, gelu, matMul } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from './initial-parameters.js';
import { MODEL, type ModelShape } from './model-shape.js';
import { namedLayers } from './named-layers.js';
import type { StepInputs } from './step-inputs.js';

/** The mean loss of the model written on the engine's ops. */
export function engineLoss(
  parameters: Parameters,
  { ids, targets, causalBias }: StepInputs,
  { batch, length, width, heads, layers }: ModelShape = MODEL,
): tf.Scalar {
  const rows = batch * length;
  const { matrix, project, normalise } = namedLayers(parameters);

  const tokens = embedding<tf.Tensor2D>(matrix('tokens'), ids); // [B*T, D]
  const placed = tf.add(tf.reshape(tokens, [batch, length, width]), matrix('positions')); // [B, T, D]
  let hidden = tf.reshape(placed, [rows, width]) as tf.Tensor2D; // [B*T, D]
  for (let layer = 0; layer < layers; layer++) {
    const read = normalise(hidden, `${layer}.norm1`); // [B*T, D]
    const mixed = attention({
      query: project(read, `${layer}.query`),
      key: project(read, `${layer}.key`),
      value: project(read, `${layer}.value`),
      batch,
      headCount: heads,
      bias: causalBias,
    }); // [B*T, D]
    hidden = tf.add(hidden, project(mixed, `${layer}.output`)); // [B*T, D]
    const expanded = gelu(project(normalise(hidden, `${layer}.norm2`), `${layer}.expand`)); // [B*T, 4D]
    hidden = tf.add(hidden, project(expanded, `${layer}.contract`)); // [B*T, D]
  }
  const logits = matMul(normalise(hidden, 'final'), matrix('tokens'), { transposeB: true }); // [B*T, V]
  return crossEntropy(logits, targets, tf.ones([rows]), 0);
}

/** A training step on the engine's ops: forward, backward and Adam. Returns the loss when called. */
export function createEngineStep(
  parameters: Parameters,
  inputs: StepInputs,
  shape: ModelShape = MODEL,
): () => number {
  const variables = [...parameters.values()];
  const zeros = () => variables.map((variable) => tf.variable(tf.zerosLike(variable), false));
  const [firstMoments, secondMoments] = [zeros(), zeros()];
  let step = 0;
  return () => {
    const { value, grads } = tf.variableGrads(() => engineLoss(parameters, inputs, shape), variables);
    adamWStep({
      variables,
      gradients: variables.map((variable) => grads[variable.name]!),
      firstMoments,
      secondMoments,
      learningRates: variables.map(() => shape.learningRate),
      weightDecays: variables.map(() => 0),
      step: ++step,
    });
    const loss = value.dataSync()[0]!;
    tf.dispose([value, grads]);
    return loss;
  };
}
