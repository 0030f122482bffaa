import type { Tensor } from '@eim/contracts/model';
import { learningParts } from '../apply-gradients.js';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import type { StepNumbers } from './numeric-failure.js';

/** What a step reports. @param report `[1 + parts]`, the loss and the gradient norm of each learning part; it is freed */
export async function readStepNumbers(
  report: Tensor,
  learning: readonly LearningParameter[],
): Promise<StepNumbers> {
  const [loss, ...norms] = await report.data();
  report.dispose();
  const byPart = learningParts(learning).map((part, index) => [part, norms[index]!]);
  return { loss: loss!, gradientNorms: Object.fromEntries(byPart) };
}
