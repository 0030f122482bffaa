import { SegmentTraining } from '../run/segment-training.js';
import type { TrainPlanOptions } from '../run/train-options.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { TrainingSession } from '../run/training-session.js';

/** What a segment will cost, in multiply-adds. */
export interface SegmentCost {
  readonly name: string;
  readonly steps: number;
  /** Forward and backward of one step. */
  readonly perStep: number;
  /** Of the training pictures into the feature cache, where the segment is the first to need them so. */
  readonly encoding: number;
  /** `steps * perStep + encoding` */
  readonly total: number;
}

export interface PlanCost {
  readonly segments: readonly SegmentCost[];
  readonly total: number;
}

/** What a run needs, less what only a real one does. */
export type TrialOptions = Omit<
  TrainPlanOptions,
  'logger' | 'checkpoints' | 'save' | 'resume' | 'featureCache' | 'onProgress' | 'metrics'
>;

/**
 * Training compute of a plan that runs to its end, found by one real step of each segment; the weights are
 * as before afterwards. Early stopping makes a run cheaper than this; gates and evaluations are not counted.
 */
export async function planMultiplyAdds(options: TrialOptions): Promise<PlanCost> {
  const environment = await TrainingEnvironment.create(options, { trial: true });
  const session = new TrainingSession(environment);
  const segments: SegmentCost[] = [];
  for (const segment of options.plan.segments) {
    const run = await SegmentTraining.create(session, segment);
    try {
      await run.takeStep();
      const { training: perStep, encoding } = run.multiplyAdds;
      const { name } = segment;
      segments.push({ name, steps: run.steps, perStep, encoding, total: run.steps * perStep + encoding });
    } finally {
      run.rollBack();
      run.dispose();
    }
    // In a real run the encoder would be another one from here on, and what was cached useless.
    if (run.learner.trainable.encoder) environment.features.forget();
  }
  return { segments, total: segments.reduce((sum, { total }) => sum + total, 0) };
}
