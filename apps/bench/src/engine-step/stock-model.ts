import * as tf from '@tensorflow/tfjs-core';
import type { Parameters } from './initial-parameters.js';
import { MODEL, ROWS } from './model-shape.js';
import type { StepInputs } from './step-inputs.js';

const { batch, length, width, heads, layers, vocabulary, learningRate } = MODEL;

/** The only thing supplied: stock wasm has no gradient of a gather, so it goes through scatterND. */
function embed(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  const lookUp = tf.customGrad((weights) => ({
    value: tf.gather(weights as tf.Tensor, ids),
    gradFunc: (dy) => tf.scatterND(tf.expandDims(ids, 1), dy as tf.Tensor, [vocabulary, width]),
  }));
  return lookUp(table) as tf.Tensor2D;
}

function normalise(x: tf.Tensor2D, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(scaled, gain), bias);
}

function gelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
}

function splitHeads(x: tf.Tensor2D): tf.Tensor4D {
  return tf.transpose(tf.reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** The mean loss of the same model in plain TensorFlow.js ops. */
function stockLoss(parameters: Parameters, { ids, targets, causalBias }: StepInputs): tf.Scalar {
  const get = <Shape extends tf.Tensor>(name: string) => parameters.get(name) as tf.Tensor as Shape;
  const project = (x: tf.Tensor2D, name: string): tf.Tensor2D =>
    tf.add(tf.matMul(x, get<tf.Tensor2D>(`${name}.weight`)), get(`${name}.bias`));
  const norm = (x: tf.Tensor2D, name: string) => normalise(x, get(`${name}.gain`), get(`${name}.bias`));

  const tokens = tf.reshape(embed(get('tokens'), ids), [batch, length, width]);
  let hidden = tf.reshape(tf.add(tokens, get('positions')), [ROWS, width]) as tf.Tensor2D; // [B*T, D]
  for (let layer = 0; layer < layers; layer++) {
    const read = norm(hidden, `${layer}.norm1`);
    const query = splitHeads(project(read, `${layer}.query`)); // [B, H, T, d]
    const key = splitHeads(project(read, `${layer}.key`));
    const value = splitHeads(project(read, `${layer}.value`));
    const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width / heads)); // [B, H, T, T]
    const context = tf.matMul(tf.softmax(tf.add(scores, causalBias) as tf.Tensor4D), value); // [B, H, T, d]
    const mixed = tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [ROWS, width]) as tf.Tensor2D;
    hidden = tf.add(hidden, project(mixed, `${layer}.output`));
    const expanded = gelu(project(norm(hidden, `${layer}.norm2`), `${layer}.expand`)) as tf.Tensor2D;
    hidden = tf.add(hidden, project(expanded, `${layer}.contract`));
  }
  const logits = tf.matMul(norm(hidden, 'final'), get<tf.Tensor2D>('tokens'), false, true); // [B*T, V]
  const picked = tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, vocabulary));
  return tf.neg(tf.mean<tf.Scalar>(tf.sum(picked, 1)));
}

/** A training step in plain TensorFlow.js ops with its own Adam. Returns the loss when called. */
export function createStockStep(parameters: Parameters, inputs: StepInputs): () => number {
  const optimizer = tf.train.adam(learningRate);
  const variables = [...parameters.values()];
  return () => {
    const value = optimizer.minimize(() => stockLoss(parameters, inputs), true, variables)!;
    const loss = value.dataSync()[0]!;
    value.dispose();
    return loss;
  };
}
