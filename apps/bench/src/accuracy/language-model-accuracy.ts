import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { LanguageModel, Tensor2D } from '@eim/contracts/model';
import { recordInsertionPoints, relativeError } from '@eim/nn/testing';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import type { AccuracyRow } from './accuracy-table.js';
import { type ExpectedTensors, fixtureFolder, readExpected } from './expected-tensors.js';

export interface LanguageModelCase extends Pick<AccuracyRow, 'model' | 'files' | 'original'> {
  readonly packageFolder: string;
  /** File or folder among the fixtures. */
  readonly path: string;
  readonly load: (weights: PublishedWeights) => Promise<LanguageModel>;
}

/** Loads one small model and compares half blocks and logits with the original's. */
export async function languageModelAccuracy(test: LanguageModelCase): Promise<AccuracyRow> {
  const { packageFolder, path, load, ...row } = test;
  const folder = fixtureFolder(packageFolder);
  const expected = await readExpected(join(folder, 'expected.safetensors'));
  const weights = await openPublishedWeights(join(folder, path));
  const model = await load(weights);
  await weights.close();
  try {
    return { ...row, ...compare(model, expected) };
  } finally {
    model.dispose();
  }
}

function compare(model: LanguageModel, expected: ExpectedTensors): Pick<AccuracyRow, 'layers' | 'results'> {
  const { injection, recorded } = recordInsertionPoints(model.insertionPoints);
  let errors: Pick<AccuracyRow, 'layers' | 'results'> = { results: {} };
  tf.tidy(() => {
    const ids = tf.cast(expected('ids') as Tensor2D, 'int32');
    const wanted = expected('logits');
    const { logits } = model.forward(model.embed(ids), { injection });
    const layers = [...recorded].map(([name, hidden]) => {
      const original = expected(name);
      return relativeError(tf.reshape(hidden, original.shape), original);
    });
    const results = { logits: relativeError(tf.reshape(logits, wanted.shape), wanted) };
    errors = { layers: Math.max(...layers), results };
  });
  tf.dispose([...recorded.values()]);
  return errors;
}
