import { createRandomStream, startEngine } from '@eim/engine';
import { memory, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { captionLogits, targetIds, textLogits } from '../../compose/caption-logits.js';
import { encodePictures } from '../../compose/encode-pictures.js';
import { injectPictures } from '../../compose/inject-pictures.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { createObjective } from '../run/create-objective.js';
import { SegmentData } from '../run/segment-data.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { predictTargets } from './predict-targets.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('predictTargets', () => {
  it('predicts what the composed model predicts from whole rows', async () => {
    const run = tinyRun([tinySegment()]);
    const environment = await TrainingEnvironment.create(run.options);
    const [segment] = run.options.plan.segments;
    const objective = await createObjective(segment!, run.model, environment.random);
    const data = new SegmentData(environment, segment!, objective, run.model);
    const context = { training: false, random: createRandomStream(1) };
    const tensors = memory().numTensors;
    for await (const batch of evaluationBatches(await data.split('val'), 5)) {
      tidy(() => {
        const features = encodePictures(run.model, batch);
        const injection = injectPictures(run.model.st, features, batch.captionsPerPicture);
        const { logits, targets, weights } = predictTargets(run.model.llm, batch, context, { injection });
        const expected = captionLogits(run.model, batch);
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
