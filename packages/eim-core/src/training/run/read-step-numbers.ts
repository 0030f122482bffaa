import type { Tensor } from '@eim/contracts/model';
import { learningParts } from '../apply-gradients.js';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import type { StepNumbers } from './numeric-failure.js';

/** What a step reports. @param report as `OptimizerStep.take` gives it; it is freed */
export async function readStepNumbers(
  report: Tensor,
  learning: readonly LearningParameter[],
): Promise<StepNumbers> {
  const [loss, ...norms] = await report.data();
  report.dispose();
  const parts = learningParts(learning);
  const byPart = parts.map((part, index) => [part, norms[index]!]);
  return { loss: loss!, gradientNorms: Object.fromEntries(byPart), stops: (norms[parts.length] ?? 0) > 0 };
}
