import type { Segment } from '../plan/segment-schema.js';
import { AccumulatedStep } from './accumulated-step.js';
import { ComparedStep } from './gradient-caching/compared-step.js';
import { comparisonOf } from './gradient-caching/comparison-of.js';
import type { SegmentLearner } from './run/segment-learner.js';
import type { TrainPlanOptions } from './run/train-options.js';
import { type AddingGroup, SharedStep } from './shared-step.js';
import type { TrainingGroup } from './sharing/training-group.js';
import { type OptimizerStep, TrainingStep } from './training-step.js';

/** The step that a segment takes, on one batch or on several, in one process or in several. */
export function createOptimizerStep(
  { parts, objective, learning, optimizer }: SegmentLearner,
  { name: segment, clipNorm, accumulate }: Segment,
  { recordSteps: record, onNote: onEager, group }: Pick<TrainPlanOptions, 'recordSteps' | 'onNote' | 'group'>,
): OptimizerStep {
  const options = { parts, objective, learning, optimizer, clipNorm, segment, record, onEager };
  const comparison = group ? objective.comparison : comparisonOf(objective, { accumulate });
  if (comparison) return new ComparedStep(options, comparison, accumulate, group);
  if (accumulate === 1 && group && addsInSteps(group)) return new SharedStep(options, group);
  if (group || accumulate > 1) return new AccumulatedStep(options, accumulate, group);
  return new TrainingStep(options);
}

const addsInSteps = (group: TrainingGroup): group is AddingGroup =>
  group.sumInStep !== undefined && group.explain !== undefined;
