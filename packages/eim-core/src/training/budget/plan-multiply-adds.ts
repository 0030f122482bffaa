import type { Dataset, Row, Tokenizer } from '@eim/contracts';
import type { RowCut } from '../../rows/row-tokens.js';
import { splitRows } from '../data/split-rows.js';
import { tokeniseRows } from '../data/tokenised-rows.js';
import type { FeatureStore } from '../feature-cache/feature-store.js';
import { mayLackAnswers } from '../further-pictures/joined-dataset.js';
import { withFurtherPictures } from '../further-pictures/with-further-pictures.js';
import { type PlanCost, type PlanCostOptions, planCost } from './plan-cost.js';
import { type SplitShape, splitShapeOf } from './split-shape.js';

/** A plan over data at hand. */
export interface DataPlanCostOptions extends Omit<PlanCostOptions, 'split' | 'rows' | 'featureCache'> {
  readonly dataset: Dataset;
  readonly tokenizer: Tokenizer;
  /** The seed of the run. It decides the order of rows, and with it the lengths of batches. */
  readonly seed: number | string;
  /** Greatest row length in tokens, begin and end included. Absent: the longest row's. */
  readonly maxTokens?: number | undefined;
  /** What longer rows lose. @default 'answer-first' */
  readonly cutRows?: RowCut | undefined;
  /** Lengths that rows with prompts are padded to. @default [64, 128, 256, 512] */
  readonly textLengths?: readonly number[] | undefined;
  /** `'off'`: outputs of what is frozen are computed anew for every batch. Absent, or where a run keeps them: once. */
  readonly featureCache?: FeatureStore | 'off' | undefined;
}

/**
 * The cost of a plan over data: its texts are tokenised, no picture is read and no step taken.
 * @throws EimError as {@link planCost}; `invalid-config` where the data set lacks a split of the plan
 * @example
 * const { total } = await planMultiplyAdds({ model, plan, dataset, tokenizer, seed: 1, maxTokens: 26 });
 */
export async function planMultiplyAdds(given: DataPlanCostOptions): Promise<PlanCost> {
  const options = withFurtherPictures(given);
  const { dataset, tokenizer, model, seed, maxTokens, cutRows, textLengths } = options;
  const known = new Map<string, SplitShape>();
  const rows = (name: string): readonly Row[] => splitRows(dataset, name);
  const split = (name: string): SplitShape => {
    let shape = known.get(name);
    if (shape) return shape;
    // The last token of a row is predicted but never read.
    const greatestLength = model.llm.contextLength - model.st.prefixLength + 1;
    const texts = tokeniseRows(rows(name), tokenizer, {
      maxTokens,
      cutRows,
      lengths: textLengths,
      greatestLength,
      mayLackAnswers: mayLackAnswers(dataset, name),
    });
    shape = splitShapeOf(rows(name), { texts, seed, split: name, mixture: dataset.mixture?.(name) });
    known.set(name, shape);
    return shape;
  };
  const featureCache = options.featureCache === 'off' ? 'off' : undefined;
  return planCost({ ...options, featureCache, split, rows });
}
