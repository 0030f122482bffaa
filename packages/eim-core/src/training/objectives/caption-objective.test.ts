import { createRandomStream, crossEntropy, startEngine } from '@eim/engine';
import { type Tensor1D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { SegmentSplits } from '../run/segment-splits.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import {
  captionObjectiveOptionsSchema,
  createCaptionObjective,
  predictAnswers,
} from './caption-objective.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

it('ids that are supervised nowhere count nothing, wherever they stand', async () => {
  const run = tinyRun([tinySegment()]);
  const environment = await TrainingEnvironment.create(run.options);
  const [segment] = run.options.plan.segments;
  const given = await environment.objective(segment!, environment.random);
  const data = new SegmentSplits(environment, segment!, given);
  const context = { training: false, random: createRandomStream(1) };
  for await (const batch of evaluationBatches(await data.split('val'), 5)) {
    tidy(() => {
      const { logits, targets, weights } = predictAnswers(run.model, batch, context);
      const ids = targets.dataSync();
      const left = [ids[0]!, ids.at(-1)!];
      const kept = weights.dataSync().map((weight, at) => (left.includes(ids[at]!) ? 0 : weight));
      const lossOf = (unsupervisedIds: number[]) => {
        const options = captionObjectiveOptionsSchema.parse({ compat: { unsupervisedIds } });
        return createCaptionObjective(options).loss(run.model, batch, context).dataSync()[0]!;
      };
      const wanted = crossEntropy(logits, targets, tensor1d(kept) as Tensor1D, 0).dataSync()[0]!;
      expect(lossOf(left)).toBeCloseTo(wanted, 6);
      expect(lossOf([])).toBeCloseTo(crossEntropy(logits, targets, weights, 0).dataSync()[0]!, 6);
      expect(Math.abs(lossOf([]) - wanted)).toBeGreaterThan(1e-4);
    });
  }
  run.dispose();
});
