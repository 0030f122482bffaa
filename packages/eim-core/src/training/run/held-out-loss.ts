import type { Dataset, Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import type { RowCut } from '../../rows/row-tokens.js';
import { evaluationBatches } from '../data/evaluation-batches.js';
import { MemoryBudget } from '../data/memory-budget.js';
import { imagesPreprocessor } from '../data/picture-preprocessor.js';
import { PixelStore } from '../data/pixel-store.js';
import { findRowPictures } from '../data/row-pictures.js';
import { tokeniseRows } from '../data/tokenised-rows.js';
import { createCaptionObjective } from '../objectives/caption-objective.js';

export interface HeldOutLossOptions {
  readonly model: ModelParts;
  readonly dataset: Dataset;
  readonly split: string;
  readonly tokenizer: Tokenizer;
  /** Greatest length of a row in tokens. Absent: the longest row's. */
  readonly maxTokens?: number | undefined;
  /** What longer rows lose. @default 'answer-first' */
  readonly cutRows?: RowCut | undefined;
  /** Rows at a time. @default 32 */
  readonly batchSize?: number | undefined;
}

/**
 * Measures how probable a model finds the answers of a split; prompts are read and not counted.
 * @returns `loss` in nats for each token, and `perplexity`, its exponential
 * @example
 * const { loss, perplexity } = await heldOutLoss({ model, dataset, split: 'val', tokenizer });
 */
export async function heldOutLoss({
  model,
  dataset,
  split,
  tokenizer,
  maxTokens,
  cutRows,
  batchSize = 32,
}: HeldOutLossOptions): Promise<{ readonly loss: number; readonly perplexity: number }> {
  const rows = dataset.split(split);
  const pictures = findRowPictures(rows);
  // Each picture is looked at once, so none is kept.
  const pixels = new PixelStore(imagesPreprocessor, model.encoder.preprocessing, new MemoryBudget(0));
  const data = {
    rows,
    pictures,
    texts: tokeniseRows(rows, tokenizer, {
      maxTokens,
      cutRows,
      greatestLength: model.llm.contextLength - model.st.prefixLength + 1,
    }),
    padId: tokenizer.specialTokens.pad,
    images: pictures.pictures.length > 0 ? { pixels } : undefined,
  };
  const objective = createCaptionObjective({ labelSmoothing: 0 });
  const { loss, perplexity } = (await objective.evaluate!(model, evaluationBatches(data, batchSize), {
    training: false,
    random: createRandomStream('held out'),
  })) as { loss: number; perplexity: number };
  return { loss, perplexity };
}
