import { createRandomStream, startEngine } from '@eim/engine';
import { memory, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePictures } from '../../compose/encode-pictures.js';
import { injectRows } from '../../compose/inject-rows.js';
import { rowLogits, targetIds, textLogits } from '../../compose/row-logits.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { SegmentSplits } from '../run/segment-splits.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { predictTargets } from './predict-targets.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('predictTargets', () => {
  it('predicts what the composed model predicts from whole rows', async () => {
    const run = tinyRun([tinySegment()]);
    const environment = await TrainingEnvironment.create(run.options);
    const [segment] = run.options.plan.segments;
    const objective = await environment.objective(segment!, environment.random);
    const data = new SegmentSplits(environment, segment!, objective);
    const context = { training: false, random: createRandomStream(1) };
    const tensors = memory().numTensors;
    for await (const batch of evaluationBatches(await data.split('val'), 5)) {
      tidy(() => {
        const features = encodePictures(run.model, batch);
        const injection = injectRows(run.model, features, batch);
        const { logits, targets, weights } = predictTargets(run.model.llm, batch, context, { injection });
        const expected = rowLogits(run.model, batch);
        expect(Array.from(targets.dataSync())).toEqual(
          Array.from(targetIds(batch.ids, batch.targetIndices).dataSync()),
        );
        expect(Array.from(weights.dataSync())).toEqual(Array.from(batch.targetWeights.dataSync()));
        const [found, wanted] = [logits.dataSync(), expected.dataSync()];
        expect(found.length).toBe(wanted.length);
        for (const [index, value] of found.entries()) expect(value).toBeCloseTo(wanted[index]!, 5);

        const alone = predictTargets(run.model.llm, batch, context, {}).logits.dataSync();
        const text = textLogits(run.model.llm, batch).dataSync();
        for (const [index, value] of alone.entries()) expect(value).toBeCloseTo(text[index]!, 5);
        const shifted = predictTargets(run.model.llm, batch, context, { firstPosition: 2 }).logits.dataSync();
        expect(Array.from(shifted)).not.toEqual(Array.from(alone));
      });
    }
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });
});
