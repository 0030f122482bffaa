import type { Segment } from '../plan/segment-schema.js';
import { AccumulatedStep } from './accumulated-step.js';
import type { SegmentLearner } from './run/segment-learner.js';
import type { TrainPlanOptions } from './run/train-options.js';
import { type OptimizerStep, TrainingStep } from './training-step.js';

/** The step that a segment takes, on one batch or on several. */
export function createOptimizerStep(
  { parts, objective, learning, optimizer }: SegmentLearner,
  { name: segment, clipNorm, accumulate }: Segment,
  { recordSteps: record, onNote: onEager }: Pick<TrainPlanOptions, 'recordSteps' | 'onNote'>,
): OptimizerStep {
  const options = { parts, objective, learning, optimizer, clipNorm, segment, record, onEager };
  return accumulate === 1 ? new TrainingStep(options) : new AccumulatedStep(options, accumulate);
}
