import { type CaptionDataset, EimError, type Tokenizer } from '@eim/contracts';
import { tokeniseCaptions } from '../data/caption-rows.js';
import { type PlanCost, type PlanCostOptions, planCost } from './plan-cost.js';
import { type SplitShape, splitShapeOf } from './split-shape.js';

/** A plan over data at hand. */
export interface DataPlanCostOptions extends Omit<PlanCostOptions, 'split'> {
  readonly dataset: CaptionDataset;
  readonly tokenizer: Tokenizer;
  /** Greatest caption length in tokens, begin and end included. Absent: the longest caption's. */
  readonly maxTokens?: number;
}

/**
 * The cost of a plan over data: its captions are tokenised, no picture is read and no step taken.
 * @throws EimError as {@link planCost}; `invalid-config` where the data set lacks a split of the plan
 */
export function planMultiplyAdds(options: DataPlanCostOptions): Promise<PlanCost> {
  const { dataset, tokenizer, maxTokens } = options;
  const known = new Map<string, SplitShape>();
  const split = (name: string): SplitShape => {
    const pictures = dataset.splits.includes(name) ? dataset.split(name) : [];
    if (pictures.length === 0) {
      throw new EimError({
        code: 'invalid-config',
        message: `The plan uses the split '${name}', of which the data set ${dataset.name} has no pictures.`,
        advice: `Its splits are ${dataset.splits.join(', ')}.`,
        data: { split: name, splits: dataset.splits },
      });
    }
    const shape =
      known.get(name) ?? splitShapeOf(tokeniseCaptions(pictures, tokenizer, maxTokens ? { maxTokens } : {}));
    known.set(name, shape);
    return shape;
  };
  return planCost({ ...options, split });
}
